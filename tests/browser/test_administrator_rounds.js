// The administrator plans a round, extends and closes it, and meets somebody else's change; programmes come from files
// (S2.3-S2.9, S2.66).
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const day = (from, days) => new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10);
const shown = (iso) => iso.split("-").reverse().join(".");

test("a round is planned from a programme, with participants and evidence of its own", async () => {
  const { administrator, programme, today } = scene("launch");
  const page = await openAs(administrator);
  await page.getByRole("link", { name: "Периоды сбора" }).click();
  await page.getByRole("heading", { name: "Периоды сбора", level: 1 }).waitFor();
  await page.getByRole("link", { name: "Запланировать период" }).click();
  await page.getByRole("button", { name: /^Программа/ }).or(page.getByLabel("Программа")).first().click();
  await page.getByRole("option", { name: programme.title }).click();
  await page.getByRole("button", { name: "Запланировать период" }).click();
  const summary = page.getByRole("alert").filter({ hasText: "Проверьте поля" });
  await summary.getByRole("link", { name: "Заполните поле «Срок»." }).waitFor();
  await checkAccessibility(page, "planning a round");
  await page.getByRole("textbox", { name: "Название периода" }).fill("Октябрь");
  await page.getByLabel("Открывается").fill(day(today, 20));
  await page.getByLabel("Срок", { exact: true }).fill(day(today, 10));
  await page.getByLabel("Новые данные ожидаются после").fill(day(today, 35));
  await page.getByRole("button", { name: "Запланировать период" }).click();
  await page.getByText("Срок не может быть раньше открытия.").first().waitFor();
  await page.getByLabel("Срок", { exact: true }).fill(day(today, 30));
  await page.getByRole("textbox", { name: "Номер" }).fill("01/1234");
  await page.locator("#plan-item-yes-no label").first().click();
  await page.getByText("Выбрано 5 показателей из 6").waitFor();
  const item = page.locator("#plan-item-number");
  await item.getByRole("button", { name: /Участники/ }).click();
  await page.getByRole("option", { name: "организации по списку кодов" }).click();
  await item.getByRole("textbox", { name: "Коды организаций" }).fill(programme.schools[0]);
  await screenshot(page, "round-plan");
  await checkNarrow(page, "planning a round");
  await page.getByRole("button", { name: "Запланировать период" }).click();
  const details = page.getByRole("complementary", { name: "Октябрь" });
  await details.getByText("Запланирован").waitFor();
  await details.getByText("01/1234").waitFor();
  const facts = await details.locator("dl").innerText();
  // One school of the list for one indicator, all four for the other four.
  assert.match(facts, /Показателей\s+5/);
  assert.match(facts, /Заданий\s+17/);
  await closePage(page);
});

test("a round is extended; somebody else's change is shown and not overwritten; closing says what stays unsent", async () => {
  const { administrator, round, assignment } = scene("drafts");
  const page = await openAs(administrator);
  page.expected.push(/412/);
  await page.goto(`${address}/rounds?round=${round.roundId}`);
  const details = page.getByRole("complementary", { name: round.name });
  await details.getByText("Открыт", { exact: true }).waitFor();
  await checkAccessibility(page, "rounds");
  await checkNarrow(page, "rounds");
  await screenshot(page, "rounds");
  await details.getByRole("button", { name: "Продлить срок" }).click();
  const dialog = page.getByRole("dialog", { name: /Продлить срок/ });
  await dialog.getByLabel("Новый срок").fill(day(round.dueOn, 2));
  await checkAccessibility(page, "extending a round");
  scene("extend", { roundId: round.roundId, dueOn: day(round.dueOn, 1) });
  await dialog.getByRole("button", { name: `Продлить до ${shown(day(round.dueOn, 2))}` }).click();
  await dialog.getByText("Пока вы выбирали, это изменил кто-то другой").waitFor();
  await dialog.locator("li").filter({ hasText: shown(round.dueOn) }).filter({ hasText: shown(day(round.dueOn, 1)) }).waitFor();
  await screenshot(page, "round-stale");
  await dialog.getByRole("button", { name: `Продлить до ${shown(day(round.dueOn, 2))}` }).click();
  await dialog.waitFor({ state: "hidden" });
  await details.getByText(shown(day(round.dueOn, 2))).first().waitFor();
  await details.getByRole("button", { name: "Закрыть период" }).click();
  const closing = page.getByRole("dialog", { name: /Закрыть период/ });
  await closing.waitFor();
  await checkAccessibility(page, "closing a round");
  await closing.getByText("1 черновик останется неотправленным.").waitFor();
  await screenshot(page, "round-close");
  await closing.getByRole("button", { name: "Закрыть период" }).click();
  await details.getByText("Период закрыт и больше не меняется.").waitFor();
  assert.ok(assignment);
  await closePage(page);
});

