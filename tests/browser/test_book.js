// The reference book of a programme, as the administrator reads it, changes it and saves it without a file.
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const made = scene("plans");
const at = `${address}/programmes/book?programme=${made.programme}`;
const save = (page) => page.getByRole("region", { name: /^Сохранить как версию/ });

async function openBook(options) {
  const page = await openAs(made.administrator, options);
  await page.goto(at);
  await page.getByRole("heading", { level: 1, name: options?.language === "en" ? /^Reference book/ : /^Справочник:/ }).waitFor();
  return page;
}

test("S1.8, S1.11, S1.15: the book reads as a list, is changed, and is saved as the next version after its difference was seen", async () => {
  const page = await openBook();
  await page.getByText("Низкий уровень оснащения школы").click();
  await page.getByText("Антирисковая программа").waitFor();
  await page.getByText("значимость: высокая").waitFor();
  await page.getByText("столбцы: «Факторы риска», «Краткое описание мер»").waitFor();
  await checkAccessibility(page, "the book");
  await checkNarrow(page, "the book");
  await screenshot(page, "book");

  await page.getByRole("button", { name: "Изменить", exact: true }).click();
  await page.getByRole("button", { name: "Ниже: Низкий уровень оснащения школы" }).click();
  await page.getByRole("button", { name: "Низкий уровень оснащения школы", exact: true }).click();
  const direction = page.getByRole("group", { name: "Низкий уровень оснащения школы" });
  await direction.getByRole("button", { name: /Значимость/ }).click();
  await page.getByRole("option", { name: "низкая" }).click();
  const measure = page.getByRole("group", { name: "Антирисковая программа" });
  await measure.getByLabel("Документ", { exact: true }).fill("Программа с подписью, PDF");
  await page.getByRole("button", { name: "Больше не спрашивать: Факторы риска и меры" }).click();
  await page.getByRole("button", { name: "Добавить меру" }).click();
  const fresh = page.getByRole("group", { name: "Без названия" });
  await fresh.getByLabel("Что спрашивается").fill("Договор с вузом");
  await page.getByRole("button", { name: "Добавить направление" }).click();
  await page.getByRole("group", { name: "Без названия" }).getByLabel("Название", { exact: true }).fill("Ветхие здания");
  await checkAccessibility(page, "the book while it is edited");
  await checkNarrow(page, "the book while it is edited");
  await screenshot(page, "book-editing");

  // Nothing typed is lost with the page.
  await page.reload();
  await page.getByRole("button", { name: "Ветхие здания", exact: true }).waitFor();

  await save(page).getByRole("button", { name: "Показать, что изменится" }).click();
  await save(page).getByText("Напишите, каким документом введена эта версия.").waitFor();
  await save(page).getByLabel("Основание").fill("распоряжение 12.04.2021 № 7-р");
  await save(page).getByLabel("Год, на который действует справочник").fill("2022");
  // A measure without the name of its document is refused by the place where it stands.
  page.expected.push(/422/);
  await save(page).getByRole("button", { name: "Показать, что изменится" }).click();
  await save(page).getByText("«Низкий уровень оснащения школы» → «Договор с вузом»").waitFor();
  await page.getByRole("button", { name: "Низкий уровень оснащения школы", exact: true }).click();
  await page.getByRole("group", { name: "Договор с вузом" }).getByLabel("Документ", { exact: true }).fill("Договор");
  await save(page).getByRole("button", { name: "Показать, что изменится" }).click();
  const difference = save(page).getByRole("region", { name: "Что изменится" });
  await difference.getByText("разделы стоят в другом порядке").waitFor();
  for (const words of ["Значимость: высокая → низкая", "Документ: Программа, PDF → Программа с подписью, PDF", "Больше не спрашивается: Факторы риска и меры",
    "Добавлено: Договор с вузом", "Добавлено: Ветхие здания"])
    await difference.getByText(words).first().waitFor();
  await checkAccessibility(page, "the difference");
  await screenshot(page, "book-difference");
  await save(page).getByRole("button", { name: "Сохранить версию 2" }).click();
  await page.getByText("Версия 2 сохранена.").waitFor();
  await page.getByText("распоряжение 12.04.2021 № 7-р").first().waitFor();
  await page.getByText("2022 год").first().waitFor();
  await page.getByRole("button", { name: "Что изменено в версии 2" }).click();
  const versions = page.getByRole("region", { name: "Версии" });
  await versions.getByText("Добавлено: Договор с вузом").waitFor();
  await versions.getByText("Первая версия").waitFor({ state: "hidden" });
  await closePage(page);
});

test("S1.11: who edits an older version than the one that counts sees the difference from it before saving", async () => {
  const page = await openBook();
  await page.getByRole("button", { name: "Изменить", exact: true }).click();
  await page.getByRole("button", { name: "Ветхие здания", exact: true }).click();
  await page.getByRole("group", { name: "Ветхие здания" }).getByLabel("Название", { exact: true }).fill("Старые здания");
  const other = scene("reload", { programme: made.programme, title: "Дефицит кадров" });
  assert.equal(other.version, 3);
  await save(page).getByLabel("Основание").fill("распоряжение № 8-р");
  page.expected.push(/412/);
  await save(page).getByRole("button", { name: "Показать, что изменится" }).click();
  await save(page).getByText("Пока вы правили, справочник изменил кто-то другой: сейчас версия 3.").waitFor();
  await save(page).getByRole("button", { name: "Показать, что изменится" }).click();
  await save(page).getByText("Название: Дефицит кадров → Дефицит педагогических кадров").waitFor();
  await save(page).getByRole("button", { name: "Отказаться от правок" }).click();
  await page.getByText("Дефицит кадров").first().waitFor();
  await closePage(page);
});

test("S1.11: the book in English", async () => {
  const page = await openBook({ language: "en" });
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await page.getByRole("heading", { name: "Save as version 4" }).waitFor();
  await checkAccessibility(page, "the book in English");
  await page.getByRole("button", { name: "Drop the changes" }).click();
  await page.getByRole("button", { name: "What version 3 changed" }).waitFor();
  await closePage(page);
});
