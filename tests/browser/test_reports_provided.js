// «Отчёт по предоставленным данным» down to a value; a page that changes by itself and one that stands still
// (S2.56-S2.62).
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const made = scene("reports");
const url = (query = "", organisation = "") => `${address}/reports/provided${organisation && `/${organisation}`}?round=${made.round}${query}`;
const rowsOf = (page) => page.locator(".data-table tbody tr:not([aria-hidden])");
const chip = (page, name) => page.getByRole("button", { name, exact: true });

async function report(page, query = "") {
  return page.evaluate(async (path) => (await fetch(path)).json(), `/api/v1/reports/provided?roundId=${made.round}${query}`);
}

test("counters, rows and reasons are those of the interface", async () => {
  const page = await openAs(made.coordinator);
  await page.goto(url());
  await chip(page, "59 данные отсутствуют").waitFor();
  const api = await report(page);
  assert.deepEqual([api.withData, api.withoutData], [1, 59]);
  const why = { never_logged_in: "никогда не входил", draft_not_sent: "черновик не отправлен с", rejected: "отклонено", not_begun: "вошёл, не начал" };
  const shown = await rowsOf(page).evaluateAll((rows) => rows.slice(0, 6).map((row) => [...row.querySelectorAll(":scope > :not(.select-cell)")].map((cell) => cell.textContent)));
  api.rows.filter((row) => row.filled === 0).slice(0, 6).forEach((row, index) => {
    const [name, place, filled, reason, , phone] = shown[index];
    assert.deepEqual([name, place, filled, phone.trim()], [row.shortName, row.municipalityName, `0 из ${row.total}`, row.contact.phone]);
    assert.ok(reason.startsWith(`Нет данных: ${why[row.reason]}`), reason);
    if (row.reasonAt) assert.match(reason, /\d\d\.\d\d\.20\d\d$/);
  });
  await chip(page, "1 данные имеются").click();
  await page.getByText("3 из 3").waitFor();
  await screenshot(page, "provided");
  await checkAccessibility(page, "report of provided data");
  await checkNarrow(page, "report of provided data");
  await closePage(page);
});

test("from the region to a municipality, an organisation, a value with its document", async () => {
  const page = await openAs(made.coordinator);
  await page.goto(url());
  await chip(page, "по муниципалитетам").click();
  await page.getByText("3 из 90").waitFor();
  await checkAccessibility(page, "municipalities");
  await page.getByRole("button", { name: made.municipalities[0].name }).click();
  await chip(page, "1 данные имеются").click();
  await page.getByRole("link", { name: /МБОУ «СОШ № 1»/ }).click();
  await page.getByRole("heading", { name: /^Просмотр значений: МБОУ «СОШ № 1» 1/ }).waitFor();
  await page.getByText("120 чел.").waitFor();
  await page.getByRole("button", { name: "Вопрос three" }).click();
  const details = page.locator(".details");
  await details.getByRole("link", { name: "Приказ.pdf" }).waitFor();
  await details.getByText(/Дата: \d\d\.\d\d\.\d{4} - \d\d:\d\d:\d\d$/).waitFor();
  const size = await page.evaluate(async (path) => (await (await fetch(path)).blob()).size, await details.getByRole("link", { name: "Приказ.pdf" }).getAttribute("href"));
  assert.ok(size > 100);
  await checkAccessibility(page, "values");
  await checkNarrow(page, "values");
  await screenshot(page, "values");
  await page.goto(url("", made.organisations[2]));
  await page.getByRole("button", { name: "Вопрос one" }).click();
  await details.getByText("Число больше, чем учеников в школе").waitFor();
  await page.getByRole("link", { name: "Отчёт по предоставленным данным" }).click();
  await page.getByRole("heading", { name: "Отчёт по предоставленным данным" }).waitFor();
  await closePage(page);
});

test("values as of a past month are another report, which stands still", async () => {
  const page = await openAs(made.coordinator);
  await page.goto(url());
  await chip(page, "59 данные отсутствуют").waitFor();
  await page.getByRole("button", { name: /Выбранные значения/ }).click();
  const past = page.getByRole("option", { name: /^До 01\.\d\d\.\d{4}$/ }).first();
  const label = await past.textContent();
  await past.click();
  await chip(page, "60 данные отсутствуют").waitFor();
  const day = new URL(page.url()).searchParams.get("values");
  assert.equal(label, `До ${day.split("-").reverse().join(".")}`);
  assert.equal((await report(page, `&values=as_of&asOf=${day}`)).withoutData, 60);
  assert.equal(await page.getByRole("button", { name: "Приостановить обновление" }).count(), 0);
  await closePage(page);
});

