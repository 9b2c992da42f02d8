// A respondent fills in, uploads, sends, corrects what was rejected, and prints the receipt
// (S2.18, S2.20-S2.22, S2.26-S2.31, S2.33-S2.36, S2.40-S2.44).
import assert from "node:assert/strict";
import { test } from "node:test";
import { pdf } from "./pdf.js";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const row = (page, question) => page.locator(".item a").filter({ has: page.getByText(question, { exact: true }) });
const details = (page) => page.locator(".desk-item");
const tab = (page, name) => page.getByRole("navigation", { name: "Показатели по состоянию" }).getByRole("link", { name });
const itemIdOf = (page) => new URL(page.url()).searchParams.get("item");

async function openItem(page, question) {
  await row(page, question).click();
  await details(page).getByRole("heading", { level: 2, name: question, exact: true }).waitFor();
}

const counted = (page, name, count) => tab(page, new RegExp(`^${name}\\s*${count}$`)).waitFor();

test("three kinds of values, a document, sending one by one and all at once, a rejection corrected and accepted", async () => {
  const { respondent, operator } = scene("everybody", { people: ["respondent", "operator"] });
  const page = await openAs(respondent);
  await page.getByText("Заполнено 0 из 6").waitFor();
  await page.getByText("осталось 9 дней").first().waitFor();
  await checkAccessibility(page, "the desk");
  await checkNarrow(page, "the desk");

  // A number: comma or point, thousands apart on leaving the field, the unit after it; kept by itself.
  await openItem(page, "Вопрос number");
  await details(page).getByText("Чтобы отправить, введите значение.").waitFor();
  const value = page.getByRole("textbox", { name: "Введите значение для показателя" });
  await value.fill("двенадцать");
  await value.blur();
  await details(page).getByText("Ожидается число, например 28,33").waitFor();
  await value.fill("1234567");
  await value.blur();
  assert.equal(await value.inputValue(), "1\u202f234\u202f567");
  await details(page).getByText("чел.", { exact: true }).waitFor();
  await details(page).getByText(/^Сохранено в \d\d:\d\d$/).waitFor();
  await details(page).getByText("Данные готовы к отправке на проверку").waitFor();

  // Yes or no; «Нет» needs no document, «Да» does.
  await openItem(page, "Вопрос yes-no-evidence");
  await page.getByText("Нет", { exact: true }).click();
  await details(page).getByText("документ не нужен").waitFor();
  await details(page).getByText("Данные готовы к отправке на проверку").waitFor();
  await page.getByText("Да", { exact: true }).click();
  await details(page).getByText("загрузите подтверждающий документ").waitFor();
  await details(page).getByText("Файл не загружен").waitFor();
  await page.locator(".desk-item input[type=file]").setInputFiles({ name: "Приказ.txt", mimeType: "text/plain", buffer: Buffer.from("x") });
  await details(page).getByText("«Приказ.txt» не PDF").waitFor();
  await page.locator(".desk-item input[type=file]").setInputFiles([{ name: "Приказ.pdf", mimeType: "application/pdf", buffer: pdf() },
    { name: "Испорчен.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 нет") }]);
  await details(page).getByText("1 страница, проверен").waitFor();
  page.expected.push(/422|400/);
  await details(page).getByText("Документ PDF повреждён").waitFor();
  await checkAccessibility(page, "an item with documents");
  await screenshot(page, "respondent-documents");
  await page.getByRole("button", { name: "Убрать сообщение: Испорчен.pdf" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Скачать файл: Приказ.pdf" }).click();
  assert.equal((await download).suggestedFilename(), "Приказ.pdf");

  // A percentage: its arithmetic, the warning, the confirmation.
  await openItem(page, "Вопрос percent");
  await page.getByRole("textbox", { name: "1. Ответ" }).fill("340");
  await page.getByRole("textbox", { name: "2. Ответ" }).fill("120");
  await details(page).getByText("340 / 120 = 283,33 %").waitFor();
  await details(page).getByText("Первое число (340) больше второго (120)").waitFor();
  await checkAccessibility(page, "a part over the whole");
  await screenshot(page, "respondent-percent");
  await page.getByRole("textbox", { name: "1. Ответ" }).fill("34");
  await details(page).getByText("34 / 120 = 28,33 %").waitFor();
  await page.getByRole("textbox", { name: "1. Ответ" }).fill("121");
  await page.getByText("Числа верны").click();
  await details(page).getByText("Данные готовы к отправке на проверку").waitFor();
  await row(page, "Вопрос percent").filter({ hasText: "121 / 120 = 100,83 %" }).waitFor();
  await page.getByText("Заполнено 3 из 6").waitFor();

  // One by one.
  await openItem(page, "Вопрос number");
  const numberId = itemIdOf(page);
  await details(page).getByRole("button", { name: "Отправить на проверку" }).click();
  await details(page).getByText("Ожидает проверки").waitFor();
  await counted(page, "На проверке", 1);
  await checkAccessibility(page, "an item in review");

  // All that is ready, with a summary before.
  await page.getByRole("button", { name: "Отправить всё готовое (2)" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("121 / 120 = 100,83 %").waitFor();
  await checkAccessibility(page, "the summary before sending");
  await screenshot(page, "respondent-send-all");
  await dialog.getByRole("button", { name: "Отправить (2)" }).click();
  await dialog.getByRole("heading", { name: "Отправлено 2 из 2" }).waitFor();
  await dialog.getByRole("button", { name: "Закрыть" }).click();
  await counted(page, "На проверке", 3);

  // The page follows the operator by itself; the resolution stands beside the field.
  scene("judge", { operator, assignment: numberId, resolution: "Уточните информацию" });
  await details(page).getByText(/Значение 1\s?234\s?567 отклонено/).waitFor();
  await details(page).getByText("Уточните информацию").waitFor();
  await counted(page, "Отклонённые", 1);
  await details(page).getByText("исправьте значение или документ").waitFor();
  await checkAccessibility(page, "a rejected item");
  await screenshot(page, "respondent-rejected");
  await value.fill("1 200");
  await page.keyboard.press("Control+Enter");
  await row(page, "Вопрос number").filter({ hasText: "1\u202f200" }).waitFor();
  await tab(page, /Отклонённые/).click();
  await openItem(page, "Вопрос number");
  await details(page).getByRole("button", { name: "Отправить на проверку" }).click();
  await details(page).getByText("Ожидает проверки").waitFor();
  scene("judge", { operator, assignment: numberId });
  await details(page).getByText("Новые данные ожидаются после").waitFor();
  await details(page).getByText(/Последние принятые данные: 1\s?200 чел. \(\d\d\.\d\d\.\d{4} - \d\d:\d\d:\d\d\)/).waitFor();
  await details(page).getByText("История значений").click();
  await details(page).locator(".difference").filter({ hasText: /1\s?234\s?567.*→.*1\s?200/ }).first().waitFor();
  await checkAccessibility(page, "an accepted item with its history");
  await screenshot(page, "respondent-accepted");

  await page.getByRole("link", { name: "Квитанция" }).click();
  await page.getByText(/SHA-256 [0-9a-f]{64}/).waitFor();
  await page.getByText("121 / 120 = 100,83 %").waitFor();
  await checkAccessibility(page, "the receipt");
  await checkNarrow(page, "the receipt");
  await screenshot(page, "respondent-receipt");
  await closePage(page);
});

test("an item is walked by keyboard alone, withdrawn, and reads well in English and on a phone", async () => {
  const { respondent } = scene("everybody", { people: ["respondent"] });
  const page = await openAs(respondent, { language: "en" });
  await page.getByText("0 of 6 filled in").waitFor();
  await page.keyboard.press("j");
  await details(page).getByRole("heading", { level: 2 }).waitFor();
  await page.waitForFunction(() => document.activeElement?.classList.contains("question"));
  await page.keyboard.press("e");
  await page.waitForFunction(() => document.activeElement?.tagName === "INPUT");
  await page.keyboard.type("12.5");
  await page.keyboard.press("Control+Enter");
  await details(page).getByText("A whole number is expected.").waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === "INPUT");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("12");
  await page.keyboard.press("Tab");
  await details(page).getByText("The data is ready to be sent for review").waitFor();
  await checkAccessibility(page, "an item in English");
  const send = details(page).getByRole("button", { name: "Send for review" });
  for (let step = 0; step < 12 && !(await send.evaluate((element) => element === document.activeElement)); step++) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await details(page).getByText("Waits for review").waitFor();
  await details(page).getByRole("button", { name: "Withdraw" }).focus();
  await page.keyboard.press("Enter");
  await details(page).getByText("The data is ready to be sent for review").waitFor();
  await page.keyboard.press("Shift+Slash");
  await page.getByRole("dialog").getByText("save and go to the next").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.keyboard.type("percent-evidence");
  await page.waitForFunction(() => document.querySelectorAll(".item").length === 1);
  await page.keyboard.press("Control+A");
  await page.keyboard.type("nothing of the kind");
  await page.getByText("Nothing matches these conditions").waitFor();
  await checkAccessibility(page, "an empty search");
  await page.getByRole("button", { name: "Clear the conditions" }).click();

  // A group opens and closes.
  const group = page.locator(".group-head button");
  await group.click();
  assert.equal(await page.locator(".item").count(), 0);
  await group.click();
  await checkNarrow(page, "an item");
  await page.setViewportSize({ width: 390, height: 844 });
  await screenshot(page, "respondent-item-phone");
  await page.getByRole("button", { name: "To the list" }).click();
  await page.locator(".item").first().waitFor();
  await checkAccessibility(page, "the list on a phone");
  await screenshot(page, "respondent-list-phone");
  await page.goto(`${address}/indicators/receipt`);
  await page.getByText("Nothing has been sent").waitFor();
  await checkAccessibility(page, "an empty receipt");
  await closePage(page);
});