test("a programme file is checked before it is loaded", async () => {
  const { administrator, programme } = scene("launch");
  const page = await openAs(administrator, { language: "en" });
  await page.goto(`${address}/programmes?programme=${programme.code}`);
  await page.getByRole("region", { name: programme.title }).getByText("Вопрос number").first().waitFor();
  await checkAccessibility(page, "a programme in English");
  await checkNarrow(page, "a programme");
  await screenshot(page, "programme-en");
  await page.goto(`${address}/programmes/load`);
  const file = structuredClone(programme.file);
  const items = file.sections[0].items;
  items[0].question = "A question put better";
  items.splice(1, 1);
  items.push({ ...items[0], code: "added-item", question: "An item of its own" });
  const give = (content) => page.getByLabel("Load a file").setInputFiles({ name: `${programme.code}.json`, mimeType: "application/json", buffer: Buffer.from(content) });
  await give("{ not json");
  await page.getByText("This is not a programme file").waitFor();
  await page.getByRole("button", { name: "Choose another file" }).click();
  await give(JSON.stringify(file));
  await page.getByRole("heading", { name: "What will change" }).waitFor();
  assert.match((await page.locator(".figures").innerText()).replace(/\s+/g, " "), /Added 1 Changed 1 Retired 1/);
  await page.getByText("A question put better").waitFor();
  await checkAccessibility(page, "a programme's preview");
  await screenshot(page, "programme-preview-en");
  await page.getByRole("button", { name: "Load the programme" }).click();
  await page.getByText("The programme is loaded, version 2").waitFor();
  await closePage(page);
});

test("a due date on a day off is said, and the next working day is a button away", async () => {
  const { administrator, programme } = scene("launch");
  const page = await openAs(administrator);
  await page.goto(`${address}/rounds/new`);
  await page.getByRole("button", { name: /^Программа/ }).or(page.getByLabel("Программа")).first().click();
  await page.getByRole("option", { name: programme.title }).click();
  const due = page.getByLabel("Срок", { exact: true });
  // 31.12.2033 is a Saturday; the first working day of 2034 is Monday the 9th.
  await due.fill("2033-12-31");
  const warning = page.getByRole("status").filter({ hasText: "31.12.2033 — нерабочий день" });
  await warning.getByText("Ближайший рабочий день — 09.01.2034.").waitFor();
  await checkAccessibility(page, "a due date on a day off");
  await checkNarrow(page, "a due date on a day off");
  await screenshot(page, "round-plan-day-off");
  await warning.getByRole("button", { name: "Поставить 09.01.2034" }).click();
  await warning.waitFor({ state: "hidden" });
  assert.equal(await due.inputValue(), "2034-01-09");
  await due.fill("2033-11-04");
  await page.getByRole("status").filter({ hasText: "04.11.2033 — нерабочий день" }).getByText("Ближайший рабочий день — 07.11.2033.").waitFor();
  await page.getByRole("button", { name: "Язык: English" }).click();
  await page.getByText("04.11.2033 is not a working day. The next working day is 07.11.2033.").waitFor();
  await closePage(page);
});
