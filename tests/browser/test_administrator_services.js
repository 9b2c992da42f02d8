// The state of the services: who serves which queue, and what a person sees when nobody does.
import { test } from "node:test";
import { checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

test("every queue is served, and one that nobody serves is named", async () => {
  const { administrator } = scene("launch");
  const page = await openAs(administrator);
  await page.getByRole("link", { name: "Состояние служб" }).click();
  const table = page.getByRole("region", { name: "Очереди и кто их обслуживает" });
  await table.getByRole("row", { name: /^Напоминания и письма deadlines/ }).getByText("Работает").waitFor();
  await page.getByText("Каждую очередь кто-то обслуживает.").waitFor();
  await page.getByText("Ждут отправки").waitFor();
  // Each process with its name, and how far each service is with the events of others.
  const processes = page.getByRole("region", { name: "Процессы служб" });
  await processes.getByRole("row").filter({ hasText: "reporting@" }).getByText("Работает").waitFor();
  const lags = page.getByRole("region", { name: "Отставание от событий" });
  await lags.getByRole("row").filter({ hasText: /^Отчёты\s*Ответы/ }).getByText("Работает").waitFor();
  await checkAccessibility(page, "the services");
  await checkNarrow(page, "the services");
  await screenshot(page, "services");
  try {
    scene("process", { name: "review", act: "stop" });
    await page.getByRole("alert").filter({ hasText: "Проверка" }).waitFor();
    await table.getByRole("row", { name: /^Проверка review\b/ }).getByText("Никто не обслуживает").waitFor();
    await processes.getByRole("row").filter({ hasText: "review@" }).waitFor({ state: "detached" });
    await checkAccessibility(page, "the services without one");
    await screenshot(page, "services-absent");
  } finally {
    scene("process", { name: "review", act: "start" });
  }
  await page.getByText("Каждую очередь кто-то обслуживает.").waitFor();
  await page.getByRole("button", { name: "Приостановить обновление" }).click();
  await page.getByRole("button", { name: "Продолжить обновление" }).waitFor();
  await page.getByRole("button", { name: "Язык: English" }).click();
  await page.getByRole("heading", { name: "State of the services" }).waitFor();
  await checkAccessibility(page, "the services in English");
  await closePage(page);
});
