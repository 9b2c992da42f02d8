// Organisations: found, read with their history, imported from CSV after a dry run with its errors in a table.
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const HEADER = "code;parent_code;kind;short_name;inn;valid_from";
const csv = (...rows) => ({ name: "организации.csv", mimeType: "text/csv", buffer: Buffer.from([HEADER, ...rows].join("\r\n") + "\r\n") });

test("a file with errors is not applied; without them it is, and the history shows it", async () => {
  const { administrator, region, municipality, municipalityCode, programme } = scene("launch");
  const page = await openAs(administrator);
  await page.getByRole("link", { name: "Организации" }).click();
  await page.getByRole("searchbox", { name: "Название или ИНН" }).fill(municipality);
  await page.getByRole("button", { name: municipality, exact: true }).click();
  await page.getByRole("complementary", { name: municipality }).getByText("Впервые в системе").waitFor();
  await checkAccessibility(page, "an organisation");
  await checkNarrow(page, "an organisation");
  await page.getByRole("link", { name: "Загрузить из CSV" }).click();
  await checkAccessibility(page, "the import");
  const school = programme.schools[0];
  const field = page.getByLabel("Файл CSV с организациями");
  await field.setInputFiles(csv(`${school};${municipalityCode};school;Лицей № 1;;2019-01-01`, `${municipalityCode}.9999;${municipalityCode};shop;Магазин;;2019-01-01`));
  const errors = page.getByRole("region", { name: "Ошибки в файле" });
  await page.getByRole("alert").filter({ hasText: "файл не применён" }).waitFor();
  const row = errors.getByRole("row").nth(1);
  assert.match(await row.innerText(), /^3\s+kind\s/);
  await checkAccessibility(page, "errors of an import");
  await checkNarrow(page, "errors of an import");
  await screenshot(page, "import-errors");
  await page.getByRole("button", { name: "Выбрать другой файл" }).click();
  await field.setInputFiles(csv(`${school};${municipalityCode};school;Лицей № 1;;2020-01-01`, `${municipalityCode}.9999;${municipalityCode};school;МБОУ «СОШ № 99»;;2019-01-01`));
  await page.getByText("Файл проверен, ошибок нет").waitFor();
  await screenshot(page, "import-good");
  await page.getByRole("button", { name: "Применить: новых 1, изменённых 1" }).click();
  await page.getByText("Организации загружены").waitFor();
  await page.getByRole("link", { name: "К организациям" }).last().click();
  await page.getByRole("searchbox", { name: "Название или ИНН" }).fill(region);
  await page.getByRole("button", { name: municipality, exact: true }).waitFor();
  await page.goto(`${address}/organisations?unfolded=${municipalityCode}`);
  await page.getByRole("button", { name: `Свернуть: ${municipality}` }).waitFor();
  await page.getByRole("button", { name: "Лицей № 1" }).click();
  const details = page.getByRole("complementary", { name: "Лицей № 1" });
  await details.getByText("01.01.2019 — 31.12.2019").waitFor();
  await details.getByText("01.01.2020 — по настоящее время").waitFor();
  await screenshot(page, "organisations");
  await page.getByLabel("На дату").fill("2019-06-01");
  await page.getByRole("button", { name: "Лицей № 1" }).waitFor({ state: "detached" });
  await closePage(page);
});
