// A report into a file: asked for on its page, fetched, found among the files, deleted (S1.29).
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const made = scene("plans");
const at = (path) => `${address}/reports/${path}?round=${made.round}`;

async function make(page, format) {
  await page.getByRole("button", { name: "В файл" }).click();
  const dialog = page.getByRole("dialog", { name: "Отчёт в файл" });
  await dialog.getByRole("radio", { name: format }).click({ force: true });
  await checkAccessibility(page, "file dialog");
  await dialog.getByRole("button", { name: "Подготовить файл" }).click();
  const link = dialog.getByRole("link", { name: /^Скачать/ });
  await link.waitFor();
  await screenshot(page, `file-${format.slice(0, 5)}`);
  return link;
}

async function fetched(page, link) {
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test("S1.29: the base report goes out as a table and as a document, statistics as text", async () => {
  const page = await openAs(made.coordinator);
  await page.goto(at("roadmaps"));
  await page.locator(".tile").first().waitFor();
  const table = await fetched(page, await make(page, "Таблица Excel (XLSX)"));
  assert.match(table.name, /^Базовый отчет по дорожным картам на \d\d\.\d\d\.\d{4}\.xlsx$/);
  assert.equal(table.bytes.subarray(0, 4).toString("latin1"), "PK\u0003\u0004");
  await page.getByRole("dialog").getByRole("button", { name: "Закрыть" }).click();
  const document = await fetched(page, await make(page, "Документ для чтения и печати (PDF)"));
  assert.match(document.name, /\.pdf$/);
  assert.equal(document.bytes.subarray(0, 5).toString("latin1"), "%PDF-");
  await page.getByRole("dialog").getByRole("button", { name: "Закрыть" }).click();
  await page.goto(at("measures"));
  await page.locator(".tile").first().waitFor();
  const text = await fetched(page, await make(page, "Текст с разделителями (CSV)"));
  const lines = text.bytes.toString("utf8").split("\r\n");
  assert.match(lines[0], /"Направление";"Мера";"Этап";"Школ"/);
  await page.getByRole("dialog").getByRole("link", { name: "Все файлы" }).click();
  await page.getByRole("heading", { name: "Файлы отчётов", level: 1 }).waitFor();
  const card = page.locator(".file-card").filter({ hasText: text.name });
  await card.first().waitFor();
  await checkAccessibility(page, "files");
  await checkNarrow(page, "files");
  await screenshot(page, "files");
  const before = await card.count();
  await card.first().getByRole("button", { name: /^Удалить/ }).click();
  const dialog = page.getByRole("dialog", { name: "Удалить файл?" });
  await checkAccessibility(page, "deleting a file");
  await dialog.getByRole("button", { name: "Удалить" }).click();
  await page.waitForFunction(([name, count]) => [...document.querySelectorAll(".file-card")].filter((one) => one.textContent.includes(name)).length === count,
    [text.name, before - 1]);
  await closePage(page);
});

test("I1: whoever reads a territory finds where BI tools read it, and what stands there is so", async () => {
  const page = await openAs(made.coordinator);
  await page.goto(`${address}/reports/files`);
  const section = page.getByRole("region", { name: "Таблицы для BI и своих программ" });
  await section.waitFor();
  const shown = await section.locator("dt code").allTextContents();
  assert.equal(shown.length, 7);
  for (const one of shown) {
    const status = await page.evaluate(async (url) => (await fetch(url, { headers: { Accept: "text/csv" } })).status, one);
    assert.equal(status, 200, one);
  }
  await checkAccessibility(page, "addresses for BI");
  await checkNarrow(page, "addresses for BI");
  await section.evaluate((element) => element.scrollIntoView());
  await screenshot(page, "files-bi");
  await page.getByRole("button", { name: "Язык: English" }).click();
  const english = page.getByRole("region", { name: "Tables for BI and programs of your own" });
  await english.waitFor();
  await checkAccessibility(page, "addresses for BI in English");
  await page.setViewportSize({ width: 390, height: 844 });
  await english.evaluate((element) => element.scrollIntoView());
  await screenshot(page, "files-bi-390");
  await closePage(page);
});
