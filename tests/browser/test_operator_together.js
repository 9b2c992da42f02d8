// Two operators on one queue, and an author who sends anew: nobody decides twice, the queue goes on (S2.39).
import assert from "node:assert/strict";
import { test } from "node:test";
import { closePage, openAs, scene, screenshot } from "./support.js";

const details = (page) => page.getByRole("region", { name: "Выбранный показатель" });
const rows = (page) => page.locator(".data-table tbody tr");

test("what one has taken or decided the other one sees, and is told", async () => {
  const { operator, colleague, authors } = scene("queue");
  const page = await openAs(operator);
  const other = await openAs(colleague);
  await page.getByText("Ждут проверки 6 показателей").waitFor();
  await other.getByText("Ждут проверки 3 показателя").waitFor();

  await other.keyboard.press("j");
  await other.keyboard.press("Enter");
  await details(other).getByText("У вас в работе").waitFor();
  // Shown to the first by itself: whose hands it is in, and since when.
  await page.locator("tbody tr .lock").waitFor();
  await page.keyboard.press("j");
  await details(page).getByText(/^С \d\d:\d\d смотрит другой проверяющий$/).waitFor();
  await screenshot(page, "operator-taken");
  await page.keyboard.press("a");
  assert.equal(await rows(page).count(), 6);
  await details(page).getByRole("button", { name: "Дальше" }).click();
  await details(page).getByText("2 из 6").waitFor();

  // Both look at the second one; the slower one's verdict comes too late.
  await other.keyboard.press("j");
  await details(other).getByText("2 из 3").waitFor();
  await page.getByRole("button", { name: "Приостановить обновление" }).click();
  await other.keyboard.press("a");
  await other.getByText(/^Принято: /).waitFor();
  page.expected.push(/409/);
  await page.keyboard.press("a");
  await page.getByText("По этой версии уже принято решение: принято.").waitFor();
  await details(page).getByText(/^3 из 6$|^2 из 5$/).waitFor();
  await page.getByRole("button", { name: "Понятно" }).click();
  await page.getByRole("button", { name: "Продолжить обновление" }).click();
  await page.locator(".table-count").getByText("5 строк").waitFor();

  // A newcomer appears by itself.
  scene("send", { person: authors[1], item: "plan", value: "yes" });
  await page.locator(".table-count").getByText("6 строк").waitFor();
  await rows(page).filter({ hasText: "Да" }).waitFor();
  await closePage(other);
  await closePage(page);
});

test("a version sent meanwhile has to be looked at before the verdict", async () => {
  const { operator, authors } = scene("queue");
  const page = await openAs(operator);
  await rows(page).first().waitFor();
  await page.keyboard.press("j");
  await details(page).getByText("100", { exact: true }).waitFor();
  scene("send", { person: authors[0], item: "pupils", value: "130" });
  await details(page).getByText("Было 100, стало 130. Проверьте её, прежде чем решать.").waitFor();
  assert.ok(await details(page).getByRole("button", { name: "Принять (A)" }).isDisabled());
  await details(page).getByRole("button", { name: "Проверяю новую версию" }).click();
  await page.keyboard.press("a");
  await page.getByText(/^Принято: /).waitFor();
  await closePage(page);
});
