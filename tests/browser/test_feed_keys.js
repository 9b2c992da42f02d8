// The administrator issues a key of the feed for dashboards, which opens its door, and takes it back, after which it does
// not (I1, S2.51). The door is asked by a real subscriber.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

async function fill(page, name, territory) {
  await page.getByRole("textbox", { name: "Кому" }).fill(name);
  await page.getByRole("button", { name: /Территория/ }).click();
  await page.getByRole("option", { name: territory }).click();
}

test("a key is issued, shown once, seen at the door, and revoked", async () => {
  const { administrator, territory, code } = scene("opened_feed");
  const page = await openAs(administrator);
  await page.getByRole("link", { name: "Лента для витрин" }).click();
  await page.getByText("tcp://127.0.0.1:").waitFor();
  await page.getByRole("link", { name: "Выдать ключ" }).click();
  await page.getByRole("button", { name: "Выдать ключ" }).click();
  await page.getByText("Заполните это поле").first().waitFor();
  await checkAccessibility(page, "issuing a key");
  await fill(page, "Витрина области", territory);
  await page.getByRole("textbox", { name: "Открытый ключ" }).fill("~".repeat(40));
  page.expected.push(/status of 4/);
  await page.getByRole("button", { name: "Выдать ключ" }).click();
  await page.getByText("Это не открытый ключ CURVE").waitFor();
  await page.getByText("Создать здесь").click();
  await page.getByRole("button", { name: "Выдать ключ" }).click();
  await page.getByText("Закрытый ключ показан только сейчас").waitFor();
  await checkAccessibility(page, "an issued key");
  await checkNarrow(page, "an issued key");
  await screenshot(page, "feed-issued");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Сохранить файл с парой" }).click()]);
  const [publicKey, secretKey] = readFileSync(await download.path(), "utf8").trim().split("\n");
  assert.equal(scene("reads_feed", { publicKey, secretKey }).door, "opens");

  await page.getByRole("link", { name: "К списку ключей" }).click();
  const row = page.getByRole("region", { name: "Ключи ленты", exact: true }).getByRole("row").filter({ hasText: code });
  await row.getByText("Действует").waitFor();
  await checkAccessibility(page, "the keys");
  await checkNarrow(page, "the keys");
  await screenshot(page, "feed-keys");
  await row.getByRole("button", { name: "Отозвать ключ «Витрина области»" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Вернуть ключ нельзя").waitFor();
  await checkAccessibility(page, "revoking a key");
  await dialog.getByRole("button", { name: "Отозвать" }).click();
  await page.getByText("Ключ «Витрина области» отозван.").waitFor();
  await row.waitFor({ state: "detached" });
  const former = page.getByRole("region", { name: "Отозванные ключи" }).getByRole("row").filter({ hasText: code });
  await former.getByText(/^Отозван/).waitFor();
  assert.equal(await former.getByRole("button").count(), 0);
  assert.equal(scene("reads_feed", { publicKey, secretKey }).door, "refuses");
  await page.getByRole("button", { name: "Язык: English" }).click();
  await page.getByRole("heading", { name: "Feed for dashboards" }).waitFor();
  await checkAccessibility(page, "the keys in English");
  await page.setViewportSize({ width: 390, height: 844 });
  await screenshot(page, "feed-keys-390");
  await closePage(page);
});
