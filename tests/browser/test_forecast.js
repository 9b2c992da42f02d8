// The forecast as people have it: a coordinator sees whom to call first and why, a school why it is at risk (I4).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { checkAccessibility, checkNarrow, closePage, logIn, openPage, scene, screenshot } from "./support.js";

const made = scene("forecasts");
after(() => scene("forecasts_over", { folder: made.folder }));

async function enter(person, options) {
  const page = await openPage(options);
  await page.goto(made.address);
  await logIn(page, person);
  await page.locator(".frame").waitFor();
  return page;
}

const cards = (page) => page.getByRole("list", { name: "Прогноз" }).locator(":scope > li");

test("I4: whom to call first, with the chance and the reasons in words, a reminder, a file, and how good forecasts were", async () => {
  const page = await enter(made.coordinator);
  await page.getByRole("link", { name: "Прогноз", exact: true }).click();
  await page.getByRole("heading", { name: "Прогноз", level: 1 }).waitFor();
  await page.goto(`${made.address}/reports/forecast?round=${made.round}&group=all`);
  const { rows } = made;
  await cards(page).first().waitFor();
  assert.equal(await cards(page).count(), rows.length);
  const first = cards(page).first();
  await first.getByRole("heading", { name: rows[0].shortName, exact: true }).waitFor();
  await first.getByText(`Скорее не успеет — ${rows[0].percent} %`).waitFor();
  for (const reason of rows[0].reasons) await first.getByText(reason.text, { exact: true }).waitFor();
  await first.getByRole("link", { name: rows[0].contact.phone }).waitFor();
  await page.getByText("за 7 дней до срока в таком же положении не успели").first().waitFor();
  const quality = page.locator(".forecast-quality");
  await quality.getByText(/Прогноз точнее на \d+ %\./).waitFor();
  await quality.getByRole("rowheader", { name: "7 дней до срока" }).waitFor();
  await checkAccessibility(page, "the forecast");
  await checkNarrow(page, "the forecast");
  await screenshot(page, "forecast");

  const late = rows.filter((row) => row.percent >= 60).length;
  await page.getByRole("button", { name: `${late} скорее не успеют` }).click();
  await page.waitForFunction((count) => document.querySelectorAll(".forecast-list > li").length === count, late);
  await first.getByRole("button", { name: new RegExp(`Напомнить.*${rows[0].shortName.slice(0, 6)}`) }).click();
  await page.getByRole("dialog").getByText("Вопрос item-1").first().waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "В файл" }).click();
  const dialog = page.getByRole("dialog", { name: "Отчёт в файл" });
  await dialog.getByRole("button", { name: "Подготовить файл" }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), dialog.getByRole("link", { name: /^Скачать/ }).click()]);
  assert.match(download.suggestedFilename(), /^Прогноз сроков/);
  await closePage(page);
});

test("I4: with too little history that is said, and no number", async () => {
  const page = await enter(made.coordinator);
  await page.goto(`${made.address}/reports/forecast?round=${made.fresh}`);
  await page.getByRole("heading", { name: "Пока мало истории" }).waitFor();
  await page.getByText("хотя бы 30 случаев, срок которых уже прошёл. Сейчас их 0.").waitFor();
  await page.getByText("Проверять пока нечего").waitFor();
  assert.equal(await page.getByText("%").count(), 0);
  await checkAccessibility(page, "too little history");
  await screenshot(page, "forecast-too-little");
  await closePage(page);
});

test("I4: on a phone, in English, in the dark", async () => {
  const page = await enter(made.coordinator, { width: 390, height: 844, language: "en", colorScheme: "dark" });
  await page.goto(`${made.address}/reports/forecast?round=${made.round}&group=all`);
  await page.getByText("missed the date in").first().waitFor();
  await checkAccessibility(page, "the forecast on a phone");
  await screenshot(page, "forecast-phone");
  await closePage(page);
});

test("I4: a school sees beside its answer that it is at risk, and why", async () => {
  const page = await enter(made.respondent);
  await page.goto(`${made.address}/indicators?round=${made.round}`);
  await page.getByRole("button", { name: "Начать с первого незаполненного" }).click();
  await page.getByText(/^(Скорее не успеем|Можем не успеть) к сроку — \d+ %$/).waitFor();
  await page.getByText("Не отправлено ничего из 3 к этому сроку").waitFor();
  await checkAccessibility(page, "at risk");
  await checkNarrow(page, "at risk");
  await screenshot(page, "forecast-own");
  await closePage(page);
});
