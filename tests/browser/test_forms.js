// A form that another body issues (S3.17): owed in the road map and beside the answer, attached in the reference book,
// fetched by whoever has to write on it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { pdf } from "./pdf.js";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const made = scene("form");
const roadmap = `${address}/reports/roadmap?round=${made.round}`;
const tile = (page, name) => page.locator(".tile").filter({ hasText: name }).locator("dd");

test("S3.17: a form that nobody has published is its owner's debt, for the school and in the road map", async () => {
  const page = await openAs(made.author);
  await page.goto(`${address}/indicators?item=${made.assignment}`);
  const documents = page.locator(".documents");
  await documents.getByText("По форме: Центр проектного сопровождения (вне системы)").waitFor();
  await documents.getByText("Форма не опубликована").waitFor();
  assert.equal(await documents.getByRole("link", { name: /Скачать форму/ }).count(), 0);
  await checkAccessibility(page, "an answer on a form that is owed");
  await checkNarrow(page, "an answer on a form that is owed");
  await screenshot(page, "form-owed");
  await closePage(page);
  const watcher = await openAs(made.coordinator, { language: "en" });
  await watcher.goto(roadmap);
  await watcher.getByText("The form is not published: Центр проектного сопровождения").waitFor();
  await tile(watcher, "No form").getByText("1").waitFor();
  assert.equal(await watcher.getByRole("link", { name: "Attach the form" }).count(), 0);
  await checkAccessibility(watcher, "a road map with a form owed");
  await checkNarrow(watcher, "a road map with a form owed");
  await screenshot(watcher, "form-owed-roadmap");
  await closePage(watcher);
});

test("S3.17: the administrator attaches the blank, and it is there in the round that goes on", async () => {
  const page = await openAs(made.administrator);
  await page.goto(roadmap);
  await page.getByRole("link", { name: "Приложить форму" }).click();
  await page.getByRole("button", { name: "Изменить", exact: true }).click();
  await page.getByRole("button", { name: "Объявлены закупки", exact: true }).click();
  const fields = page.getByRole("group", { name: /^Форма:/ });
  assert.equal(await fields.getByLabel(/^Чья это форма/).inputValue(), "Центр проектного сопровождения");
  await fields.getByLabel("Название формы").fill("Реестр извещений");
  await fields.getByLabel(/^Чем утверждена/).fill("Письмо от 09.01.2024 № 1");
  await fields.locator("input[type=file]").setInputFiles({ name: "Форма.txt.pdf", mimeType: "application/pdf", buffer: Buffer.from("no document") });
  page.expected.push(/422/);
  await fields.getByRole("alert").waitFor();
  const blank = pdf();
  await fields.locator("input[type=file]").setInputFiles({ name: "Форма реестра.pdf", mimeType: "application/pdf", buffer: blank });
  await fields.getByText("Форма реестра.pdf").waitFor();
  await checkAccessibility(page, "the form in the book");
  await checkNarrow(page, "the form in the book");
  await screenshot(page, "form-book");
  const save = page.getByRole("region", { name: /^Сохранить как версию/ });
  await save.getByLabel("Основание").fill("Письмо от 09.01.2024 № 1");
  await save.getByRole("button", { name: "Показать, что изменится" }).click();
  await save.getByText(/Форма: Центр проектного сопровождения → Центр проектного сопровождения, Реестр извещений/).waitFor();
  await save.getByRole("button", { name: "Сохранить версию 2" }).click();
  await page.getByText("Версия 2 сохранена.").waitFor();
  await closePage(page);

  const author = await openAs(made.author);
  await author.goto(`${address}/indicators?item=${made.assignment}`);
  const link = author.getByRole("link", { name: "Скачать форму: Форма реестра.pdf" });
  await link.waitFor();
  const [download] = await Promise.all([author.waitForEvent("download"), link.click()]);
  assert.equal(download.suggestedFilename(), "Форма реестра.pdf");
  assert.deepEqual(await readFile(await download.path()), Buffer.from(blank));
  await checkAccessibility(author, "an answer on a published form");
  await screenshot(author, "form-published");
  await closePage(author);
  const watcher = await openAs(made.coordinator);
  await watcher.goto(roadmap);
  await tile(watcher, "Нет формы").getByText("0").waitFor();
  assert.equal(await watcher.getByText("Форма не опубликована").count(), 0);
  await watcher.getByRole("link", { name: "Скачать форму: Форма реестра.pdf" }).waitFor();
  await closePage(watcher);
});
