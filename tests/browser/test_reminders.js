// Who lets others wait is told of, and who owes something is reminded of it with one press (S1.23, S1.35, S2.62).
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const rowOf = (page, name) => page.locator(".data-table tbody tr", { hasText: name });

test("a row's organisation is reminded of exactly what it owes; when it has read that, the row says so", async () => {
  const made = scene("reports");
  const page = await openAs(made.coordinator);
  await page.goto(`${address}/reports/provided?round=${made.round}`);
  const row = rowOf(page, "МБОУ «СОШ № 2» 1");
  await row.getByRole("button", { name: "Напомнить: МБОУ «СОШ № 2» 1" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("начато, не отправлено").waitFor();
  const owed = await dialog.getByRole("listitem").allTextContents();
  assert.deepEqual(owed.map((text) => text.match(/Вопрос (\w+)/)[1]), ["one", "two", "three"]);
  await checkAccessibility(page, "what is owed");
  await screenshot(page, "reminder-asking");
  await dialog.getByRole("button", { name: "Отправить 1 напоминание" }).click();
  await dialog.getByText("Отправлено 1 напоминание.").waitFor();
  await dialog.getByRole("button", { name: "Закрыть" }).click();
  await row.getByText("не прочли").waitFor();

  const school = await openAs(made.respondents[1]);
  await school.goto(`${address}/messages`);
  await school.getByRole("link", { name: /^Напоминание: / }).click();
  await school.getByText(/1\. Раздел 1 — Вопрос one\. Начато, но не отправлено\./).waitFor();
  await screenshot(school, "reminder-read");
  await school.getByRole("link", { name: "Перейти к показателям" }).click();
  await school.waitForURL(/\/indicators\?/);
  await closePage(school);

  await page.reload();
  await row.getByRole("button", { name: /Прочитано/ }).waitFor();
  await closePage(page);
});

test("several chosen rows at once, who was reminded today only when asked again, and who cannot be reached is named", async () => {
  const made = scene("reports");
  const page = await openAs(made.coordinator);
  await page.goto(`${address}/reports/provided?round=${made.round}`);
  await rowOf(page, "МБОУ «СОШ № 2» 1").getByRole("button", { name: /^Напомнить/ }).click();
  page.expected.push(/409/);
  await page.getByRole("button", { name: "Отправить 1 напоминание" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Закрыть" }).click();
  for (const number of [2, 3, 5]) await rowOf(page, `МБОУ «СОШ № ${number}» 1`).getByRole("checkbox").check();
  await checkAccessibility(page, "chosen rows");
  await screenshot(page, "reminder-chosen");
  await page.getByRole("button", { name: "Напомнить 3 организациям" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/Сегодня уже напоминали/).waitFor();
  const again = dialog.getByRole("checkbox", { name: /^Напомнить ещё раз/ });
  await dialog.getByRole("button", { name: "Отправить 2 напоминания" }).waitFor();
  await again.press("Space");
  await dialog.getByRole("button", { name: "Отправить 3 напоминания" }).waitFor();
  await screenshot(page, "reminder-several");
  await again.press("Space");
  await dialog.getByRole("button", { name: "Отправить 2 напоминания" }).click();
  await dialog.getByText("Отправлено 1 напоминание.").waitFor();
  await dialog.getByText(/У организации МБОУ «СОШ № 5» 1 нет учётной записи/).waitFor();
  await dialog.getByRole("button", { name: "Закрыть" }).click();
  await rowOf(page, "МБОУ «СОШ № 3» 1").getByText("не прочли").waitFor();
  assert.equal(await page.getByRole("button", { name: /^Напомнить \d+ организ/ }).count(), 0);
  const hidden = await page.locator(".table-scroll").evaluate((place) => place.scrollWidth - place.clientWidth);
  assert.ok(hidden <= 0, `${hidden} px of the table are out of sight`);
  await screenshot(page, "reminder-after");
  await checkNarrow(page, "the report with reminders");
  await page.goto(`${address}/reports/start?round=${made.round}`);
  await page.getByRole("button", { name: /^Напомнить: / }).first().waitFor();
  await screenshot(page, "reminder-start");
  await closePage(page);
  const operator = await openAs(made.operator);
  await operator.goto(`${address}/reports/provided?round=${made.round}`);
  await rowOf(operator, "МБОУ «СОШ № 2» 1").waitFor();
  assert.equal(await operator.getByRole("button", { name: /^Напомнить/ }).count(), 0);
  await closePage(operator);
});

test("what curators have not answered for long is told above, and leads to the report", async () => {
  const made = scene("plans");
  scene("waited", made);
  scene("notified", { person: made.coordinator, count: 1 });
  const page = await openAs(made.coordinator);
  await page.goto(`${address}/notifications`);
  const told = page.getByRole("listitem").filter({ hasText: "Кураторы не проверили: 2 ответа" });
  await told.getByText(/куратор Кураторова/).waitFor();
  await checkAccessibility(page, "a digest");
  await screenshot(page, "unanswered");
  await told.getByRole("link", { name: "Открыть отчёт" }).click();
  await page.waitForURL(/\/reports\/roadmaps\?.*sort=-waiting/);
  await rowOf(page, "МБОУ «СОШ № 1» 1").getByRole("button", { name: /^Напомнить/ }).waitFor();
  await screenshot(page, "unanswered-report");
  // A school that has chosen a direction and set no day for it is reminded of that.
  await rowOf(page, "МБОУ «СОШ № 2» 1").getByRole("button", { name: /^Напомнить/ }).click();
  await page.getByRole("dialog").getByText("плановая дата не поставлена").first().waitFor();
  await closePage(page);
  const curator = await openAs(made.curator);
  await curator.goto(`${address}/notifications`);
  await curator.getByRole("listitem").filter({ hasText: "Ждут вашего решения: 2 ответа" }).getByRole("link", { name: "Открыть очередь" }).click();
  await curator.waitForURL(/\/queue/);
  await closePage(curator);
});
