// Slices of the base report as a coordinator has them: taken, verified, compared, fetched, and by a schedule (S1.25, S1.26).
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const made = scene("plans");
const tile = (page, name) => page.locator(".tile").filter({ hasText: name }).locator("dd");
const rowsOf = (page) => page.locator(".data-table tbody tr:not([aria-hidden])");

async function fetched(page, link) {
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  return readFile(await download.path());
}

async function take(page) {
  await page.getByRole("button", { name: "Сделать срез" }).click();
  const dialog = page.getByRole("dialog", { name: "Сделать срез" });
  await dialog.getByRole("button", { name: "Сделать", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}

test("S1.25: a slice is taken, says what it is made of, and is made anew byte for byte", async () => {
  const page = await openAs(made.coordinator);
  await page.getByRole("link", { name: "Срезы" }).click();
  await page.getByRole("heading", { name: "Срезов пока нет" }).waitFor();
  await page.getByRole("button", { name: "Сделать срез" }).click();
  const dialog = page.getByRole("dialog", { name: "Сделать срез" });
  await dialog.getByLabel("На конец дня").fill("2001-01-01");
  await checkAccessibility(page, "taking a slice");
  await screenshot(page, "slice-take");
  await dialog.getByLabel("На конец дня").fill("");
  await dialog.getByRole("button", { name: "Сделать", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("Не проверялся").waitFor();
  await checkAccessibility(page, "slices");
  await checkNarrow(page, "slices");
  await screenshot(page, "slices");
  await rowsOf(page).first().getByRole("link", { name: /^№ 1 за/ }).click();
  await page.getByRole("heading", { name: /^Срез № 1 за \d{4} год$/, level: 1 }).waitFor();
  await tile(page, "Ждут решения (куратор)").getByText("2").first().waitFor();
  await page.getByRole("button", { name: "Проверить" }).click();
  await page.getByText("срез собран заново и совпал байт в байт").waitFor();
  await page.getByText("Из чего сделан срез").click();
  const facts = page.locator(".slice-inputs");
  await facts.getByText("версия 1").waitFor();
  const bytes = await fetched(page, page.getByRole("link", { name: "Файл среза" }));
  assert.match(bytes.toString("utf8"), /^path;organisation;/);
  await facts.getByText(createHash("sha256").update(bytes).digest("hex")).waitFor();
  await checkAccessibility(page, "a slice");
  await checkNarrow(page, "a slice");
  await screenshot(page, "slice");
  await closePage(page);
});

test("S1.26, S1.31: what has moved since an earlier slice, by school and direction, alone if wanted, also as a table", async () => {
  scene("judge", { operator: made.curator, assignment: made.measure, resolution: "Приложите программу с подписью" });
  const page = await openAs(made.coordinator);
  await page.goto(`${address}/reports/roadmaps?round=${made.round}`);
  await tile(page, "На доработке").getByText("1").first().waitFor();
  await page.goto(`${address}/reports/slices?round=${made.round}`);
  await take(page);
  const second = rowsOf(page).filter({ hasText: "№ 2 за" });
  await second.getByText("Не проверялся").waitFor();
  await second.getByRole("link").click();
  await page.getByRole("heading", { name: /^Срез № 2 за/, level: 1 }).waitFor();
  await page.getByRole("button", { name: /Сравнить с$/ }).click();
  await page.getByRole("option", { name: /^№ 1 за/ }).click();
  await tile(page, "На доработке").getByText("+1").waitFor();
  await page.getByRole("button", { name: made.municipalities[0] }).click();
  await page.getByRole("button", { name: "МБОУ «СОШ № 1» 1", exact: true }).click();
  await rowsOf(page).filter({ hasText: "Низкий уровень оснащения школы" }).getByText("+1").first().waitFor();
  await page.getByRole("button", { name: "Все организации" }).click();
  await page.getByRole("button", { name: /изменились$/ }).click();
  await page.getByText("1 строка").first().waitFor();
  await checkAccessibility(page, "two slices");
  await checkNarrow(page, "two slices");
  await screenshot(page, "slices-compared");
  await page.getByRole("button", { name: "В файл" }).click();
  const dialog = page.getByRole("dialog", { name: "Отчёт в файл" });
  await dialog.getByRole("button", { name: "Подготовить файл" }).click();
  const bytes = await fetched(page, dialog.getByRole("link", { name: /^Скачать/ }));
  assert.equal(bytes.subarray(0, 4).toString("latin1"), "PK\u0003\u0004");
  await closePage(page);
});

test("S1.25: a schedule is set by hand, and the list says when the next slice is taken", async () => {
  const page = await openAs(made.coordinator);
  await page.goto(`${address}/reports/slices?round=${made.round}`);
  await page.getByText("По расписанию срезы не делаются.").waitFor();
  await page.getByRole("button", { name: "Настроить расписание" }).click();
  const dialog = page.getByRole("dialog", { name: "Расписание срезов" });
  page.expected.push(/422/);
  await dialog.getByLabel("Раз в столько дней").fill("0");
  await dialog.getByRole("button", { name: "Сохранить" }).click();
  await dialog.getByText("Укажите, через сколько дней делать срезы: от 1 до 366.").waitFor();
  await dialog.getByRole("radio", { name: "По выбранным дням" }).click({ force: true });
  await dialog.getByLabel("День").fill("2040-03-31");
  await dialog.getByRole("button", { name: "Добавить" }).click();
  await dialog.getByRole("listitem").filter({ hasText: "31.03.2040" }).waitFor();
  await checkAccessibility(page, "the schedule of slices");
  await checkNarrow(page, "the schedule of slices");
  await screenshot(page, "slice-schedule");
  await dialog.getByRole("button", { name: "Сохранить" }).click();
  await page.getByText("Следующий по расписанию: 31.03.2040 18:00.").waitFor();
  await closePage(page);
});

test("S1.25, S1.26: accepted values and data provided have slices of their own, told side by side", async () => {
  const seen = scene("reports", { schools: 3 });
  const page = await openAs(seen.coordinator);
  await page.getByRole("link", { name: "Срезы" }).click();
  const choose = async (name) => {
    await page.getByRole("button", { name: /Отчёт$/ }).click();
    await page.getByRole("option", { name }).click();
  };
  await choose("Принятые значения");
  await take(page);
  await page.getByText("Не проверялся").waitFor();
  await choose("Предоставление данных");
  await page.getByRole("heading", { name: "Срезов пока нет" }).waitFor();
  await take(page);
  await page.getByText("Не проверялся").waitFor();
  scene("judge", { operator: seen.operator, assignment: seen.sent });
  await choose("Принятые значения");
  await take(page);
  await rowsOf(page).nth(1).waitFor();
  await checkAccessibility(page, "slices of values");
  await checkNarrow(page, "slices of values");
  await screenshot(page, "slices-of-values");
  await page.getByText("Не проверялся").nth(1).waitFor();
  await rowsOf(page).first().getByRole("link").click();
  await page.getByText("1 строка").waitFor();
  await page.getByRole("button", { name: "Проверить" }).click();
  await page.getByText("срез собран заново и совпал байт в байт").waitFor();
  await page.getByRole("button", { name: /Сравнить с/ }).click();
  await page.getByRole("option").nth(1).click();
  await page.getByText("Только изменившиеся").click();
  const row = rowsOf(page).first();
  await row.getByText("появилось").waitFor();
  await row.getByText("120").waitFor();
  await checkAccessibility(page, "a slice of values");
  await checkNarrow(page, "a slice of values");
  await screenshot(page, "slice-of-values");
  await page.goto(`${address}/reports/slices?round=${seen.round}&report=provided`);
  await rowsOf(page).first().getByRole("link").click();
  await page.getByText("6 строк").waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await screenshot(page, "slice-of-provided-390");
  await page.setViewportSize({ width: 1366, height: 768 });
  await screenshot(page, "slice-of-provided");
  await page.getByRole("button", { name: "Язык: English" }).click();
  await page.getByText("6 rows").waitFor();
  await checkAccessibility(page, "a slice of data provided in English");
  await closePage(page);
});
