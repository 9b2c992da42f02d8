// The administrator sends letters with access and sees what came back; a person follows the link, sets a password and is in
// (S2.13, S2.15).
import { test } from "node:test";
import { checkAccessibility, checkNarrow, closePage, openAs, openPage, scene, screenshot } from "./support.js";

test("a letter with access is sent, one comes back, and its link lets somebody in once", async () => {
  const made = scene("issued");
  const page = await openAs(made.administrator);
  await page.getByRole("link", { name: "Учётные записи" }).click();
  await page.getByRole("link", { name: "Письма с доступом" }).click();
  await page.getByRole("searchbox").fill(made.region);
  const rows = page.getByRole("list", { name: "Письма с доступом" }).getByRole("listitem");
  for (const login of [made.nobody, made.school]) {
    await rows.filter({ hasText: login }).getByText("Без письма").waitFor();
    await page.getByRole("button", { name: `Отправить письмо: ${login}` }).click();
    await page.getByText("Отправляем 1 письмо.").waitFor();
  }
  await rows.filter({ hasText: made.school }).getByText("Отправлено").waitFor();
  await rows.filter({ hasText: made.nobody }).getByText("550 5.1.1 no such mailbox").waitFor();
  await checkAccessibility(page, "letters with access");
  await checkNarrow(page, "letters with access");
  await screenshot(page, "access-letters");

  const { link } = scene("access_link", { address: made.address });
  const entry = await openPage();
  await entry.goto(link);
  await entry.getByText("Вы перешли по ссылке из письма").waitFor();
  if (new URL(entry.url()).hash !== "") throw new Error("the code stays in the address bar");
  await checkAccessibility(entry, "coming by the link");
  await screenshot(entry, "access-entry");
  await entry.getByRole("button", { name: "Войти", exact: true }).click();
  await entry.getByRole("heading", { name: "Задайте свой пароль" }).waitFor();
  await entry.getByRole("textbox", { name: "Новый пароль", exact: false }).first().fill("Тихий-вечер-над-Миассом-27");
  await entry.getByRole("textbox", { name: "Новый пароль ещё раз" }).fill("Тихий-вечер-над-Миассом-27");
  await checkAccessibility(entry, "a password of one's own");
  await entry.getByRole("button", { name: "Сохранить пароль" }).click();
  await entry.getByRole("heading", { name: "Расскажите, кто вы" }).waitFor();
  await closePage(entry);

  const again = await openPage();
  again.expected.push(/status of 4/);
  await again.goto(link);
  await again.getByRole("button", { name: "Войти", exact: true }).click();
  await again.getByRole("alert").waitFor();
  await closePage(again);
  await page.getByRole("button", { name: "Язык: English" }).click();
  await page.getByRole("heading", { name: "Letters with access" }).waitFor();
  await checkAccessibility(page, "letters with access in English");
  await page.setViewportSize({ width: 390, height: 844 });
  await screenshot(page, "access-letters-390");
  await closePage(page);
});
