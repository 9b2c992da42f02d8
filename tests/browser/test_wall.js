// The wall: its numbers are the interface's, move when a school sends, stand still when asked to, and fill the screen (I1, S2.52).
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const made = scene("reports", { schools: 3, municipalities: 10 });
const tile = (page, word) => page.locator(".wall-tile").filter({ hasText: word }).locator("dd");
const reads = (page, word, text) => tile(page, word).filter({ hasText: new RegExp(`^${text}$`) }).waitFor();

test("counters move when a school sends, and stand still while updates are paused", async () => {
  const page = await openAs(made.coordinator);
  await page.getByRole("link", { name: "Табло" }).click();
  await page.goto(`${address}/wall?round=${made.round}`);
  await page.getByText("Отправлено", { exact: false }).first().waitFor();
  const api = () => page.evaluate(async (path) => (await (await fetch(path)).json()).all, `/api/v1/reports/statistics?roundId=${made.round}`);
  const before = await api();
  await reads(page, "На проверке", before.inReview);
  await page.locator(".live-word:not(.off)").waitFor();
  await checkAccessibility(page, "the wall");
  await checkNarrow(page, "the wall");
  scene("send", { person: made.respondents[2], item: "one", value: "123" });
  await reads(page, "На проверке", before.inReview + 1);
  scene("judge", { operator: made.operator, assignment: made.sent });
  await reads(page, "Принято", before.accepted + 1);
  await reads(page, "На проверке", before.inReview);
  await page.locator(".wall-tile.accepted.fresh").waitFor();

  await page.getByRole("button", { name: "Приостановить обновление" }).click();
  scene("send", { person: made.respondents[1], item: "one", value: "17" });
  await page.locator(".live-word").filter({ hasText: /\d/ }).waitFor();
  assert.equal((await api()).inReview, before.inReview + 1);
  assert.equal(await tile(page, "На проверке").textContent(), String(before.inReview));
  await page.getByRole("button", { name: "Продолжить обновление" }).click();
  await reads(page, "На проверке", before.inReview + 1);

  for (const [width, height, scheme] of [[1920, 1080, "dark"], [1366, 768, "light"], [390, 844, "light"]]) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme });
    await page.getByRole("button", { name: "На весь экран" }).click();
    await page.locator(".wall.full").waitFor();
    await checkAccessibility(page, `the wall in full screen, ${width} ${scheme}`);
    await screenshot(page, `wall-${width}`);
    const over = await page.locator(".wall.full").evaluate((wall) => [wall.scrollWidth - wall.clientWidth, wall.scrollHeight - wall.clientHeight]);
    assert.ok(over[0] <= 0, `sticks out by ${over[0]} at ${width}`);
    if (width > 1000) assert.ok(over[1] <= 0, `does not fit by ${over[1]} at ${width}×${height}`);

    // Read from three metres: a tile's number is a fifteenth of the screen's height.
    if (width === 1920) assert.ok((await tile(page, "Принято").evaluate((dd) => parseFloat(getComputedStyle(dd).fontSize))) >= height / 15);
    await page.getByRole("button", { name: "Выйти (Esc)" }).click();
    await page.locator(".wall:not(.full)").waitFor();
  }
  await closePage(page);
});

test("a municipal coordinator's wall is the municipality's", async () => {
  const page = await openAs(made.municipalCoordinator, { language: "en" });
  await page.goto(`${address}/wall?round=${made.round}`);
  await page.getByRole("heading", { name: "Groups of indicators" }).waitFor();
  const all = await page.evaluate(async (path) => (await (await fetch(path)).json()).all, `/api/v1/reports/statistics?roundId=${made.round}`);
  assert.equal(all.total, 9);
  await page.getByText(`of ${all.total}`).waitFor();
  await checkAccessibility(page, "the wall in English");
  await closePage(page);
});
