// The production calendar: the administrator moves a day off, by keyboard, and everybody counts by it (S2.4, F13).
import { strict as assert } from "node:assert";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

test("a day is moved with its basis, and who did it is shown", async () => {
  const { administrator } = scene("launch");
  const page = await openAs(administrator);
  await page.goto(`${address}/calendar?year=2031`);
  await page.getByRole("heading", { name: "Производственный календарь, 2031" }).waitFor();
  const working = await page.getByText(/^\d+ рабоч/).innerText();
  const day = page.getByRole("button", { name: /^среда, 24 декабря 2031/ });
  await day.waitFor();
  await page.getByText("Asia/Yekaterinburg").first().waitFor();
  await checkAccessibility(page, "the calendar");
  await checkNarrow(page, "the calendar");
  await screenshot(page, "calendar");
  // One stop of Tab; from there by arrows: a week on and a day back.
  await page.getByRole("button", { name: /^среда, 1 января 2031/ }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowLeft");
  assert.match(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), /^вторник, 7 января 2031.*, Праздник/);
  await day.focus();
  await page.keyboard.press("Enter");
  const details = page.getByRole("complementary", { name: /24 декабря 2031/ });
  await details.getByText("Рабочий", { exact: true }).waitFor();
  const isOff = (await details.getByRole("radio", { name: "Выходной" }).isChecked());
  await details.getByText(isOff ? "Рабочий" : "Выходной", { exact: true }).click();
  const note = `Перенос с ${Date.now()}`;
  await details.getByLabel("Основание").fill(note);
  await checkAccessibility(page, "a day of the calendar");
  await checkNarrow(page, "a day of the calendar");
  await screenshot(page, "calendar-day");
  await details.getByRole("button", { name: "Сохранить день" }).click();
  await page.getByRole("button", { name: new RegExp(`^среда, 24 декабря 2031.*, ${isOff ? "Рабочий" : "Выходной"}, ${note}`) }).waitFor();
  await page.getByRole("row").filter({ hasText: note }).filter({ hasText: "24.12.2031" }).first().waitFor();
  await page.getByText("День сохранён").waitFor();
  assert.notEqual(await page.getByText(/^\d+ рабоч/).innerText(), working);
  await page.getByRole("button", { name: "Следующий год" }).click();
  await page.getByRole("heading", { name: "Производственный календарь, 2032" }).waitFor();
  await page.getByRole("button", { name: "Язык: English" }).click();
  await page.getByRole("heading", { name: "Production calendar, 2032" }).waitFor();
  await page.getByRole("button", { name: /^Thursday,? 1 January 2032, Holiday/ }).waitFor();
  await checkAccessibility(page, "the calendar in English");
  await closePage(page);
});
