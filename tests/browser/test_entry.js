// The way in: login, first password, profile, sessions; in both languages (S2.13-S2.17, S2.19).
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, logIn, openAs, openPage, scene, screenshot } from "./support.js";

test("a newcomer sets a password, fills in the profile, and is in", async () => {
  const person = scene("newcomer");
  const page = await openPage();
  await logIn(page, person);
  await page.getByRole("heading", { name: "Задайте свой пароль" }).waitFor();
  await checkAccessibility(page, "first password");
  await page.getByLabel("Текущий пароль", { exact: true }).fill(person.password);
  await page.getByLabel("Новый пароль", { exact: true }).fill("Тихий-омут-2020-года");
  await page.getByLabel("Новый пароль ещё раз").fill("другой");
  await page.getByRole("button", { name: "Сохранить пароль" }).click();
  await page.getByText("Пароли не совпали").waitFor();
  await page.getByLabel("Новый пароль ещё раз").fill("Тихий-омут-2020-года");
  await page.getByRole("button", { name: "Сохранить пароль" }).click();
  await page.getByRole("heading", { name: "Расскажите, кто вы" }).waitFor();
  await checkAccessibility(page, "first profile");
  await page.getByRole("button", { name: "Сохранить и продолжить" }).click();
  const summary = page.getByRole("alert").filter({ hasText: "Проверьте поля" });
  await summary.getByRole("link", { name: "Заполните поле «Фамилия»." }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "profile-familyName");
  const profile = { Фамилия: "Иванова", Имя: "Анна", Должность: "Заместитель директора", Телефон: "+7 351 555-12-34", "Электронная почта": "ivanova@demo.example" };
  for (const [label, value] of Object.entries(profile)) await page.getByRole("textbox", { name: label }).fill(value);
  await page.getByRole("button", { name: "Сохранить и продолжить" }).click();
  await page.getByRole("button", { name: /Вы авторизованы как: Иванова Анна/ }).click();
  await page.getByRole("menuitem", { name: "Выйти" }).click();
  await page.getByRole("heading", { name: "Вход в кабинет" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Вход в кабинет" }).waitFor();
  await closePage(page);
});

test("a wrong password is refused in words, in the language chosen", async () => {
  const page = await openPage();
  page.expected.push(/401/);
  await page.goto(address);
  await checkAccessibility(page, "login");
  await checkNarrow(page, "login");
  await logIn(page, { login: "nobody", password: "wrong-password" });
  await page.getByRole("alert").filter({ hasText: "Не получилось" }).waitFor();
  await page.getByRole("button", { name: "Язык: English" }).click();
  await page.getByRole("heading", { name: "Log in to the cabinet" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
  await checkAccessibility(page, "login in English");
  await screenshot(page, "login-en");
  await closePage(page);
});

test("profile and sessions can be read and changed", async () => {
  const { respondent } = scene("everybody");
  const page = await openAs(respondent);
  await page.goto(`${address}/profile`);
  await page.getByRole("textbox", { name: "Должность" }).fill("Директор");
  await page.getByRole("button", { name: "Сохранить профиль" }).click();
  await page.getByText("Профиль сохранён").waitFor();
  await checkAccessibility(page, "profile");
  await checkNarrow(page, "profile");
  // The scene has filled in the profile in a session of its own; it ends first.
  const cards = page.locator(".card");
  const end = page.getByRole("button", { name: /^Завершить: / });
  await page.goto(`${address}/sessions`);
  await end.click();
  await page.waitForFunction(() => document.querySelectorAll(".card").length === 1);
  const other = await openAs(respondent);
  await page.reload();
  await end.waitFor();
  await checkAccessibility(page, "sessions");
  assert.equal(await cards.count(), 2);
  await end.click();
  await page.waitForFunction(() => document.querySelectorAll(".card").length === 1);
  await cards.getByText("этот сеанс").waitFor();
  // Whoever sits there is asked for the password, and the one here goes on.
  other.expected.push(/401/);
  await other.reload();
  await other.getByRole("heading", { name: "Вход в кабинет" }).waitFor();
  await page.reload();
  await cards.getByText("этот сеанс").waitFor();
  await closePage(other);

  await page.getByRole("button", { name: "Завершить все сеансы" }).click();
  const dialog = page.getByRole("dialog", { name: "Завершить все сеансы" });
  await dialog.getByText(/на всех компьютерах/).waitFor();
  await checkAccessibility(page, "ending all sessions");
  await dialog.getByRole("button", { name: "Завершить все сеансы" }).click();
  await page.getByRole("heading", { name: "Вход в кабинет" }).waitFor();
  await closePage(page);
});

test("the language chosen outlives logging out and the end of a session", async () => {
  const { respondent } = scene("everybody", { people: ["respondent"] });
  const page = await openPage({ language: null });
  await page.goto(address);
  await page.getByRole("button", { name: "Язык: English" }).click();
  await page.getByRole("heading", { name: "Log in to the cabinet" }).waitFor();
  await logIn(page, respondent);
  await page.getByRole("button", { name: /^You are logged in as/ }).click();
  await page.getByRole("menuitem", { name: "Log out" }).click();
  await page.getByRole("heading", { name: "Log in to the cabinet" }).waitFor();
  await page.reload();
  await logIn(page, respondent);
  await page.locator(".frame").waitFor();
  scene("revoked", { person: respondent });
  page.expected.push(/401/);
  await page.reload();
  await page.getByRole("heading", { name: "Log in to the cabinet" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Log in to the cabinet" }).waitFor();
  await closePage(page);
});
