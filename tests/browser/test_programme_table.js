// A road map comes from the table of its order: doubtful rows are confirmed or corrected by hand before anything is loaded
// (S3.5-S3.21).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const made = scene("launch");
const table = (name) => readFileSync(new URL(`../tables/${name}`, import.meta.url));
const CSV = "text/csv";
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const code = `order-${made.region.replace(/\W+/g, "-")}`;
const figures = async (page, name) => (await page.getByRole("region", { name }).locator(".figures").innerText()).replace(/\s+/g, " ");
const row = (page, name) => page.getByRole("article", { name, exact: true });

async function give(page, label, name, content, mimeType) {
  await page.getByLabel(label).setInputFiles({ name, mimeType, buffer: Buffer.from(content) });
}

async function chooseWho(page, party, who, label = "Кто это в системе") {
  await page.getByRole("button", { name: `${label}: ${party}` }).click();
  await page.getByRole("option", { name: who, exact: true }).click();
}

test("S3.6-S3.16, S3.21: the order's table, where pages end inside of rows: confirmed, corrected, loaded", async () => {
  const page = await openAs(made.administrator);
  await page.goto(`${address}/programmes/load`);
  await give(page, "Загрузить файл", `${code}.csv`, table("cos-2024.csv"), CSV);
  await page.getByRole("heading", { name: "Сомнительные строки 2" }).waitFor();
  assert.match(await figures(page, "Что понято"), /Мероприятий 7 Надо подтвердить 2 Ждут графика 1 Срок прошёл \d Серий 1/);
  await checkAccessibility(page, "a table");
  await screenshot(page, "table-doubtful");
  // Nothing goes on while something is open.
  await page.getByRole("button", { name: "Показать, что изменится" }).click();
  const refusal = page.getByRole("alert").filter({ hasText: "Пока нельзя загрузить" });
  await refusal.getByText("Не подтверждены 2 строки: 3, 9").waitFor();
  await refusal.getByText("Строка 2: Не решено, кто это в системе: Региональный координатор").or(refusal.getByText("строка 2: Не решено, кто это в системе: Региональный координатор")).first().waitFor();
  assert.equal(await page.getByRole("heading", { name: "Что изменится" }).count(), 0);
  // A row that is emptied cannot be confirmed.
  const second = row(page, "Строка 3, 5: № 2.");
  await second.getByText("Строка продолжена на следующей: части соединены.").waitFor();
  const results = second.getByRole("textbox", { name: "Результат" });
  const [first] = (await results.inputValue()).split("\n");
  await results.fill("");
  await second.getByRole("button", { name: "Подтвердить строку" }).click();
  await second.getByText("Нужен хотя бы один результат.").waitFor();
  await results.fill(`${first}\n2. Распоряжение комитета общего и профессионального образования Ленинградской области (далее - распорядительный акт комитета)`);
  await second.getByRole("button", { name: "Подтвердить строку" }).click();
  await second.getByText("Подтверждена", { exact: true }).waitFor();
  // The next one has the focus.
  await page.locator("h3:focus").filter({ hasText: "Строка 9, 11: № 6." }).waitFor();
  await row(page, "Строка 9, 11: № 6.").getByRole("button", { name: "Подтвердить строку" }).click();
  await page.getByText("Все сомнительные строки подтверждены.").waitFor();
  await chooseWho(page, "Региональный координатор", "организация");
  await page.getByRole("textbox", { name: "Код организации: Региональный координатор" }).fill("нет-такого");
  await page.getByText("Организации с таким кодом нет.").waitFor();
  await page.getByRole("textbox", { name: "Код организации: Региональный координатор" }).fill(made.programme.schools[0]);
  await page.getByText("Организации с таким кодом нет.").waitFor({ state: "hidden" });
  await chooseWho(page, "Центр проектного сопровождения", "вне системы");
  await page.getByRole("textbox", { name: "Название программы" }).fill("Комплекс мер ЦОС");
  await page.getByRole("textbox", { name: "Код региона" }).fill(made.region);
  await checkAccessibility(page, "a confirmed table");
  await checkNarrow(page, "a confirmed table");
  await screenshot(page, "table-confirmed");
  await page.getByRole("button", { name: "Показать, что изменится" }).click();
  await page.getByRole("heading", { name: "Что изменится" }).waitFor();
  assert.match(await figures(page, "Что изменится"), /Добавится 9 Изменится 0 Уйдёт 0/);
  await page.getByRole("button", { name: "Загрузить программу" }).click();
  await page.getByText("Программа загружена, версия 1").waitFor();
  await page.getByRole("link", { name: "Открыть программу" }).click();
  const inside = page.getByRole("region", { name: "Комплекс мер ЦОС" });
  await inside.getByText("2. Распоряжение комитета общего и профессионального образования Ленинградской области (далее - распорядительный акт комитета)").waitFor();
  await closePage(page);
});

