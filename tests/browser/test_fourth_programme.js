// A programme that no line of code knows, from its file to the road map, through the pages alone
// (S1.9, S1.12, S2.18, S2.38, S3.5, S3.18).
import assert from "node:assert/strict";
import { test } from "node:test";
import { pdf } from "./pdf.js";
import { address, checkAccessibility, closePage, openAs, scene, screenshot } from "./support.js";

const made = scene("repair");
const day = (days) => new Date(Date.parse(`${made.today}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
const details = (page) => page.locator(".desk-item");
const place = (page, name) => page.getByRole("navigation", { name: "Меню" }).getByRole("link", { name });
let round;

async function openItem(page, question) {
  await page.locator(".item a").filter({ hasText: question }).click();
  await details(page).getByRole("heading", { level: 2, name: question }).waitFor();
}

test("the administrator loads the file and plans a round", async () => {
  const page = await openAs(made.administrator);
  await page.goto(`${address}/programmes/load`);
  const content = Buffer.from(JSON.stringify(made.file));
  await page.getByLabel("Загрузить файл").setInputFiles({ name: `${made.code}.json`, mimeType: "application/json", buffer: content });
  await page.getByRole("heading", { name: "Что изменится" }).waitFor();
  assert.match((await page.locator(".figures").innerText()).replace(/\s+/g, " "), /Добавится 5 Изменится 0 Уйдёт 0/);
  await page.getByRole("button", { name: "Загрузить программу" }).click();
  await page.getByText("Программа загружена, версия 1").waitFor();
  await page.goto(`${address}/rounds/new`);
  await page.getByRole("button", { name: /^Программа/ }).or(page.getByLabel("Программа")).first().click();
  await page.getByRole("option", { name: made.file.title }).click();
  await page.getByRole("textbox", { name: "Название периода" }).fill("Ремонт");
  await page.getByLabel("Открывается").fill(made.today);
  await page.getByLabel("Срок", { exact: true }).fill(day(300));
  await page.getByLabel("Новые данные ожидаются после").fill(day(330));
  await page.getByRole("button", { name: "Запланировать период" }).click();
  await page.getByRole("complementary", { name: "Ремонт" }).waitFor();
  await closePage(page);
  round = scene("opened", { programme: made.code, organisations: 1 });
  assert.equal(round.state, "open");
});

test("the school chooses the repair of its roof, names the day, fills in and sends", async () => {
  const page = await openAs(made.school);
  await place(page, "План работы").click();
  await page.getByRole("heading", { level: 1, name: "Виды работ" }).waitFor();
  await page.getByRole("button", { name: "Выбрать: Ремонт кровли" }).click();
  await page.getByRole("button", { name: "Назначить срок: Ремонт кровли" }).click();
  await page.getByLabel("День, когда планируется завершить работу").fill(day(60));
  await page.getByRole("dialog").getByRole("button", { name: "Активировать" }).click();
  await page.locator(".plan-card").filter({ hasText: "Ремонт кровли" }).getByText("Активировано", { exact: true }).waitFor();
  await checkAccessibility(page, "the plan of repairs");
  await place(page, "Показатели").click();
  await openItem(page, "Физический износ здания.");
  const value = page.getByRole("textbox", { name: "Введите значение для показателя" });
  await value.fill("35,5");
  await value.blur();
  await details(page).getByText("Данные готовы к отправке на проверку").waitFor();
  await details(page).getByRole("button", { name: "Отправить на проверку" }).click();
  await details(page).getByText("Ожидает проверки").waitFor();
  await openItem(page, "Приложите акт обследования здания.");
  await page.locator(".desk-item input[type=file]").setInputFiles({ name: "Акт.pdf", mimeType: "application/pdf", buffer: pdf() });
  await details(page).getByText("1 страница, проверен").waitFor();
  await details(page).getByRole("button", { name: "Отправить на проверку" }).click();
  await details(page).getByText("Ожидает проверки").waitFor();
  await screenshot(page, "repair-school");
  await closePage(page);
});

test("the operator accepts both, the coordinator sees the survey done in the road map", async () => {
  const page = await openAs(made.operator);
  await page.getByText(/^Ждут проверки 2 показателя/).waitFor();
  for (const _ of [1, 2]) {
    await page.locator(".data-table tbody tr a").first().click();
    const open = page.getByRole("region", { name: "Выбранный показатель" });
    await open.getByRole("button", { name: /^Принять/ }).first().waitFor();
    const left = await page.locator(".data-table tbody tr a").count();
    await open.getByRole("button", { name: /^Принять/ }).first().click();
    await page.locator(".data-table tbody tr a").nth(left - 1).waitFor({ state: "detached" });
  }
  await closePage(page);
  const watcher = await openAs(made.coordinator);
  await watcher.goto(`${address}/reports/roadmap?round=${round.roundId}`);
  const section = watcher.locator(".roadmap-table tbody tr").filter({ hasText: "Обследование здания" });
  await section.getByText("Выполнено").waitFor();
  await section.getByText("IV квартал").waitFor();
  await watcher.locator(".roadmap-table thead").getByText("Вид работ").waitFor();
  await checkAccessibility(watcher, "the road map of repairs");
  await screenshot(watcher, "repair-roadmap");
  await closePage(watcher);
});
