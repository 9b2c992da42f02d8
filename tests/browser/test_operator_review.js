// An operator checks by keys: the PDF in the page, accept, return with a kept resolution, many at once (S2.18, S2.39, S2.40, S2.43).
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const PUPILS = "Сколько детей занимается в кружках технической направленности";
const SHARE = "Сколько учителей повысили квалификацию";
const ORDER = "Сколько договоров о сетевой форме заключено";

const details = (page) => page.getByRole("region", { name: "Выбранный показатель" });
const rows = (page) => page.locator(".data-table tbody tr");

// Polls what no locator sees.
async function eventually(isTrue, what) {
  for (const until = Date.now() + 20_000; !(await isTrue());) {
    assert.ok(Date.now() < until, `in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
const position = (page, text) => details(page).getByText(text, { exact: true }).waitFor();

test("one by one with keys, in either keyboard layout", async () => {
  const { operator } = scene("queue");
  const page = await openAs(operator);
  await page.getByText("Ждут проверки 6 показателей · 0 в работе").waitFor();
  await screenshot(page, "operator-queue");
  await checkAccessibility(page, "queue");
  await checkNarrow(page, "queue");

  await page.keyboard.press("j");
  await position(page, "1 из 6");
  // The letter О stands on the key J.
  await page.evaluate(() => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "о", code: "KeyJ", bubbles: true, cancelable: true })));
  await position(page, "2 из 6");
  await details(page).getByText("34 / 120 = 28,33 %").waitFor();
  await page.keyboard.press("j");
  await details(page).getByRole("heading", { name: ORDER }).waitFor();
  const viewer = page.locator("iframe");
  await viewer.waitFor();
  assert.equal(await viewer.getAttribute("title"), "Документ: Приказ.pdf");
  // The browser's own viewer has taken the document: it is neither a download nor refused by our policy.
  await eventually(() => page.frames().some((frame) => frame.url().startsWith("chrome-extension://")), "the viewer");
  await screenshot(page, "operator-details");
  await checkAccessibility(page, "queue with an answer");
  await checkNarrow(page, "queue with an answer");

  await page.keyboard.press("k");
  await position(page, "2 из 6");
  await page.keyboard.press("Enter");
  await details(page).getByText("У вас в работе").waitFor();
  await page.keyboard.press("a");
  await page.getByText("Принято: МБОУ «СОШ № 1» 1").waitFor();
  await position(page, "2 из 5");
  await details(page).getByRole("heading", { name: ORDER }).waitFor();
  assert.equal(await rows(page).count(), 5);

  await page.keyboard.press("Shift+Slash");
  await page.getByRole("dialog", { name: "Клавиши" }).waitFor();
  await checkAccessibility(page, "list of keys");
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.keyboard.type("кружк");
  await page.locator(".table-count").getByText("2 строки").waitFor();
  // The address tells the whole state: a colleague's link opens the same.
  await page.waitForURL((link) => link.searchParams.get("item") !== null && link.searchParams.get("q") === "кружк");
  await page.reload();
  await page.locator(".table-count").getByText("2 строки").waitFor();
  await details(page).getByRole("heading", { name: ORDER }).waitFor();
  await closePage(page);
});

test("returned with a resolution that is kept for the next time", async () => {
  const { operator } = scene("queue");
  const page = await openAs(operator);
  await rows(page).first().waitFor();
  await page.keyboard.press("j");
  await position(page, "1 из 6");
  await page.keyboard.press("r");
  const reason = page.getByRole("textbox", { name: "Резолюция" });
  await reason.waitFor();
  await page.waitForFunction(() => document.activeElement.tagName === "TEXTAREA");
  await page.keyboard.press("Control+Enter");
  await page.getByText("Напишите, что исправить: без резолюции вернуть нельзя.").waitFor();
  await page.keyboard.type("Приложите приказ с подписью");
  await page.getByRole("button", { name: "Сохранить эту формулировку" }).click();
  await page.getByRole("button", { name: "Вставить: Приложите приказ с подписью" }).waitFor();
  await checkAccessibility(page, "return form");
  await screenshot(page, "operator-return");
  await reason.focus();
  await page.keyboard.press("Control+Enter");
  await page.getByText("Возвращено с резолюцией: МБОУ «СОШ № 1» 1").waitFor();
  await position(page, "1 из 5");

  await page.keyboard.press("r");
  await page.getByRole("button", { name: "Вставить: Приложите приказ с подписью" }).click();
  await page.waitForFunction(() => document.activeElement.tagName === "TEXTAREA");
  await page.keyboard.type(" директора");
  await page.keyboard.press("Control+Enter");
  await position(page, "1 из 4");

  await page.goto(`${new URL(page.url()).origin}/queue?state=rejected`);
  await page.locator(".table-count").getByText("2 строки").waitFor();
  await page.getByRole("link", { name: "МБОУ «СОШ № 1» 1" }).nth(1).click();
  await details(page).getByText("Приложите приказ с подписью директора").waitFor();
  await details(page).getByText("Уже возвращено исполнителю").waitFor();
  await closePage(page);
});

test("many at once, with a summary before it happens", async () => {
  const { operator, authors } = scene("queue");
  const page = await openAs(operator);
  await rows(page).first().waitFor();
  await page.getByRole("checkbox", { name: /^6 / }).press("Space");
  await page.getByRole("button", { name: "Принять 6 значений 2 организаций" }).click();
  const dialog = page.getByRole("dialog", { name: "Принять сразу несколько значений" });
  await dialog.getByText(PUPILS).waitFor();
  await dialog.getByText(SHARE).waitFor();
  await checkAccessibility(page, "summary of many");
  await screenshot(page, "operator-bulk");
  // Meanwhile one of them is sent anew: what is accepted is what was looked at.
  await page.route("**/api/v1/queue:accept", async (route) => {
    scene("send", { person: authors[0], item: "pupils", value: "777" });
    await route.continue();
  }, { times: 1 });
  await dialog.getByRole("button", { name: "Принять 6 значений" }).click();
  const done = page.getByRole("dialog", { name: "Готово" });
  await done.getByText("Принято 5 значений.").waitFor();
  await done.getByText(/прислал новую версию|отозвано исполнителем/).waitFor();
  await done.getByRole("button", { name: "Закрыть" }).click();
  await page.locator(".table-count").getByText("1 строка").waitFor();
  await page.getByText("777").waitFor();
  await closePage(page);
});

test("what was accepted before stands beside the value, with the change", async () => {
  const page = await openAs(scene("again").operator);
  const row = rows(page).filter({ hasText: "250 чел." });
  await row.getByText("+150,0 %").waitFor();
  await page.keyboard.press("j");
  await details(page).getByText("250", { exact: true }).waitFor();
  assert.match(await details(page).locator(".answer-before").textContent(), /: 100\s*\+150,0\u00a0?\s?%/);
  await checkAccessibility(page, "a value with what was accepted before");
  await screenshot(page, "operator-change");
  await closePage(page);
});
