// The bell, the list behind it, letters by choice, and help with the old words (S2.3, S2.12, S2.18, S2.40).
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

test("a rejection is told, read, and leads to the value; letters are a choice", async () => {
  const { operator, authors } = scene("queue");
  const sent = scene("send", { person: authors[0], item: "plan", value: "yes" });
  scene("judge", { operator, assignment: sent.assignmentId, resolution: "Приложите план" });
  scene("judge", { operator, assignment: scene("send", { person: authors[0], item: "pupils", value: "9" }).assignmentId, resolution: "Проверьте число" });
  scene("notified", { person: authors[0], count: 2 });
  const page = await openAs(authors[0]);
  await page.getByRole("link", { name: "Уведомления: 2 непрочитанных" }).click();
  const list = page.getByRole("listitem").filter({ hasText: "Показатель отклонён" });
  await list.filter({ hasText: "Приложите план" }).waitFor();
  assert.equal(await list.count(), 2);
  await checkAccessibility(page, "notifications");
  await checkNarrow(page, "notifications");
  await screenshot(page, "notifications");
  await list.filter({ hasText: "Приложите план" }).getByRole("button", { name: /^Отметить прочитанным/ }).click();
  await page.getByRole("link", { name: "Уведомления: 1 непрочитанное" }).waitFor();
  await page.getByRole("link", { name: /^Непрочитанные/ }).click();
  await list.filter({ hasText: "Проверьте число" }).waitFor();
  assert.equal(await list.count(), 1);
  await page.getByRole("button", { name: "Отметить все прочитанными" }).click();
  await page.getByRole("link", { name: "Уведомления: непрочитанных нет" }).waitFor();
  await page.getByRole("heading", { name: "Непрочитанных нет" }).waitFor();

  await page.getByRole("link", { name: "Настройки" }).click();
  await checkAccessibility(page, "letters");
  const choice = page.getByRole("checkbox", { name: "Ответ возвращён с резолюцией" });
  assert.ok(await choice.isChecked());
  await choice.press("Space");
  await page.getByText("Сохранено", { exact: true }).waitFor();
  await page.reload();
  await choice.waitFor();
  assert.ok(!(await choice.isChecked()));

  await page.getByRole("link", { name: "Все", exact: true }).click();
  await list.first().getByRole("link", { name: "Исправить значение" }).click();
  await page.waitForURL(/\/indicators\?tab=rejected/);
  await closePage(page);
});

test("help opens at the section of the page, in both languages", async () => {
  const { operator } = scene("everybody");
  const page = await openAs(operator);
  await page.getByRole("heading", { name: "Очередь пуста" }).waitFor();
  await checkAccessibility(page, "an empty queue");
  await page.getByRole("link", { name: "Помощь" }).click();
  await page.getByRole("heading", { name: "3 Оператору: проверка" }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get("section"), "3");
  await page.getByText("В старой инструкции так названы два разных человека").waitFor();
  await checkAccessibility(page, "help");
  await checkNarrow(page, "help");
  await screenshot(page, "help");
  await page.getByRole("button", { name: "Язык: English" }).click();
  await page.getByRole("heading", { name: "3 For operators: review" }).waitFor();
  await checkAccessibility(page, "help in English");
  await closePage(page);
  const english = await openAs(operator, { language: "en" });
  for (const [path, title] of [["/queue", "Review queue"], ["/notifications", "Notifications"], ["/notifications?view=settings", "Notifications"]]) {
    await english.goto(address + path);
    await english.getByRole("heading", { level: 1, name: title }).waitFor();
    await checkAccessibility(english, `${path} in English`);
  }
  await closePage(english);
});
