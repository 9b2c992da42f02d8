// «Статистика»: bars, steps and their tables say what the interface says; a bar leads to its municipality (S2.52).
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const made = scene("reports");
const url = (query = "") => `${address}/statistics?round=${made.round}${query}`;
const cellsOf = (rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent));

test("charts and tables show the interface's numbers, and a bar leads to its municipality", async () => {
  const page = await openAs(made.coordinator);
  await page.goto(url());
  await page.getByRole("heading", { name: "По муниципалитетам" }).waitFor();
  const api = await page.evaluate(async (path) => (await fetch(path)).json(), `/api/v1/reports/statistics?roundId=${made.round}`);
  assert.equal(api.all.total, 180);
  await page.getByText(`Не заполнено ${api.all.empty}`, { exact: true }).waitFor();
  const spoken = await page.locator(".day-chart svg").getAttribute("aria-label");
  assert.match(spoken, /^Всего отправлено 4, принято 0, отклонено 1;/);
  const names = await page.locator("#by-place ~ .bar-list .bar-name a").allTextContents();
  assert.deepEqual(names, [made.municipalities[1].name, made.municipalities[0].name], "furthest behind first");
  await checkAccessibility(page, "statistics");
  await checkNarrow(page, "statistics");
  await screenshot(page, "statistics");
  await page.keyboard.press("t");
  await page.getByRole("table", { name: "По дням до срока, нарастающим итогом" }).waitFor();
  const days = await page.locator("#by-day ~ div tbody tr").evaluateAll(cellsOf);
  assert.deepEqual(days, api.days.map((one) => [one.day.split("-").reverse().join("."), `${one.sent}`, `${one.accepted}`, `${one.rejected}`]));
  const places = await page.locator("#by-place ~ div tbody tr").evaluateAll(cellsOf);
  const expected = [...api.municipalities].reverse().map((one) =>
    [one.name, ...[one.accepted, one.inReview, one.rejected, one.draft, one.empty, one.overdue, one.total].map(String)]);
  assert.deepEqual(places, expected);
  await checkAccessibility(page, "statistics as tables");
  await page.keyboard.press("t");
  await page.getByRole("link", { name: made.municipalities[0].name }).click();
  await page.getByRole("heading", { name: "Отчёт по предоставленным данным" }).waitFor();
  await page.getByRole("button", { name: "30 всего" }).waitFor();
  await closePage(page);
});

test("the charts follow an operator's verdict, and print in black and white", async () => {
  const page = await openAs(made.coordinator, { language: "en" });
  await page.goto(url());
  await page.getByText("Accepted 0", { exact: true }).first().waitFor();
  await page.locator(".live-word:not(.off)").waitFor();
  scene("judge", { operator: made.operator, assignment: made.sent });
  await page.getByText("Accepted 1", { exact: true }).first().waitFor();
  await checkAccessibility(page, "statistics in English");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".bar-list li").first().isVisible(), true);
  assert.equal(await page.locator(".toolbar").isVisible(), false);
  await screenshot(page, "statistics-print-en");
  await closePage(page);
});
