// What every page is headed by: the system's or the programme's name, who is logged in, the way out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, openAs, openPage, scene } from "./support.js";

const brand = (page) => page.getByRole("banner").locator(".brand");

test("S2.1, S2.2, S2.19: an ordinary browser at the address; title, who is logged in, the way out", async () => {
  const made = scene("named", { files: ["natproekt-2020"] });
  const page = await openPage();
  await page.goto(address);
  await brand(page).getByText("Мониторинг образования").waitFor();
  await closePage(page);
  const school = await openAs(made.respondent);
  await brand(school).getByText("Мониторинг нацпроекта").waitFor();
  assert.equal(await brand(school).getAttribute("title"), "Мониторинг реализации национального проекта «Образование»");
  await school.getByRole("button", { name: /^Вы авторизованы как/ }).click();
  await school.getByText("Исполнитель", { exact: true }).waitFor();
  await school.getByRole("menuitem", { name: "Выйти" }).click();
  await school.getByRole("heading", { name: "Вход в кабинет" }).waitFor();
  await closePage(school);
});

test("S1.1: the project 500+ is headed by its own name, and its letter names the system", async () => {
  const made = scene("named", { files: ["500plus-2021"], attribute: "500plus" });
  for (const person of [made.respondent, made.curator, made.coordinator]) {
    const page = await openAs(person);
    await brand(page).getByText("«500+»").waitFor();
    assert.equal(await brand(page).getAttribute("title"), "Проект адресной методической помощи «500+»");
    assert.doesNotMatch(await page.getByRole("banner").textContent(), /нацпроект/);
    await closePage(page);
  }
  const page = await openAs(made.coordinator);
  await page.goto(`${address}/document?programme=${made.codes[0]}`);
  await page.getByText("информационной системе «Мониторинг электронных дорожных карт» (далее - ИС МЭДК)").waitFor();
  await checkAccessibility(page, "the letter of 500+");
  await checkNarrow(page, "the letter of 500+");
  await closePage(page);
});

test("S2.19, S3.1: of several programmes the head names the system, and the one whose document is read", async () => {
  const made = scene("named", { files: ["natproekt-2020", "cos-2024"] });
  const page = await openAs(made.coordinator);
  await brand(page).getByText("Мониторинг образования").waitFor();
  await page.goto(`${address}/document?programme=${made.codes[1]}`);
  await brand(page).getByText("Комплекс мер ЦОС").waitFor();
  // A report's status is short, too: the title of the order is long.
  await page.goto(`${address}/reports/start`);
  await page.locator(".page-status").getByText(/^Мониторинг нацпроекта: /).waitFor();
  await closePage(page);
});
