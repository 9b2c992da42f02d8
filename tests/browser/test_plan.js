// A school chooses its part of a programme, sets its dates, moves one, fills in a table, places documents, answers a
// remark (S1.8-S1.13, S1.18, S1.22, S1.39).
import assert from "node:assert/strict";
import { test } from "node:test";
import { pdf } from "./pdf.js";
import { checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const card = (page, title) => page.locator(".plan-card").filter({ has: page.getByRole("heading", { level: 3, name: title }) });
const details = (page) => page.locator(".desk-item");
const dayAfter = (iso, days) => new Date(Date.parse(iso) + days * 86_400_000).toISOString().slice(0, 10);
const shown = (iso) => iso.split("-").reverse().join(".");
const place = (page, name) => page.getByRole("navigation", { name: "Меню" }).getByRole("link", { name });

async function openItem(page, question) {
  await page.locator(".item a").filter({ hasText: question }).click();
  await details(page).getByRole("heading", { level: 2, name: question }).waitFor();
}

async function setDay(page, act, day) {
  await page.getByRole("button", { name: act }).click();
  await page.getByLabel("День, когда планируется завершить работу").fill(day);
}

test("chosen, taken back, activated by naming a day, moved with a reason; nothing is overwritten", async () => {
  const { respondent, rounds, today, latest } = scene("plan");
  const page = await openAs(respondent);
  await place(page, "План работы").click();
  await page.getByRole("heading", { level: 1, name: "Профиль мастерской" }).waitFor();
  await page.getByText("выберите то, что касается вашей организации").waitFor();
  await card(page, "Мало инструмента").getByText("Предложено").waitFor();
  await card(page, "Мало инструмента").getByText("Высокая значимость").waitFor();
  await card(page, "Поставка станков").getByText("Для всех").waitFor();
  await checkAccessibility(page, "a plan with nothing chosen");
  await screenshot(page, "plan-offered");

  await page.getByRole("button", { name: "Выбрать: Мало инструмента" }).click();
  await card(page, "Мало инструмента").getByText("Выбрано, ждёт срока").waitFor();
  await page.getByText("назначьте день, когда закончите работу: «Мало инструмента».").waitFor();
  await page.getByRole("button", { name: "Выбрать: Не хватает мастеров" }).click();
  await page.getByText("Активировано 0 из 2 выбранных").waitFor();
  await page.getByRole("button", { name: "Отказаться: Не хватает мастеров" }).click();
  await card(page, "Не хватает мастеров").getByText("Предложено").waitFor();

  // The day is mandatory and lies between today and the end of the round.
  await page.getByRole("button", { name: "Назначить срок: Мало инструмента" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Активировать" }).click();
  await dialog.getByText("Укажите день.").waitFor();
  const field = page.getByLabel("День, когда планируется завершить работу");
  await field.fill(dayAfter(today, -1));
  await dialog.getByText("Этот день уже прошёл").waitFor();
  await field.fill(dayAfter(latest, 1));
  await dialog.getByText(`Период закрывается ${shown(latest)}`).waitFor();
  await checkAccessibility(page, "the dialog of a day");
  await screenshot(page, "plan-dialog");
  const first = dayAfter(today, 30), second = dayAfter(today, 40), third = dayAfter(today, 50);
  await field.fill(first);
  await dialog.getByRole("button", { name: "Активировать" }).click();
  const tools = card(page, "Мало инструмента");
  await tools.getByText("Активировано", { exact: true }).waitFor();
  await tools.getByText(shown(first), { exact: true }).waitFor();
  await page.getByText("Активировано 1 из 1 выбранных").waitFor();

  // Somebody moved it elsewhere meanwhile: it is said, and decided again; a move takes a reason.
  await setDay(page, "Перенести срок: Мало инструмента", third);
  await dialog.getByRole("button", { name: "Перенести" }).click();
  await dialog.getByText("Напишите, почему переносите срок").waitFor();
  await dialog.getByRole("textbox", { name: "Причина переноса" }).fill("Болезнь методиста");
  scene("moved", { person: respondent, round: rounds[0].roundId, section: "tools", previous: first, day: second });
  page.expected.push(/412/);
  await dialog.getByRole("button", { name: "Перенести" }).click();
  await dialog.getByText(`Сейчас стоит ${shown(second)}`).waitFor();
  await dialog.getByRole("button", { name: "Перенести" }).click();
  await tools.getByText(shown(third), { exact: true }).waitFor();
  await tools.getByText("История изменений (4)").first().click();
  await tools.getByText(`Срок перенесён с ${shown(second)} на ${shown(third)}`).waitFor();
  await tools.getByText("Причина: Болезнь методиста").waitFor();
  await tools.getByText("Причина: Перенесли на педсовете").waitFor();
  await checkAccessibility(page, "a plan with its history");
  await checkNarrow(page, "the plan");
  await screenshot(page, "plan-activated");
  await closePage(page);
});

test("a table row by row, documents by stage, what waits for a schedule, a remark and its answer", async () => {
  const { respondent, operator, today } = scene("plan", { programmes: 2 });
  const page = await openAs(respondent);

  // Two programmes: the header says which, and the address keeps it.
  await page.getByRole("button", { name: "Программа: показать только её. Все программы" }).click();
  await page.getByRole("menuitemradio", { name: "Мастерские" }).click();
  await page.getByText("Заполнено 0 из 1").waitFor();
  assert.ok(new URL(page.url()).searchParams.get("programme"));
  await openItem(page, "Разместите накладную");
  await details(page).getByText("Срок не назначен: ждём график, его составляет Центр снабжения.").waitFor();
  await details(page).getByText("Согласно отдельному графику").waitFor();

  await place(page, "План работы").click();
  await page.getByRole("button", { name: "Выбрать: Мало инструмента" }).click();
  await setDay(page, "Назначить срок: Мало инструмента", dayAfter(today, 30));
  await page.getByRole("dialog").getByRole("button", { name: "Активировать" }).click();
  await card(page, "Мало инструмента").getByText("Активировано", { exact: true }).waitFor();
  await card(page, "Мало инструмента").getByRole("link", { name: "Заполнить: Мало инструмента" }).click();
  await page.getByText("Только: Мало инструмента").waitFor();
  await page.getByRole("heading", { level: 3, name: "Подтверждение" }).waitFor();
  await screenshot(page, "plan-stages");

  // A template has its own day, and opens with it.
  await openItem(page, "Опишите трудности и меры");
  await details(page).getByText("Сначала назначьте срок").waitFor();
  await checkAccessibility(page, "an item without its date");
  await details(page).getByRole("link", { name: "Назначить срок" }).click();
  await setDay(page, "Назначить срок: Опишите трудности и меры", dayAfter(today, 15));
  await page.getByRole("dialog").getByRole("button", { name: "Активировать" }).click();
  await card(page, "Мало инструмента").getByText(`Активировано, ${shown(dayAfter(today, 15))}`).waitFor();
  await card(page, "Мало инструмента").getByRole("link", { name: "Заполнить: Мало инструмента" }).click();
  await openItem(page, "Опишите трудности и меры");
  const cell = (column, row) => details(page).getByRole("textbox", { name: column }).nth(row - 1);
  await cell("Трудность", 1).fill("Мало станков");
  await cell("Мера", 1).fill("Купить два");
  await cell("Часов", 1).fill("много");
  await cell("Часов", 1).blur();
  await details(page).getByText("Ожидается число, например 28,33").waitFor();
  await details(page).getByText("Чтобы отправить, исправьте ячейки.").waitFor();
  await cell("Часов", 1).fill("1234,50");
  await details(page).getByRole("button", { name: "Добавить строку" }).click();
  await page.waitForFunction(() => document.activeElement?.closest("[data-line]")?.previousElementSibling);
  await page.keyboard.type("Нет места");
  await details(page).getByRole("button", { name: "Поднять строку 2" }).click();
  assert.equal(await cell("Трудность", 1).inputValue(), "Нет места");
  assert.equal(await cell("Часов", 2).inputValue(), "1\u202f234,5");
  await details(page).getByRole("button", { name: "Удалить строку 1" }).click();
  await details(page).getByRole("button", { name: "Вернуть" }).click();
  assert.equal(await cell("Трудность", 1).inputValue(), "Нет места");
  await details(page).getByText(/^Сохранено в \d\d:\d\d$/).waitFor();
  await checkAccessibility(page, "a table being filled in");
  await checkNarrow(page, "a table being filled in");
  await screenshot(page, "plan-table");

  // The line is lost and comes back: what was typed stays here and goes out later.
  page.expected.push(/ERR_INTERNET_DISCONNECTED|Failed to load/);
  await page.context().setOffline(true);
  await cell("Мера", 1).fill("Освободить склад");
  await cell("Мера", 1).blur();
  await details(page).getByText("Нет связи: сохранено на этом компьютере").waitFor();
  await page.context().setOffline(false);
  await details(page).getByText(/^Сохранено в \d\d:\d\d$/).waitFor();
  await details(page).getByRole("button", { name: "Отправить на проверку" }).click();
  await details(page).getByText("Ожидает проверки").waitFor();
  await details(page).getByRole("cell", { name: "Освободить склад" }).waitFor();

  // A measure is answered by documents alone.
  await openItem(page, "Разместите перечень инструмента");
  await details(page).getByText("Чтобы отправить, загрузите документ.").waitFor();
  await page.locator(".desk-item input[type=file]").setInputFiles(["Перечень.pdf", "Письмо.pdf"].map((name) => ({ name, mimeType: "application/pdf", buffer: pdf(name.length) })));
  await details(page).getByText("1 страница, проверен").nth(1).waitFor();
  await details(page).getByText("Данные готовы к отправке на проверку").waitFor();
  await screenshot(page, "plan-documents");
  await details(page).getByRole("button", { name: "Отправить на проверку" }).click();
  await details(page).getByText("Ожидает проверки").waitFor();
  const assignment = new URL(page.url()).searchParams.get("item");
  scene("remark", { person: operator, assignment, text: "Нет подписи на второй странице" });
  await details(page).getByText("Переписка").click();
  await details(page).getByText("Нет подписи на второй странице").waitFor();
  await details(page).getByText("Наставник", { exact: true }).waitFor();
  await details(page).getByText(/к версии \d/).waitFor();
  await details(page).getByRole("textbox", { name: "Ваш ответ" }).fill("Подпишем и разместим снова");
  await details(page).getByRole("button", { name: "Ответить" }).click();
  await details(page).locator(".talk-text").filter({ hasText: "Подпишем и разместим снова" }).waitFor();
  await checkAccessibility(page, "a talk about an answer");
  await checkNarrow(page, "a talk about an answer");
  await screenshot(page, "plan-talk");
  await closePage(page);
});

test("the plan reads well in English and on a phone", async () => {
  const { respondent } = scene("plan");
  const page = await openAs(respondent, { language: "en", width: 390, height: 844 });
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("link", { name: "Work plan" }).click();
  await page.getByRole("heading", { level: 1, name: "Workshop profile" }).waitFor();
  await page.getByRole("button", { name: "Choose: Мало инструмента" }).click();
  await page.getByText("Chosen, waits for a date").waitFor();
  await checkAccessibility(page, "the plan on a phone");
  await checkNarrow(page, "the plan on a phone");
  await screenshot(page, "plan-phone");
  await closePage(page);
});
