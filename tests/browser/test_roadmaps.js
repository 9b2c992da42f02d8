// Road maps as a curator and a coordinator have them: the queue with its words, the base report, measures, who watches.
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const made = scene("plans");
const details = (page) => page.getByRole("region", { name: "Выбранный показатель" });
const rowsOf = (page) => page.locator(".data-table tbody tr:not([aria-hidden])");
const tile = (page, name) => page.locator(".tile").filter({ hasText: name }).locator("dd");
const at = (path, query = "") => `${address}/reports/${path}?round=${made.round}${query}`;

// Polls what no locator sees.
async function eventually(read, wanted, what) {
  let seen;
  for (const until = Date.now() + 30_000; (seen = await read()) !== wanted;) {
    assert.ok(Date.now() < until, `${what}: ${seen} and not ${wanted}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test("S1.27, S1.28, S1.31, S1.32: the reports before the curator decides", async () => {
  const page = await openAs(made.coordinator);
  await page.getByRole("link", { name: "Базовый отчёт" }).click();
  await page.goto(at("roadmaps"));
  await tile(page, "Активировано").getByText("1 из 2").first().waitFor();
  await tile(page, "Ждут решения (куратор)").getByText("2").first().waitFor();
  await tile(page, "Не приступили").getByText("3 из 4").waitFor();
  assert.equal(await rowsOf(page).count(), 2);
  await checkAccessibility(page, "base report");
  await checkNarrow(page, "base report");
  await screenshot(page, "base-municipalities");
  await page.getByRole("button", { name: made.municipalities[0] }).click();
  await page.getByText("2 строки").waitFor();
  await screenshot(page, "base-schools");
  await page.getByRole("button", { name: "МБОУ «СОШ № 1» 1", exact: true }).click();
  await rowsOf(page).filter({ hasText: "Низкий уровень оснащения школы" }).getByText("активировано").waitFor();
  const heads = await page.locator(".data-table thead th").allTextContents();
  for (const head of ["Школа", "Муниципалитет", "Куратор", "Направление", "Состояние", "План. дата", "Шаблоны", "Всего", "Начато", "Завершено",
    "Размещено", "Подтверждено", "На доработке", "Ждут: куратор", "Просрочено", "Последнее"]) assert.ok(heads.includes(head), `${head} of ${heads}`);
  assert.match(await rowsOf(page).first().textContent(), /Кураторова/);
  await screenshot(page, "base-sections");
  await page.goto(at("measures"));
  await tile(page, "Меры: подтверждено").getByText("0 из").waitFor();
  await page.getByRole("button", { name: "Антирисковая программа" }).click();
  const parts = page.getByRole("region", { name: "По муниципалитетам" });
  await parts.getByText(made.municipalities[0]).waitFor();
  await checkAccessibility(page, "measures");
  await checkNarrow(page, "measures");
  await screenshot(page, "measures");
  await closePage(page);
});

test("S1.19-S1.23, S1.39: the curator returns with a comment, talks, and confirms; the report follows by itself", async () => {
  const watcher = await openAs(made.coordinator);
  await watcher.goto(at("roadmaps", "&level=sections"));
  await tile(watcher, "На доработке").getByText("0").waitFor();
  const page = await openAs(made.curator);
  await page.getByText("Ждут решения 2 ответа").waitFor();
  await checkAccessibility(page, "curator's queue");
  await screenshot(page, "curator-queue");
  await page.getByRole("link", { name: "МБОУ «СОШ № 1» 1" }).first().click();
  // The table as rows and columns, in the programme's words.
  const table = details(page).getByRole("table", { name: "Факторы риска и меры" });
  await table.getByRole("columnheader", { name: "Краткое описание мер" }).waitFor();
  await table.getByRole("cell", { name: "Закупить оборудование" }).waitFor();
  await screenshot(page, "curator-table");
  await page.getByRole("button", { name: "Подтвердить (A)" }).click();
  await page.getByText("Решение «Подтвердить»: МБОУ «СОШ № 1» 1").waitFor();

  await details(page).getByRole("heading", { name: "Антирисковая программа" }).waitFor();
  await details(page).getByText("Программа.pdf").first().waitFor();
  assert.equal(await details(page).locator(".answer-value").count(), 0);
  await details(page).getByRole("textbox", { name: /^Сообщение к версии/ }).fill("Где подпись директора?");
  await details(page).getByRole("button", { name: "Написать" }).click();
  await details(page).locator(".talk-text").getByText("Где подпись директора?").waitFor();
  await checkAccessibility(page, "a curator's answer");
  await checkNarrow(page, "a curator's answer");
  await page.getByRole("button", { name: "Отправить на доработку (R)" }).click();
  await page.getByRole("button", { name: "Отправить на доработку", exact: true }).click();
  await page.getByText("Напишите, что доработать: без комментария вернуть нельзя.").waitFor();
  await page.getByRole("textbox", { name: "Комментарий" }).fill("Приложите программу с подписью");
  await screenshot(page, "curator-return");
  await page.getByRole("button", { name: "Отправить на доработку", exact: true }).click();
  await page.getByText("Очередь пуста").waitFor();
  // What a school sends now stands in the open queue by itself; the curator does nothing for it.
  scene("placed", { person: made.author, assignment: made.measure });
  await rowsOf(page).filter({ hasText: "Антирисковая программа" }).waitFor();
  scene("judge", { operator: made.curator, assignment: made.measure, resolution: "Приложите программу с подписью и печатью" });
  await page.getByText("Очередь пуста").waitFor();

  await eventually(() => tile(watcher, "На доработке").locator("strong").textContent(), "1", "the report hears of it");
  await eventually(() => tile(watcher, "Ждут решения").locator("strong").textContent(), "0", "nothing waits");
  await closePage(page);
  await closePage(watcher);
});

test("S1.2, S1.39: a coordinator reads the same course of an answer as the school and its curator", async () => {
  const page = await openAs(made.coordinator);
  await page.goto(at("roadmaps", "&level=organisations"));
  await page.getByRole("button", { name: "МБОУ «СОШ № 1» 1", exact: true }).click();
  await page.getByRole("link", { name: "Ответы организации и ход работы над ними" }).click();
  await page.getByRole("heading", { level: 1, name: /^Просмотр значений: МБОУ «СОШ № 1» 1/ }).waitFor();
  await page.getByRole("button", { name: "Антирисковая программа" }).click();
  const course = page.getByRole("region", { name: "Ход работы над ответом" });
  for (const words of ["Отправлена версия 1", "Программа.pdf", "Где подпись директора?", "Версия 1 возвращена", "Приложите программу с подписью"])
    await course.getByText(words, { exact: true }).waitFor();
  await checkAccessibility(page, "the course of an answer");
  await checkNarrow(page, "the course of an answer");
  await screenshot(page, "course");
  await page.getByRole("button", { name: "Факторы риска и меры" }).click();
  await course.getByText(/^Версия \d+ принята$/).waitFor();
  await course.getByRole("cell", { name: "Закупить оборудование" }).waitFor();
  await checkAccessibility(page, "the course of a table");
  await closePage(page);
});

test("S1.25, S1.26: as of a day beside another day, in English and on paper", async () => {
  const before = new Date(Date.parse(`${made.today}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  const page = await openAs(made.coordinator, { language: "en" });
  await page.goto(at("roadmaps", `&compareWith=${before}&level=sections`));
  await page.getByText("what has changed since").waitFor();
  await tile(page, "Activated").getByText("+1").first().waitFor();
  const moved = page.getByRole("button", { name: /have moved$/ });
  await moved.click();
  await checkAccessibility(page, "base report in English");
  await screenshot(page, "base-compared-en");
  await page.emulateMedia({ media: "print" });
  const wide = await page.evaluate(() => document.querySelector(".data-table").scrollWidth - document.querySelector(".page").clientWidth);
  assert.ok(wide <= 0, `the table is ${wide} px wider than the paper`);
  await screenshot(page, "base-print");
  await page.emulateMedia({ media: "screen" });
  await page.goto(at("roadmaps", `&asOf=${before}`));
  await page.getByText("By the end of this day the round had not asked anybody.").waitFor();
  await closePage(page);
});

test("S1.30: whoever watches is watched", async () => {
  const page = await openAs(made.coordinator);
  await page.getByRole("link", { name: "Работа координаторов" }).click();
  await page.goto(at("activity"));
  await rowsOf(page).filter({ hasText: "Кураторова" }).getByText("Куратор", { exact: true }).waitFor();
  await checkAccessibility(page, "activity");
  await checkNarrow(page, "activity");
  await screenshot(page, "activity");
  await closePage(page);
});

test("S1.4, S1.6: the administrator sees what changes in a curator's schools before saving it", async () => {
  const page = await openAs(made.administrator);
  await page.goto(`${address}/accounts?query=${made.curator.login}&account=${made.curator.accountId}`);
  await page.getByRole("heading", { name: "Школы куратора: 2" }).waitFor();
  await page.getByRole("button", { name: "Убрать: МБОУ «СОШ № 2» 1" }).click();
  await page.getByRole("searchbox", { name: /^Найти школу/ }).fill("СОШ № 1» 2");
  const add = page.getByRole("button", { name: "Добавить: МБОУ «СОШ № 1» 2" }).first();
  await add.waitFor();
  const change = page.getByRole("group", { name: "Что изменится" });
  await change.getByText("Уйдут:").waitFor();
  await checkAccessibility(page, "schools of a curator");
  await screenshot(page, "curator-schools");
  await page.getByRole("button", { name: "Сохранить список" }).click();
  await page.getByRole("heading", { name: "Школы куратора: 1" }).waitFor();
  await closePage(page);
});
