// A letter goes from the region through a municipality to a school, and its author sees who has read it; a consultation
// is called and called off (S1.5, S1.34-S1.36).
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { pdf } from "./pdf.js";
import { checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const heading = (page, name) => page.getByRole("heading", { level: 1, name, exact: true });
const place = (page, name) => page.getByRole("navigation", { name: "Меню" }).getByRole("link", { name });
const row = (page, table, name) => page.getByRole("table", { name: table }).getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });

async function openMessage(page, subject) {
  await place(page, "Сообщения").click();
  await heading(page, "Сообщения").waitFor();
  await page.getByRole("link", { name: subject }).click();
  await heading(page, subject).waitFor();
}

test("a letter is written, goes down by level, and who has not read it is known", async () => {
  const { coordinator, municipal, head } = scene("messages", { round: true });
  const subject = "О мероприятиях по реализации проекта «500+»";
  const author = await openAs(coordinator);
  await place(author, "Сообщения").click();
  await author.getByRole("link", { name: "Написать" }).click();
  await heading(author, "Новое сообщение").waitFor();
  await author.getByRole("radio", { name: "Письмо" }).check({ force: true });
  await author.getByLabel("Тема").fill(subject);
  await author.getByLabel("Текст").fill("Прошу обеспечить внесение данных.\nСрок — пятница.");
  await author.getByRole("button", { name: "Вставить список отстающих" }).click();
  await checkAccessibility(author, "the list of those behind");
  await author.getByRole("dialog").getByRole("button", { name: "Вставить в текст" }).click();
  await author.getByRole("dialog").waitFor({ state: "detached" });
  const text = await author.getByLabel("Текст").inputValue();
  assert.match(text, /Срок — пятница\.\n\nНе представили данные полностью, .+:\n1\. .+ — 0 из \d+/);
  assert.match(await author.getByLabel("Адрес страницы").inputValue(), /^\/reports\/provided\?round=[0-9a-f-]{36}$/);
  await author.getByRole("button", { name: /^Убрать ссылку/ }).click();
  await author.getByText("Муниципальные координаторы").click();
  await author.getByText("Попросить отметку «Ознакомлен»").click();
  await author.getByRole("button", { name: "Добавить ссылку" }).click();
  await author.getByLabel("Название").fill("Базовый отчёт на 31.03.2021");
  await author.getByLabel("Адрес страницы").fill(`${new URL(author.url()).origin}/reports/start?asOf=2021-03-31`);
  assert.equal(await author.getByLabel("Адрес страницы").inputValue(), "/reports/start?asOf=2021-03-31");
  await checkAccessibility(author, "the form of a letter");
  await checkNarrow(author, "the form of a letter");
  await screenshot(author, "messages-compose");

  // The attachment makes a draft of it; what is missing is said beside its field.
  await author.locator("input[type=file]").setInputFiles({ name: "Приложение.pdf", mimeType: "application/pdf", buffer: pdf() });
  await author.getByRole("button", { name: "Убрать файл: Приложение.pdf" }).waitFor();
  await author.getByText("Черновик сохранён").waitFor();
  await author.getByRole("button", { name: "Проверить и отправить" }).click();
  const dialog = author.getByRole("dialog");
  await dialog.getByRole("heading", { name: "Отправить 1 получателю" }).waitFor();
  await dialog.getByText("Муниципальные координаторы —").waitFor();
  await dialog.getByText("После отправки изменить сообщение нельзя").waitFor();
  await checkAccessibility(author, "who gets it");
  await screenshot(author, "messages-audience");
  author.expected.push(/422/);
  await dialog.getByRole("button", { name: "Отправить" }).click();
  await author.getByText("Исправьте отмеченные поля.").waitFor();
  await author.getByLabel("Кто подписал").fill("Иванов И. И.");
  await author.getByLabel("Должность").fill("Председатель комитета");
  await author.getByRole("button", { name: "Проверить и отправить" }).click();
  await author.getByRole("dialog").getByText("Муниципальные координаторы —").waitFor();
  await author.getByRole("dialog").getByRole("button", { name: "Отправить" }).click();
  await heading(author, subject).waitFor();
  await author.getByText(/Письмо от \d\d\.\d\d\.\d{4} № 1/).first().waitFor();

  // The municipality reads it and passes it on.
  const middle = await openAs(municipal);
  await openMessage(middle, subject);
  await middle.getByRole("link", { name: "Приложение.pdf" }).waitFor();
  await middle.getByRole("link", { name: "Базовый отчёт на 31.03.2021" }).waitFor();
  await middle.getByRole("button", { name: "Ознакомлен" }).click();
  await middle.getByText("Вы ознакомились").waitFor();
  await checkAccessibility(middle, "a message to pass on");
  await screenshot(middle, "messages-pass-on");
  await middle.getByLabel("Ваши слова").fill("К исполнению");
  await middle.getByRole("button", { name: /^Довести до 2 получателей/ }).click();
  await middle.getByText("Сообщение есть у всех, кому вы можете его передать.").waitFor();
  await closePage(middle);

  // The school hears of it by the bell.
  const school = await openAs(head);
  await school.goto(new URL("/notifications", school.url()).href);
  await school.getByRole("link", { name: "Открыть сообщение" }).click();
  await heading(school, subject).waitFor();
  await school.getByText("К исполнению").waitFor();
  await school.getByText("Срок — пятница.").waitFor();
  assert.equal(await school.getByRole("heading", { name: "Кто прочитал" }).count(), 0);
  for (const [name, ending, begin] of [["Документ PDF", ".pdf", "%PDF-"], ["Документ ODT", ".odt", "PK\u0003\u0004"]]) {
    const [download] = await Promise.all([school.waitForEvent("download"), school.getByRole("link", { name }).click()]);
    assert.ok(download.suggestedFilename().endsWith(ending), download.suggestedFilename());
    assert.ok((await readFile(await download.path())).toString("latin1").startsWith(begin));
  }
  await checkNarrow(school, "a message");
  await screenshot(school, "messages-school");
  await closePage(school);

  await author.reload();
  await row(author, "По уровням", "Руководители школ").filter({ hasText: "1" }).waitFor();
  const cells = await row(author, "По уровням", "Муниципальные координаторы").getByRole("cell").allInnerTexts();
  assert.deepEqual(cells, ["1", "1", "1", "1"]);
  await author.getByRole("button", { name: "Показать, кто не прочитал" }).click();
  await author.getByRole("heading", { name: "Не прочитали: 1" }).waitFor();
  await author.getByRole("table", { name: "Адресаты с телефонами" }).getByText("Кураторы школ").waitFor();
  await checkAccessibility(author, "who has read it");
  await checkNarrow(author, "who has read it");
  await screenshot(author, "messages-receipts");
  await closePage(author);
});

