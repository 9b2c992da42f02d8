// A respondent takes the indicators away as a table, fills it in elsewhere and brings it back (S2.26-S2.28).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const SUPPORT = fileURLToPath(new URL("../support", import.meta.url));
// As Excel would save the same rows.
const TO_XLSX = "import csv, io, sys; from xlsx import xlsx; "
  + "sys.stdout.buffer.write(xlsx(list(csv.reader(io.StringIO(sys.stdin.buffer.read().decode('utf-8-sig')), delimiter=';'))))";
const asXlsx = (text) => execFileSync("/usr/bin/python3", ["-B", "-c", TO_XLSX], { cwd: SUPPORT, input: text });

const give = (page, name, content) => page.locator("input[type=file]").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(content) });
// The line of an indicator with these answers: section; question; unit; value; whole; comment; code.
function filled(form, answers) {
  const lines = form.trimEnd().split("\r\n");
  return lines.map((line) => {
    const cells = line.slice(1, -1).split('";"');
    const answer = answers[Object.keys(answers).find((question) => cells[1].split(" / ")[0] === question) ?? ""];
    return answer ? `"${[...cells.slice(0, 3), ...answer, cells[6]].join('";"')}"` : line;
  }).join("\r\n") + "\r\n";
}
const will = (page, question) => page.getByRole("row").filter({ has: page.getByText(question, { exact: true }) });

test("a table is taken away, filled in with a mistake, corrected, and everything of it is saved", async () => {
  const { respondent } = scene("everybody", { people: ["respondent"] });
  const page = await openAs(respondent);
  await page.getByRole("link", { name: "Заполнить таблицей" }).click();
  await page.getByRole("heading", { level: 1, name: "Заполнить таблицей" }).waitFor();
  await checkAccessibility(page, "the form's page");
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Скачать таблицу" }).click();
  const download = await downloading;
  assert.equal(download.suggestedFilename(), "показатели.csv");
  const form = readFileSync(await download.path(), "utf8");
  assert.match(form, /^\ufeff"Раздел";"Показатель";"Единица";"Значение";"Всего";"Комментарий";"Код строки"\r\n/);
  assert.equal(form.trimEnd().split("\r\n").length, 1 + 6);

  // An empty one changes nothing; what is no table of ours is told so.
  await give(page, "пусто.csv", form);
  await page.getByText("В таблице нет новых значений").waitFor();
  await page.getByRole("button", { name: "Выбрать другой файл" }).click();
  await give(page, "другая.csv", "а;б\r\n1;2\r\n");
  await page.getByText("Не найдены столбцы «Значение» и «Код строки»").waitFor();

  const good = { "Вопрос number": ["1 234", "", "по приказу"], "Вопрос yes-no": ["Да", "", ""], "Вопрос percent": ["10", "40", ""] };
  await give(page, "с ошибкой.csv", filled(form, { ...good, "Вопрос number-evidence": ["много", "", ""] }));
  await will(page, "Вопрос percent").getByText("10 / 40").waitFor();
  page.expected.push(/422/);
  await page.getByRole("button", { name: "Сохранить 4 значения" }).click();
  await page.getByText("пока ничего не сохранено").first().waitFor();
  await will(page, "Вопрос number-evidence").getByText("Ожидается число").waitFor();
  await checkAccessibility(page, "the form with a mistake");
  await screenshot(page, "form-refused");
  await page.getByRole("button", { name: "Выбрать другой файл" }).click();

  await give(page, "заполнено.xlsx", asXlsx(filled(form, good)));
  await will(page, "Вопрос number").getByText("1 234").first().waitFor();
  await checkNarrow(page, "the form's preview");
  await page.getByRole("button", { name: "Сохранить 3 значения" }).click();
  await page.getByText("Сохранено 3 значения").waitFor();
  await screenshot(page, "form-saved");
  await page.getByRole("link", { name: "К списку" }).click();
  await page.getByText("Заполнено 3 из 6").waitFor();
  await closePage(page);
});

test("a part over the whole is confirmed in its row, and a row of nobody is told beforehand", async () => {
  const { respondent } = scene("everybody", { people: ["respondent"] });
  const page = await openAs(respondent, { language: "en" });
  await page.goto(`${address}/indicators/form`);
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download the table" }).click();
  const form = readFileSync(await (await downloading).path(), "utf8");
  const over = filled(form, { "Вопрос percent": ["50", "40", ""] });
  await give(page, "over.csv", over);
  page.expected.push(/422/);
  await page.getByRole("button", { name: "Save 1 value" }).click();
  await page.getByText("The first number exceeds the second").click();
  await page.getByRole("button", { name: "Save 1 value" }).click();
  await page.getByText("1 value saved").waitFor();
  const strange = `${over}"";"";"";"5";"";"";"00000000-0000-4000-8000-000000000000"\r\n`;
  await give(page, "strange.csv", strange);
  await page.getByText("1 row is the same already").waitFor();
  await page.getByText("Your cabinet has no such code").waitFor();
  await checkAccessibility(page, "the form in English");
  await closePage(page);
});
