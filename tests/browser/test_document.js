// The act on which a programme stands, its table and its versions, word for word (S3.1-S3.5, S3.21).
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

test("everybody reads the order, its table of five columns and its versions as they were loaded", async () => {
  const { respondent, coordinator } = scene("document");
  const page = await openAs(coordinator);
  await page.getByRole("navigation", { name: "Меню" }).getByRole("link", { name: "Документ" }).click();
  await page.getByRole("heading", { level: 2, name: "Распоряжение от 26.12.2023 № 12-р" }).waitFor();
  for (const words of ["Комитет по мастерским", "1. Определить комитет региональным координатором.", "федеральный проект «Мастерские»",
    "национальный проект «Образование»", "начальник сектора мастерских", "далее - распорядительный акт комитета",
    "УТВЕРЖДЕНО распоряжением комитета от «___» 26.12.2023 года № 12-р (приложение)"])
    await page.getByText(words, { exact: true }).waitFor();
  const table = page.getByRole("table");
  assert.deepEqual(await table.getByRole("columnheader").allInnerTexts(), ["№", "Наименование мероприятия", "Ответственный", "Результат", "Срок"]);
  const line = (number) => table.getByRole("row").nth(number);
  assert.equal(await line(3).getByRole("cell").last().innerText(), "25 августа 2024 года;");
  await line(1).getByText("1. Письмо с перечнем мастерских;").waitFor();
  await line(2).getByText("Закуплены и налажены станки").waitFor();
  await line(2).getByText("Согласно отдельному графику*").waitFor();
  await line(2).getByText("После: 1.").waitFor();
  await page.getByText("* график утверждает Центр проектного сопровождения").waitFor();
  await checkAccessibility(page, "the document");
  await checkNarrow(page, "the document");
  await screenshot(page, "document");

  // The version before says what it said then, and on what it stood.
  await page.getByText("распоряжение 01.03.2024 № 100-р").waitFor();
  await page.getByRole("button", { name: "Показать версию 1" }).click();
  await page.getByText("Это версия 1").waitFor();
  await line(2).getByText("Закуплены станки").waitFor();
  await checkAccessibility(page, "an earlier version");
  await screenshot(page, "document-earlier");

  // On paper: the act and its table, nothing around them.
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.getByRole("heading", { name: "Версии" }).isVisible(), false);
  assert.equal(await table.isVisible(), true);
  await page.emulateMedia({ media: "screen" });
  await page.getByRole("button", { name: "К действующей" }).click();
  await line(2).getByText("Закуплены и налажены станки").waitFor();
  await closePage(page);

  const phone = await openAs(respondent, { language: "en", width: 390, height: 844 });
  await phone.getByRole("button", { name: "Menu" }).click();
  await phone.getByRole("link", { name: "Document" }).click();
  await phone.getByText("25 августа 2024 года;").waitFor();
  await checkAccessibility(phone, "the document on a phone");
  await checkNarrow(phone, "the document on a phone");
  await screenshot(phone, "document-phone");
  await closePage(phone);
});