test("a consultation: the way in for addressees only, a file for the calendar, called off with a reason", async () => {
  const { municipal, coordinator, head, day } = scene("messages");
  const subject = "Консультация по рисковому профилю";
  const author = await openAs(municipal);
  await author.goto(new URL("/messages/new", author.url()).href);
  await heading(author, "Новое сообщение").waitFor();
  await author.getByRole("radio", { name: "Консультация" }).check({ force: true });
  await author.getByLabel("Тема").fill(subject);
  await author.getByLabel("Текст").fill("Участие обязательно.");
  await author.getByLabel("День").fill(day);
  await author.getByLabel("Время начала").fill("16.30");
  await author.getByLabel("Сколько длится").fill("60");
  await author.getByLabel("Ссылка для подключения").fill("https://conference.example/j/1");
  await author.getByLabel("Идентификатор конференции").fill("834 4516 1203");
  await author.getByLabel("Код доступа").fill("сектор-490");
  await author.getByText("Руководители школ").click();
  await checkAccessibility(author, "the form of a consultation");
  await author.getByRole("button", { name: "Проверить и отправить" }).click();
  await author.getByRole("dialog").getByText("1 организация не получит: у неё нет учётной записи.").waitFor();
  await author.getByRole("dialog").getByRole("button", { name: "Отправить" }).click();
  await heading(author, subject).waitFor();

  const school = await openAs(head);
  await openMessage(school, subject);
  await school.getByText("сектор-490").waitFor();
  await school.getByText(/16:30 \(UTC\+5\)/).first().waitFor();
  const [file] = await Promise.all([school.waitForEvent("download"), school.getByRole("link", { name: "Добавить в календарь" }).click()]);
  assert.equal(file.suggestedFilename(), "consultation.ics");
  await checkAccessibility(school, "a consultation");
  await checkNarrow(school, "a consultation");
  await screenshot(school, "messages-consultation");

  // Whoever oversees the territory sees that it takes place, and not the way in.
  const above = await openAs(coordinator, { language: "en" });
  await above.goto(new URL("/messages?box=territory", above.url()).href);
  await heading(above, "Messages").waitFor();
  await above.getByRole("link", { name: subject }).click();
  await above.getByText("Only addressees and the author see the link and the code.").waitFor();
  assert.equal(await above.getByText("сектор-490").count(), 0);
  await checkAccessibility(above, "a consultation seen from above");
  await closePage(above);

  await author.getByRole("button", { name: "Отозвать" }).click();
  const dialog = author.getByRole("dialog");
  await dialog.getByRole("button", { name: "Отозвать" }).click();
  await dialog.getByText("Напишите причину").waitFor();
  await dialog.getByLabel("Причина").fill("Перенесена");
  await dialog.getByRole("button", { name: "Отозвать" }).click();
  await author.getByText("Отозвано").first().waitFor();
  await closePage(author);
  await school.reload();
  await school.getByText("Перенесена").waitFor();
  assert.equal(await school.getByText("сектор-490").count(), 0);
  await closePage(school);
});
