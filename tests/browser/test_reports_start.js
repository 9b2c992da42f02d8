// «Отчёт о начале» as a coordinator has it: counters, rows to phone, search, past days, list to copy, paper (S2.53-S2.55, S2.62).
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const made = scene("reports");
const rowsOf = (page) => page.locator(".data-table tbody tr:not([aria-hidden])");
const url = (query = "") => `${address}/reports/start?round=${made.round}${query}`;

// What the interface says to the same person.
async function report(page, query = "") {
  return page.evaluate(async (path) => (await fetch(path)).json(), `/api/v1/reports/start?roundId=${made.round}${query}`);
}

test("counters and rows are those of the interface, each row with its person", async () => {
  const page = await openAs(made.coordinator);
  await page.goto(url());
  await page.getByRole("button", { name: /приступили|приступила/ }).first().waitFor();
  const api = await report(page);
  assert.deepEqual([api.notStarted, api.started, api.other], [56, 4, 0]);
  await page.getByRole("button", { name: "56 не приступили" }).waitFor();
  await page.getByRole("button", { name: "4 приступили" }).click();
  await page.getByText("4 строки").waitFor();
  const shown = await rowsOf(page).evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll(":scope > :not(.select-cell)")].map((cell) => cell.textContent)));
  const expected = api.rows.filter((row) => row.group === "started");
  assert.deepEqual(shown.map((cells) => cells.slice(0, 3)), expected.map((row) => [row.shortName, row.inn, row.municipalityName]));
  for (const cells of shown) assert.match(cells[3], /^Иванова Анна Петровна, Заместитель директора/);
  assert.equal(await rowsOf(page).first().getByRole("link", { name: "+7 351 555-12-34" }).getAttribute("href"), "tel:+73515551234");
  assert.equal(await rowsOf(page).first().getByRole("link", { name: "ivanova@demo.example" }).getAttribute("href"), "mailto:ivanova@demo.example");
  await checkAccessibility(page, "start report");
  await checkNarrow(page, "start report");
  await closePage(page);
});

test("search, sorting and municipality narrow the rows, and the address keeps them", async () => {
  const page = await openAs(made.coordinator);
  await page.goto(url("&group=all"));
  await page.getByText("60 строк").waitFor();
  await page.getByRole("searchbox").fill("27» сош");
  await page.getByText("2 строки").waitFor();
  await page.getByRole("searchbox").fill("");
  await page.getByRole("button", { name: "Организация" }).click();
  await page.getByRole("button", { name: /^Организация/ }).click();
  await page.locator("th[aria-sort=descending]").waitFor();
  assert.match(await rowsOf(page).first().locator("th").textContent(), /№ 30/);
  await page.getByRole("button", { name: /Муниципалитет/ }).first().click();
  await page.getByRole("option", { name: made.municipalities[1].name }).click();
  await page.getByText("30 строк").waitFor();
  await page.getByRole("button", { name: "30 не приступили" }).waitFor();
  await page.reload();
  await page.getByText("30 строк").waitFor();
  assert.ok(new URL(page.url()).searchParams.get("municipality"));
  await closePage(page);
});

test("a past day is shown as it was and stands still", async () => {
  const page = await openAs(made.coordinator);
  await page.goto(url("&asOf=2019-12-31"));
  const past = await report(page, "&asOf=2019-12-31");
  assert.equal(past.started, 0);
  await page.getByRole("button", { name: `${past.notStarted} не приступили` }).waitFor();
  await page.getByText("Как было в конце дня 31.12.2019.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Приостановить обновление" }).count(), 0);
  await page.getByRole("button", { name: "Показать сейчас" }).click();
  await page.getByRole("button", { name: "4 приступили" }).waitFor();
  await closePage(page);
});

test("the list of those behind goes to the clipboard, and all of it to paper", async () => {
  const page = await openAs(made.coordinator, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto(url());
  await page.getByText("56 строк").waitFor();
  await page.getByRole("button", { name: "Скопировать список отстающих" }).click();
  await page.getByText("Скопировано 56 строк").waitFor();
  const [text, html] = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    return Promise.all(["text/plain", "text/html"].map(async (type) => (await item.getType(type)).text()));
  });
  const lines = text.split("\n");
  assert.equal(lines.length, 57);
  assert.match(lines[0], /^Организация\tИНН\tМуниципалитет/);
  assert.match(lines[1], /\+7 351 555-00-01\tschool@demo\.example$/);
  assert.equal(html.match(/<tr>/g).length, 57);
  await page.emulateMedia({ media: "print" });
  await page.waitForFunction(() => document.querySelectorAll(".data-table tbody tr:not([aria-hidden])").length === 56);
  assert.equal(await page.locator(".top").isVisible(), false);
  const wide = await page.evaluate(() => document.querySelector(".data-table").scrollWidth - document.querySelector(".page").clientWidth);
  assert.ok(wide <= 0, `the table is ${wide} px wider than the paper`);
  await screenshot(page, "start-print");
  await page.emulateMedia({ media: null });
  const sheets = (await page.pdf({ preferCSSPageSize: true })).toString("latin1").match(/\/Type \/Page\b/g).length;
  assert.ok(sheets <= 2, `56 rows take ${sheets} sheets`);
  await closePage(page);
});

test("a municipal coordinator sees the own municipality, in English too", async () => {
  const page = await openAs(made.municipalCoordinator, { language: "en", width: 390, height: 844 });
  await page.goto(url());
  await page.getByRole("button", { name: "30 have not started" }).waitFor();
  await page.getByText("30 rows").waitFor();
  await checkAccessibility(page, "start report in English");
  await checkNarrow(page, "start report in English");
  await screenshot(page, "start-390-en");
  await closePage(page);
});
