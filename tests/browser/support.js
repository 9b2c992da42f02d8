// A browser as a person has it, on the system that VEKHA_TEST_STACK names. Whatever a page complains of fails its test.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const folder = process.env.VEKHA_TEST_STACK;
assert.ok(folder, "VEKHA_TEST_STACK names no running system");
const port = /^port=(\d+)$/m.exec(readFileSync(`${folder}/settings`, "utf8"))[1];
export const address = `http://127.0.0.1:${port}`;
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// What scenes.py prepares under this name.
export function scene(name, options = {}) {
  const script = fileURLToPath(new URL("scenes.py", import.meta.url));
  const out = execFileSync("/usr/bin/python3", ["-B", script, name, JSON.stringify(options)], { encoding: "utf8", timeout: 120_000 });
  return JSON.parse(out);
}

let browser;
before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.VEKHA_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
});
after(() => browser?.close());

// Expected complaints of a page, such as a refusal that the test provokes: push a RegExp to page.expected.
// language null: whatever the cabinet itself begins with and keeps.
export async function openPage({ width = 1366, height = 768, language = "ru", ...options } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: "ru-RU", timezoneId: "Asia/Yekaterinburg", acceptDownloads: true, ...options });
  // Frames, such as the one in which a PDF is shown, may have no storage.
  if (language) await context.addInitScript((chosen) => window === window.top && localStorage.setItem("vekha.language", chosen), language);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.expected = [];
  page.complaints = [];
  const complain = (text) => page.complaints.push(text);
  page.on("pageerror", (error) => complain(`error: ${error.stack ?? error.message}`));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complain(`console: ${message.text()} ${message.location().url}`));
  return page;
}

export async function closePage(page) {
  const unexpected = page.complaints.filter((text) => !page.expected.some((pattern) => pattern.test(text)));
  await page.context().close();
  assert.deepEqual(unexpected, [], "the page complained");
}

export async function logIn(page, person) {
  if (page.url() === "about:blank") await page.goto(address);
  const english = (await page.evaluate(() => localStorage.getItem("vekha.language"))) === "en";
  await page.getByRole("textbox", { name: english ? "Login" : "Логин" }).fill(person.login);
  await page.getByLabel(english ? "Password" : "Пароль", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: english ? "Log in" : "Войти", exact: true }).click();
}

// A page on which this person is logged in.
export async function openAs(person, options) {
  const page = await openPage(options);
  await logIn(page, person);
  await page.locator(".frame").waitFor();
  return page;
}

// No rule of axe-core broken on what is shown now, or on the part of it that `selector` names.
export async function checkAccessibility(page, what, selector) {
  await page.locator("h1").first().waitFor({ state: "attached" });
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axeSource);
  const result = await page.evaluate((part) => globalThis.axe.run(part ?? document, { resultTypes: ["violations"] }), selector);
  const found = result.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(" ") + " " + (node.any[0]?.message ?? "")).slice(0, 4).join(" | ")}`);
  assert.deepEqual(found, [], `axe on ${what}`);
}

// Nothing sticks out to the right: on a narrow phone, and at 200 % of a usual screen (1366×768).
export async function checkNarrow(page, what) {
  const size = page.viewportSize();
  for (const [width, height] of [[360, 740], [683, 384]]) {
    await page.setViewportSize({ width, height });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(over <= 0, `${what} sticks out by ${over} px at ${width} px`);
  }
  await page.setViewportSize(size);
}

// For the eyes: written only when VEKHA_SCREENSHOTS names a folder.
export async function screenshot(page, name) {
  if (process.env.VEKHA_SCREENSHOTS) await page.screenshot({ path: `${process.env.VEKHA_SCREENSHOTS}/${name}.png` });
}
