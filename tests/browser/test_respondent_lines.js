// Nothing typed and nothing uploaded is lost: a cut line, a reload, a session that ends, another computer (S2.30, S2.37, D13).
import assert from "node:assert/strict";
import { test } from "node:test";
import { pdf } from "./pdf.js";
import { checkAccessibility, closePage, openAs, scene, screenshot } from "./support.js";

const row = (page, question) => page.locator(".item a").filter({ has: page.getByText(question, { exact: true }) });
const details = (page) => page.locator(".desk-item");
const field = (page) => page.getByRole("textbox", { name: "Введите значение для показателя" });
const LOST = /ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to load resource/;

async function openItem(page, question) {
  await row(page, question).click();
  await details(page).getByRole("heading", { level: 2, name: question, exact: true }).waitFor();
}

// What another page of the same person sees: only what the server has.
async function expectOnServer(page, question, text) {
  await page.reload();
  await row(page, question).filter({ hasText: text }).waitFor();
}

test("what is typed without a line survives a reload of the page and is sent when the line is back", async () => {
  const { respondent } = scene("everybody", { people: ["respondent"] });
  const page = await openAs(respondent);
  page.expected.push(LOST);
  await openItem(page, "Вопрос number");
  await page.context().setOffline(true);
  await field(page).fill("4321");
  await field(page).blur();
  await details(page).getByText("Нет связи: сохранено на этом компьютере").waitFor();
  await page.getByText("1 значение ждёт отправки на этом компьютере").waitFor();
  await checkAccessibility(page, "an item without a line");
  await screenshot(page, "respondent-offline");
  await page.context().setOffline(false);
  await details(page).getByText(/^Сохранено в \d\d:\d\d$/).waitFor();
  await expectOnServer(page, "Вопрос number", "4\u202f321");

  // The answer of the server never arrives, and the page is closed in the middle of it: the value is still there.
  await page.route("**/value", (route) => route.abort("internetdisconnected"));
  await field(page).fill("5432");
  await details(page).getByText("Нет связи: сохранено на этом компьютере").waitFor();
  await page.reload();
  await field(page).waitFor();
  assert.equal((await field(page).inputValue()).replace(/\s/g, ""), "5432");
  await page.unroute("**/value");
  await details(page).getByText(/^Сохранено в \d\d:\d\d$/).waitFor();
  await expectOnServer(page, "Вопрос number", "5\u202f432");
  await closePage(page);
});

test("a session that ends while somebody types asks for the password over the page and loses nothing", async () => {
  const { respondent } = scene("everybody", { people: ["respondent"] });
  const page = await openAs(respondent);
  page.expected.push(/401/);
  await openItem(page, "Вопрос number");
  assert.ok(scene("revoked", { person: respondent }).ended >= 1);
  await field(page).pressSequentially("777");
  const dialog = page.getByRole("dialog", { name: "Сеанс завершился" });
  await dialog.waitFor();
  await checkAccessibility(page, "the page of a session that is over");
  await screenshot(page, "respondent-session-over");
  await dialog.getByLabel("Пароль", { exact: true }).fill(respondent.password);
  await dialog.getByRole("button", { name: "Войти", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
  await details(page).getByText(/^Сохранено в \d\d:\d\d$/).waitFor();
  assert.equal(await field(page).inputValue(), "777");
  await expectOnServer(page, "Вопрос number", "777");
  await closePage(page);
});

test("a value saved at another computer meanwhile stands beside mine, and I choose", async () => {
  const { respondent } = scene("everybody", { people: ["respondent"] });
  const page = await openAs(respondent);
  page.expected.push(/412/);
  await page.getByRole("button", { name: "Приостановить обновление" }).click();
  await openItem(page, "Вопрос number");
  const assignmentId = new URL(page.url()).searchParams.get("item");
  await page.route("**/value", (route) => route.abort("internetdisconnected"));
  page.expected.push(LOST);
  await field(page).fill("100");
  scene("saved", { respondent, assignment: assignmentId, value: "200" });
  await details(page).getByText("Нет связи: сохранено на этом компьютере").waitFor();
  await page.unroute("**/value");
  const conflict = page.getByRole("alert").filter({ hasText: "Значение изменили в другом окне" });
  await conflict.getByText("100 чел.").waitFor();
  await conflict.getByText("200 чел.").waitFor();
  await checkAccessibility(page, "a conflict");
  await screenshot(page, "respondent-conflict");
  await conflict.getByRole("button", { name: "Оставить моё" }).click();
  await details(page).getByText(/^Сохранено в \d\d:\d\d$/).waitFor();
  await expectOnServer(page, "Вопрос number", "100 чел.");
  await closePage(page);
});

test("an upload cut in the middle goes on by itself, and after a reload with the same file from the same place", async () => {
  const { respondent } = scene("everybody", { people: ["respondent"] });
  const page = await openAs(respondent);
  page.expected.push(LOST);
  const file = { name: "Приказ.pdf", mimeType: "application/pdf", buffer: pdf(500_000) };
  const offsets = [];
  let isCut = false;
  await page.route("**/uploads/*", (route) => {
    const offset = Number(route.request().headers()["upload-offset"] ?? -1);
    if (offset < 0) return route.continue();
    if (isCut && offset >= 131_072) return route.abort("internetdisconnected");
    offsets.push(offset);
    return route.continue();
  });
  await openItem(page, "Вопрос number-evidence");
  await field(page).fill("15");
  isCut = true;
  await page.locator(".desk-item input[type=file]").setInputFiles(file);
  await details(page).locator(".on-way").getByText(/Связь прервалась, продолжим, когда она появится$/).first().waitFor();
  await checkAccessibility(page, "an upload without a line");
  await screenshot(page, "respondent-upload-cut");

  await page.reload();
  await details(page).getByText("Загружено 131 КБ из 500 КБ").waitFor();
  await details(page).locator(".on-way").getByText(/Выберите этот же файл/).waitFor();
  const again = details(page).locator(".on-way input[type=file]");
  await again.setInputFiles({ ...file, name: "Другой.pdf" });
  await details(page).locator(".on-way").getByText(/Это другой файл/).waitFor();
  await again.setInputFiles(file);
  await details(page).locator(".on-way").getByText(/Связь прервалась, продолжим, когда она появится$/).first().waitFor();
  isCut = false;
  await details(page).getByText("1 страница, проверен").waitFor();
  await details(page).getByText("Данные готовы к отправке на проверку").waitFor();
  assert.equal(offsets.filter((offset) => offset === 0).length, 1, "the first piece went out once");
  assert.deepEqual(offsets, [...offsets].sort((a, b) => a - b));

  // Another one is cancelled on its way.
  isCut = true;
  await page.locator(".drop-zone input[type=file]").setInputFiles({ ...file, name: "Лишний.pdf" });
  await page.getByRole("button", { name: "Отменить загрузку: Лишний.pdf" }).click();
  await page.locator(".on-way").waitFor({ state: "detached" });
  await page.reload();
  await details(page).getByText("1 страница, проверен").waitFor();
  assert.equal(await page.locator(".on-way").count(), 0);
  await page.getByRole("button", { name: "Убрать файл: Приказ.pdf" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Убрать файл" }).click();
  await details(page).getByText("Файл не загружен").waitFor();
  await closePage(page);
});