test("B17, S3.14: the amended table is the next version: its act stays, a corrected row is seen before it is loaded", async () => {
  const page = await openAs(made.administrator, { language: "en" });
  await page.goto(`${address}/programmes/load`);
  await give(page, "Load a file", `${code}.xlsx`, table("cos-2024.xlsx"), XLSX);
  await page.getByText("There are no doubtful rows.").waitFor();
  await page.getByText("The system has version 1 of this programme").waitFor();
  assert.equal(await page.getByRole("textbox", { name: "Title of the programme" }).inputValue(), "Комплекс мер ЦОС");
  const fourth = row(page, "Row 5: no. 4.");
  await fourth.getByRole("button", { name: "Correct row 5" }).click();
  await fourth.getByRole("button", { name: /Kind of due date/ }).click();
  await page.getByRole("option", { name: "From a day to a day" }).click();
  await fourth.getByLabel("First day").fill("2024-03-01");
  await fourth.getByRole("button", { name: "Confirm the row" }).click();
  await fourth.getByText("Name the first day, not after the last.").waitFor();
  await fourth.getByLabel("Last day").fill("2024-03-15");
  await fourth.getByRole("textbox", { name: "Result" }).fill("Реестр извещений и контрактов");
  await checkAccessibility(page, "a row in English");
  await screenshot(page, "table-row-en");
  await fourth.getByRole("button", { name: "Confirm the row" }).click();
  await fourth.getByText("from 01.03.2024 to 15.03.2024").or(fourth.getByText("from 01/03/2024 to 15/03/2024")).first().waitFor();
  await chooseWho(page, "Региональный координатор", "an organisation", "Who this is in the system");
  await page.getByRole("textbox", { name: "Code of the organisation: Региональный координатор" }).fill(made.programme.schools[0]);
  await chooseWho(page, "Центр проектного сопровождения", "outside the system", "Who this is in the system");
  await page.getByRole("button", { name: "Show what will change" }).click();
  await page.getByRole("heading", { name: "What will change" }).waitFor();
  assert.match(await figures(page, "What will change"), /Added 0 Changed 1 Retired 0/);
  await checkAccessibility(page, "a table's preview in English");
  // Back at the table everything is as it was left.
  await page.getByRole("button", { name: "Back to the table" }).click();
  await fourth.getByText("Реестр извещений и контрактов").waitFor();
  await page.getByRole("button", { name: "Show what will change" }).click();
  await page.getByRole("heading", { name: "What will change" }).waitFor();
  await page.getByRole("button", { name: "Load the programme" }).click();
  await page.getByText("The programme is loaded, version 2").waitFor();
  await closePage(page);
});

test("S3.21: a table that cannot be read says where and why", async () => {
  const page = await openAs(made.administrator);
  await page.goto(`${address}/programmes/load`);
  await give(page, "Загрузить файл", "wrong.csv", "План;;;\n№;Мероприятие;Ответственный;Результат\n1;а;б;в\n", CSV);
  await page.getByText("строка 2: В строке заголовков нет столбца (Срок)").waitFor();
  await checkAccessibility(page, "a table refused");
  await page.getByRole("button", { name: "Выбрать другой файл" }).click();
  await give(page, "Загрузить файл", "broken.xlsx", table("cos-2024.xlsx").subarray(0, 700), XLSX);
  await page.getByText("Файл повреждён").waitFor();
  await closePage(page);
});
