// Accounts: issued in bulk, printed as slips, saved as CSV, reset, closed and reopened (S2.13, S2.16, S2.46).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, logIn, openAs, openPage, scene, screenshot } from "./support.js";

const choose = async (page, label, option) => {
  await page.getByRole("button", { name: new RegExp(label) }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
};

test("accounts are issued for a municipality, printed and saved; one of them works", async () => {
  const { administrator, municipality } = scene("launch", { schools: 7 });
  const page = await openAs(administrator);
  await page.goto(`${address}/accounts/issue`);
  await choose(page, "Территория", municipality);
  await page.getByText("Не хватает 8 учётных записей.").waitFor();
  await checkAccessibility(page, "issuing accounts");
  await checkNarrow(page, "issuing accounts");
  await page.getByRole("button", { name: "Выдать 8 учётных записей" }).click();
  await page.getByRole("dialog").waitFor();
  await checkAccessibility(page, "before accounts are issued");
  await page.getByRole("dialog").getByRole("button", { name: "Выдать 8 учётных записей" }).click();
  await page.getByText("Выдано 8 учётных записей").waitFor();
  await checkAccessibility(page, "issued accounts");
  const waiting = page.waitForEvent("download");
  await page.getByRole("button", { name: "Сохранить CSV" }).click();
  const table = readFileSync(await (await waiting).path(), "utf8").replace("\ufeff", "").trimEnd().split("\r\n").map((line) => line.slice(1, -1).split('";"'));
  assert.equal(table.length, 9);
  // Six slips on a sheet: eight of them on two, and nothing else is printed.
  assert.equal(await page.locator(".slip").count(), 8);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  assert.equal(pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g).length, 2);
  await page.emulateMedia({ media: "print" });
  const [, , login, password] = table[1];
  await page.locator(".slip").filter({ hasText: login }).getByText(password).waitFor();
  assert.equal(await page.getByRole("heading", { name: "Выдача учётных записей" }).count(), 0);
  await screenshot(page, "slips");
  await page.emulateMedia({ media: null });
  await screenshot(page, "issued");
  const newcomer = await openPage();
  await logIn(newcomer, { login, password });
  await newcomer.getByRole("heading", { name: "Задайте свой пароль" }).waitFor();
  await closePage(newcomer);
  await page.getByRole("button", { name: "Убрать пароли" }).click();
  await page.getByRole("dialog").getByText("Больше их нигде увидеть нельзя").waitFor();
  await checkAccessibility(page, "before passwords are discarded");
  await page.getByRole("dialog").getByRole("button", { name: "Убрать пароли" }).click();
  assert.equal(await page.getByText(password).count(), 0);
  // Everybody has one now: issuing the same again would give nothing, asking for two each gives the second ones.
  await choose(page, "Территория", municipality);
  await page.getByText("Выдавать некому").waitFor();
  await choose(page, "Сколько всего у каждой", "2");
  await page.getByText("Не хватает 8 учётных записей.").waitFor();
  await closePage(page);
});

test("a second operator of one region is issued from the organisation's page, and once", async () => {
  const { administrator, operator, region } = scene("everybody", { people: ["operator", "administrator"] });
  const page = await openAs(administrator);
  await page.goto(`${address}/organisations`);
  await page.getByRole("searchbox", { name: "Название или ИНН" }).fill(`Область ${region}`);
  await page.getByRole("button", { name: `Область ${region}`, exact: true }).click();
  await page.getByRole("link", { name: "Выдать учётную запись" }).click();
  await choose(page, "Роль", "Оператор");
  await page.getByText("Выдавать некому").waitFor();
  await choose(page, "Сколько всего у каждой", "2");
  await page.getByText("Не хватает 1 учётной записи.").waitFor();
  await checkAccessibility(page, "issuing to one organisation");
  await checkNarrow(page, "issuing to one organisation");
  await screenshot(page, "issue-second-operator");
  await page.getByRole("button", { name: "Выдать 1 учётную запись" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Выдать 1 учётную запись" }).click();
  await page.getByText("Выдана 1 учётная запись").waitFor();
  await page.getByRole("button", { name: "Показать пароли" }).click();
  const [, login, password] = await page.locator(".data-table tbody tr").first().locator("th, td").allInnerTexts();
  assert.equal(login, `${operator.login}2`);
  const second = await openPage();
  await logIn(second, { login, password });
  await second.getByRole("heading", { name: "Задайте свой пароль" }).waitFor();
  await closePage(second);
  await closePage(page);
});

test("a password is reset, an account closed and reopened", async () => {
  const { administrator, respondent } = scene("everybody");
  const page = await openAs(administrator);
  await page.goto(`${address}/accounts`);
  await page.getByRole("searchbox", { name: "Логин или организация" }).fill(respondent.login);
  await page.getByRole("button", { name: respondent.login, exact: true }).click();
  const details = page.getByRole("complementary", { name: respondent.login });
  await checkAccessibility(page, "an account");
  await checkNarrow(page, "an account");
  await details.getByRole("button", { name: "Сбросить пароль" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Сбросить и показать новый" }).click();
  const password = await details.locator(".secret").first().innerText();
  await screenshot(page, "account-reset");
  const person = await openPage();
  await logIn(person, { login: respondent.login, password });
  await person.getByRole("heading", { name: "Задайте свой пароль" }).waitFor();
  await details.getByRole("button", { name: "Закрыть учётную запись" }).click();
  await page.getByRole("dialog").waitFor();
  await checkAccessibility(page, "before an account is closed");
  await page.getByRole("dialog").getByRole("button", { name: "Закрыть", exact: true }).click();
  await details.getByText("Закрыта", { exact: true }).waitFor();
  person.expected.push(/401/);
  await person.goto(address);
  await person.getByRole("heading", { name: "Вход в кабинет" }).waitFor();
  await closePage(person);
  await choose(page, "Состояние", "Закрытые");
  await page.getByRole("button", { name: respondent.login, exact: true }).waitFor();
  await details.getByRole("button", { name: "Открыть снова" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Открыть", exact: true }).click();
  await page.getByText("По этим условиям ничего не найдено").waitFor();
  await closePage(page);
});

test("the list of accounts in English, dark and narrow", async () => {
  const { administrator } = scene("launch");
  const page = await openAs(administrator, { language: "en", width: 390, height: 844, colorScheme: "dark" });
  for (const [path, heading] of [["accounts", "Accounts"], ["organisations", "Organisations"], ["rounds", "Rounds"], ["accounts/issue", "Issuing accounts"]]) {
    await page.goto(`${address}/${path}`);
    await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
    await page.getByRole("region").or(page.getByRole("button", { name: /Territory/ })).first().waitFor();
    await checkAccessibility(page, `${path} in English`);
    await checkNarrow(page, path);
    await screenshot(page, `${path.replace("/", "-")}-en-dark`);
  }
  await closePage(page);
});