test("the page changes by itself when an operator decides, and stands still when paused", async () => {
  const page = await openAs(made.coordinator);
  await page.goto(url("&values=accepted&group=all"));
  const first = rowsOf(page).first();
  await first.getByText("0 из 3").waitFor();
  await page.getByText("Обновляется само").waitFor();
  // A reader who has scrolled is told, and brought there when asking for it.
  await page.locator(".table-scroll").evaluate((place) => place.scrollTo(0, 900));
  scene("judge", { operator: made.operator, assignment: made.sent });
  const pill = page.getByRole("button", { name: "Обновлена 1 строка" });
  await pill.waitFor();
  assert.equal(await page.locator(".table-scroll").evaluate((place) => place.scrollTop), 900);
  const box = await pill.boundingBox();
  assert.ok(box.y > 0 && box.y + box.height < page.viewportSize().height, `the pill is at ${box.y} px, out of sight`);
  await screenshot(page, "provided-pill");
  await pill.click();
  await first.getByText("1 из 3").waitFor();
  assert.equal(await pill.count(), 0);
  await chip(page, "1 данные имеются").waitFor();
  await page.getByRole("button", { name: "Приостановить обновление" }).click();
  scene("judge", { operator: made.operator, assignment: made.proven, resolution: "Не тот приказ" });
  await page.getByText("Накопилось 1 изменение").waitFor();
  scene("judge", { operator: made.operator, assignment: made.second });
  await page.getByText("Накопилось 2 изменения").waitFor();
  await first.getByText("1 из 3").waitFor();
  assert.equal((await report(page, "&values=accepted")).rows[0].filled, 2);
  await page.getByRole("button", { name: "Продолжить обновление" }).click();
  await first.getByText("2 из 3").waitFor();
  await closePage(page);
});

test("all rows go to paper, with the reasons and phones; English says the same", async () => {
  const page = await openAs(made.administrator, { language: "en" });
  await page.goto(url());
  await page.getByRole("button", { name: /^\d+ without data$/ }).waitFor();
  await checkAccessibility(page, "report of provided data in English");
  await chip(page, "60 in all").click();
  await page.emulateMedia({ media: "print" });
  await page.waitForFunction(() => document.querySelectorAll(".data-table tbody tr:not([aria-hidden])").length === 60);
  await screenshot(page, "provided-print-en");
  await page.emulateMedia({ media: "screen" });
  await page.goto(url("", made.organisations[0]));
  await page.getByRole("heading", { name: /^Values: / }).waitFor();
  await page.getByRole("button", { name: "Вопрос one" }).click();
  await checkAccessibility(page, "values in English");
  await closePage(page);
});

test("who answers for several regions sees whose each municipality is", async () => {
  scene("newcomer");
  const page = await openAs(made.administrator);
  await page.goto(url("&view=municipalities"));
  await page.getByRole("columnheader", { name: "Регион" }).waitFor();
  const cells = await rowsOf(page).evaluateAll((rows) => rows.map((row) => row.querySelectorAll(":scope > :not(.select-cell)")[1].textContent));
  assert.ok(cells.length === 2 && cells.every((text) => /^Область /.test(text)), cells.join());
  await page.getByRole("button", { name: /^Все муниципалитеты/ }).click();
  await page.getByRole("option", { name: `${cells[0]} — ${made.municipalities[0].name}` }).click();
  await page.getByText("30 строк").waitFor();
  await closePage(page);
});

test("S1.29: all values go out as a table: an organisation a row, an indicator a column", async () => {
  const page = await openAs(made.coordinator);
  await page.goto(url());
  await rowsOf(page).first().waitFor();
  await page.getByRole("button", { name: "В файл" }).click();
  const dialog = page.getByRole("dialog", { name: "Отчёт в файл" });
  await dialog.getByRole("radio", { name: "Значения всех показателей" }).click({ force: true });
  await dialog.getByRole("radio", { name: "Текст с разделителями (CSV)" }).click({ force: true });
  await checkAccessibility(page, "what goes into the file");
  await checkNarrow(page, "what goes into the file");
  await screenshot(page, "file-values");
  await dialog.getByRole("button", { name: "Подготовить файл" }).click();
  const link = dialog.getByRole("link", { name: /^Скачать/ });
  await link.waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  assert.match(download.suggestedFilename(), /^Значения показателей на \d\d\.\d\d\.\d{4}\.csv$/);
  const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
  const asked = await page.evaluate(async (path) => (await fetch(path)).json(), `/api/v1/reports/values?roundId=${made.round}`);
  assert.equal(lines.length, 1 + asked.rows.length);
  assert.ok(asked.columns.length > 0 && asked.columns.every((column) => lines[0].includes(column.question)), lines[0]);
  await closePage(page);
});
