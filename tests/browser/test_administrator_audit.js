// The audit: what somebody did is found by login, act and day; the state of the services is seen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, openAs, openPage, logIn, scene, screenshot } from "./support.js";

test("a refused login and a reset password are found in the audit", async () => {
  const { administrator, respondent } = scene("everybody");
  const stranger = await openPage();
  stranger.expected.push(/401/);
  await logIn(stranger, { login: respondent.login, password: "wrong-password" });
  await stranger.getByRole("alert").filter({ hasText: "Не получилось" }).waitFor();
  await closePage(stranger);
  const page = await openAs(administrator);
  await page.getByRole("link", { name: "Журнал действий" }).click();
  await page.getByRole("searchbox", { name: "Логин: кто или чей" }).fill(respondent.login);
  const table = page.getByRole("region", { name: "Журнал действий" });
  // A record is in the chain a second after the act.
  const refused = table.getByRole("row").filter({ hasText: "Отказ во входе" });
  for (let attempt = 0; attempt < 20 && (await refused.count()) === 0; attempt++) {
    const answered = page.waitForResponse((response) => response.url().includes("/api/v1/audit"));
    await page.getByRole("button", { name: "Обновить" }).click();
    await answered;
    await table.getByRole("row").nth(1).waitFor();
  }
  await refused.first().getByRole("button").click();
  const details = page.getByRole("complementary", { name: "Отказ во входе" });
  await details.getByText(respondent.login).waitFor();
  await checkAccessibility(page, "the audit");
  await checkNarrow(page, "the audit");
  await screenshot(page, "audit");
  await page.getByRole("button", { name: /Действие/ }).click();
  await page.getByRole("option", { name: "Выдача учётной записи" }).click();
  await refused.first().waitFor({ state: "detached" });
  const issued = table.getByRole("row").filter({ hasText: "Выдача учётной записи" });
  await issued.first().waitFor();
  assert.equal(await issued.count(), 1);
  await page.getByLabel("С", { exact: true }).fill("2100-01-01");
  await page.getByText("По этим условиям ничего не найдено").waitFor();
  assert.match(page.url(), /act=account_issued.*from=2100-01-01|from=2100-01-01.*act=account_issued/);
  await page.goto(`${address}/audit`);
  await table.getByRole("row").nth(3).waitFor();
  await page.getByRole("button", { name: "Язык: English" }).click();
  await page.getByRole("heading", { name: "Audit", level: 1 }).waitFor();
  await checkAccessibility(page, "the audit in English");
  await closePage(page);
});
