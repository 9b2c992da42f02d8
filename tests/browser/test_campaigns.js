// A coordinator writes the monthly mailing, sees its table and whom it reaches, sends it, stops it, lets it go on, and
// sees what came back and why (S2.3, S2.5).
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const SCHOOLS = 100;
// Both municipalities together, of which one school has no address and one a wrong one.
const LETTERS = 2 * SCHOOLS - 1;

async function write(page, made) {
  await page.getByRole("link", { name: "Рассылка" }).click();
  await page.getByText("Рассылок пока нет").waitFor();
  await checkAccessibility(page, "no mailings yet");
  await page.getByRole("button", { name: "Составить рассылку" }).click();
  const table = page.getByRole("table", { name: "Показатели, необходимые к заполнению" });
  await table.getByRole("row").filter({ hasText: "Все общеобразовательные организации" }).getByRole("cell", { name: "2", exact: true }).waitFor();
  await table.getByRole("row").filter({ hasText: "Все МОУО" }).getByRole("cell", { name: "1", exact: true }).waitFor();
  await table.getByRole("row").filter({ hasText: "Итого" }).getByRole("cell", { name: "3", exact: true }).waitFor();
  await page.getByText(`${LETTERS} адресов`).waitFor();
  await page.getByRole("textbox", { name: "Вступление" }).fill("Уважаемые коллеги, просим внести данные.");
  await page.getByText("Выбранные: 0").click();
  await page.getByRole("checkbox", { name: made.municipality }).waitFor();
  await checkAccessibility(page, "choosing a municipality");
  await page.getByText("Вся моя территория").click();
  await page.getByRole("button", { name: "Сохранить черновик" }).click();
  await page.locator(".campaign-letter").getByText("Уважаемые коллеги, просим внести данные.").waitFor();
  await page.getByText("нет адреса").click();
  await checkAccessibility(page, "a draft");
  await checkNarrow(page, "a draft");
  await screenshot(page, "campaign-draft");
}

async function send(page) {
  await page.getByRole("button", { name: "Проверить и отправить" }).click();
  const dialog = page.getByRole("dialog", { name: `Отправить ${LETTERS} писем?` });
  await dialog.getByText("На каждый адрес уйдёт одно письмо").waitFor();
  await checkAccessibility(page, "before sending");
  await dialog.getByRole("button", { name: "Отправить", exact: true }).click();
  await page.getByRole("button", { name: "Остановить отправку" }).click();
  await page.getByText("Остановлена", { exact: true }).waitFor();
  await screenshot(page, "campaign-stopped");
  await checkAccessibility(page, "a stopped mailing");
  await page.getByRole("button", { name: "Продолжить отправку" }).click();
  await page.getByText(`Готово ${LETTERS} из ${LETTERS} писем`).waitFor();
  await page.locator("main").getByText("Отправлена", { exact: true }).waitFor();
}

test("a mailing is written, sent, stopped, let go on, and told of letter by letter", async () => {
  const made = scene("asked", { schools: SCHOOLS });
  scene("mail_server", { slow: true });
  const page = await openAs(made.coordinator);
  await write(page, made);
  await send(page);
  const { received } = scene("mail_server");
  const region = made.school.split(".")[0];
  const mine = Object.entries(received).filter(([address]) => address.startsWith(`${region}-`));
  assert.deepEqual([mine.length, mine.every(([, count]) => count === 1)], [LETTERS - 1, true]);

  const letters = page.getByRole("region", { name: "Письма" });
  await letters.getByRole("button", { name: /Состояние письма/ }).click();
  await page.getByRole("option", { name: "Не доставлено" }).click();
  await letters.getByText("1 письмо").waitFor();
  await letters.getByText(made.nobody).waitFor();
  await letters.getByText("550 5.1.1 no such mailbox").waitFor();
  await screenshot(page, "campaign-failed");
  await page.getByRole("button", { name: "Повторить 1 письмо" }).waitFor();
  await letters.getByRole("button", { name: /Состояние письма/ }).click();
  await page.getByRole("option", { name: "Все состояния" }).click();
  await letters.getByRole("searchbox").fill(made.school);
  await letters.getByText("1 письмо").waitFor();
  await letters.getByRole("listitem").getByText("Отправлено").waitFor();
  await checkAccessibility(page, "a mailing that was sent");
  await checkNarrow(page, "a mailing that was sent");
  await screenshot(page, "campaign-sent");
  await page.getByRole("link", { name: "Рассылка" }).click();
  await page.getByText(`Отправлено ${LETTERS - 1} из ${LETTERS}`).waitFor();
  await screenshot(page, "campaigns");
  await page.getByRole("button", { name: "Язык: English" }).click();
  await page.getByText(`${LETTERS - 1} of ${LETTERS} sent`).waitFor();
  await checkAccessibility(page, "mailings in English");
  await page.setViewportSize({ width: 390, height: 844 });
  await screenshot(page, "campaigns-390");
  await closePage(page);
});

test("a mailing comes again with the next period: prepared by itself, told of, and sent with one click", async () => {
  const made = scene("asked", { schools: 4 });
  const page = await openAs(made.coordinator);
  await page.getByRole("link", { name: "Рассылка" }).click();
  await page.getByRole("button", { name: "Составить рассылку" }).click();
  const repeat = page.getByRole("region", { name: "Повторять каждый период" });
  await repeat.getByText("Приготовить и отправить самой").click();
  await repeat.getByRole("button", { name: /Отправлять не раньше/ }).click();
  await page.getByRole("option", { name: "9:00", exact: true }).click();
  await checkAccessibility(page, "a mailing that is to be repeated");
  await checkNarrow(page, "a mailing that is to be repeated");
  await repeat.getByRole("button", { name: "Сохранить повторение" }).click();
  await page.getByText("Сохранено").waitFor();
  await repeat.getByText(/Настроено: /).waitFor();
  await page.reload();
  assert(await repeat.getByRole("radio", { name: "Приготовить и отправить самой" }).isChecked());
  await repeat.getByText("Приготовить черновик и сообщить мне").click();
  await repeat.getByRole("button", { name: "Сохранить повторение" }).click();
  await page.getByText("Сохранено").waitFor();
  await repeat.scrollIntoViewIfNeeded();
  await screenshot(page, "campaign-repeat");

  scene("next_round", { round: made.round, name: "Следующий период" });
  await page.getByRole("link", { name: "Рассылка" }).click();
  const entry = page.getByRole("listitem").filter({ hasText: "Следующий период" });
  await entry.getByText("Ждёт отправки").waitFor();
  await entry.getByText("Приготовлена сама").waitFor();
  await checkAccessibility(page, "a mailing that waits");
  await screenshot(page, "campaigns-prepared");
  await page.goto(`${address}/notifications`);
  const notice = page.getByRole("listitem").filter({ hasText: "Рассылка готова: Следующий период" });
  await screenshot(page, "campaign-notice");
  await notice.getByRole("link", { name: "Открыть рассылки" }).click();
  await entry.getByRole("link").click();
  await page.getByRole("button", { name: "Проверить и отправить" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Отправить", exact: true }).click();
  await page.locator("main").getByText("Отправлена", { exact: true }).waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await repeat.scrollIntoViewIfNeeded();
  await screenshot(page, "campaign-repeat-390");
  await closePage(page);
});
