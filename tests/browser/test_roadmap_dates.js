// A road map with its dates on a line: what is owed, at risk, done; the operator names the day of a schedule (S3.5, S3.14).
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const made = scene("roadmap");
const url = (query = "") => `${address}/reports/roadmap?round=${made.round}${query}`;
const row = (page, title) => page.locator(".roadmap-table tbody tr").filter({ hasText: title }).first();
const day = (days) => new Date(Date.parse(`${made.today}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
const written = (iso) => iso.split("-").reverse().join(".");

test("S3.5, S3.14-S3.16, S3.18: the columns of the document, results with their states, a debt by its owner's name", async () => {
  const page = await openAs(made.coordinator);
  await page.getByRole("link", { name: "Дорожная карта" }).click();
  await page.goto(url());
  await page.getByText("Нет графика: Центр проектного сопровождения").waitFor();
  const heads = await page.locator(".roadmap-table thead th").allTextContents();
  assert.deepEqual(heads, ["№", "Мероприятие", "Ответственный", "Меры", "Срок", "Состояние"]);
  await row(page, "Утверждено должностное лицо").getByText("Выполнено").waitFor();
  const owed = row(page, "Сформирован и утверждён перечень");
  await owed.getByText("Согласно отдельному графику Центра проектного сопровождения").waitFor();
  await owed.getByText("Дата не названа").waitFor();
  assert.equal(await owed.locator(".results li").count(), 2);
  await owed.getByText("вне системы").waitFor();
  // Only those who may name the day are offered to.
  assert.equal(await page.getByRole("button", { name: /дату/ }).count(), 0);
  await page.getByText("Контрольные точки 4, 5").waitFor();
  await checkAccessibility(page, "road map");
  await checkNarrow(page, "road map");
  await screenshot(page, "roadmap");
  await closePage(page);
});

test("S3.14: the day that a schedule's owner has named, with its grounds, then moves the line", async () => {
  const watcher = await openAs(made.coordinator);
  await watcher.goto(url());
  const line = watcher.getByRole("img", { name: /^Сроки мероприятий с/ });
  await line.getByText("дата не названа").waitFor();
  await line.getByText(`сегодня ${written(made.today)}`).waitFor();
  const page = await openAs(made.operator);
  await page.goto(url());
  await page.getByRole("button", { name: "Указать дату мероприятия 2." }).click();
  const dialog = page.getByRole("dialog", { name: "Дата по графику" });
  await dialog.getByRole("button", { name: "Назначить дату" }).click();
  await dialog.getByText("Укажите день.").waitFor();
  await dialog.getByLabel(/^Последний день/).fill(day(60));
  await dialog.getByRole("textbox", { name: /^Основание/ }).fill("График центра № 5");
  await checkAccessibility(page, "naming a day");
  await screenshot(page, "schedule");
  await dialog.getByRole("button", { name: "Назначить дату" }).click();
  await row(page, "Сформирован и утверждён перечень").getByText(written(day(60))).waitFor();
  await page.getByRole("button", { name: "Перенести дату мероприятия 2." }).waitFor();
  await watcher.reload();
  await watcher.getByRole("img", { name: /^Сроки мероприятий с/ }).getByText(written(day(60)).slice(0, 5)).waitFor();
  assert.equal(await watcher.getByText("Нет графика: Центр проектного сопровождения").count(), 0);
  await closePage(page);
  await closePage(watcher);
});

test("S3.18, S3.19, S3.20: what the late one puts at risk, in English, narrow and on paper", async () => {
  const page = await openAs(made.coordinator, { language: "en", colorScheme: "dark", width: 390, height: 844 });
  await page.goto(url());
  await page.getByRole("heading", { name: "Due dates on a line" }).waitFor();
  await row(page, "Утверждён перечень организаций").locator(".state").getByText("Late").waitFor();
  await row(page, "Обучены учителя").getByText("At risk").waitFor();
  await row(page, "Обучены учителя").getByText("because of no. 6").waitFor();
  await page.getByRole("img", { name: /^Due dates of the measures/ }).getByText("at risk because of no. 6").waitFor();
  await checkAccessibility(page, "road map in English");
  await checkNarrow(page, "road map in English");
  await screenshot(page, "roadmap-390-dark-en");
  await page.emulateMedia({ media: "print", colorScheme: "light" });
  await page.setViewportSize({ width: 1030, height: 720 });
  const wide = await page.evaluate(() => document.querySelector(".roadmap-table").scrollWidth - document.querySelector(".page").clientWidth);
  assert.ok(wide <= 0, `the table is ${wide} px wider than the paper`);
  await screenshot(page, "roadmap-print");
  await closePage(page);
});
