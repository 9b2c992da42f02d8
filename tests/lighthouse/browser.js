// Debian's Chromium and the demonstration's people, for whatever measures pages.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const addressOf = (folder) => `http://127.0.0.1:${/^port=(\d+)$/m.exec(readFileSync(join(folder, "settings"), "utf8"))[1]}`;

// Runs `use(page)` in a browser of its own, logged in as the demonstration's `account`, or as nobody.
export async function withPage(folder, account, use, { args = [], ...options } = {}) {
  const profile = mkdtempSync(join(tmpdir(), "vekha-lighthouse-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.VEKHA_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", ...args],
    viewport: { width: 1366, height: 768 }, timezoneId: "Asia/Yekaterinburg", ...options,
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    if (account) {
      const accounts = readFileSync(join(folder, "demo-accounts"), "utf8").trim().split("\n").map((line) => line.split("\t"));
      const [, login, password] = accounts.find(([role]) => role === account);
      await page.goto(addressOf(folder));
      await page.getByRole("textbox", { name: "Логин" }).fill(login);
      await page.getByLabel("Пароль", { exact: true }).fill(password);
      await page.getByRole("button", { name: "Войти" }).click();
      await page.locator(".frame").waitFor();
    }
    return await use(page);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}
