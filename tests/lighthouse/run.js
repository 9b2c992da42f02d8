// Lighthouse on the pages people open most, as they are with the whole demonstration loaded; writes lighthouse.json.
// node run.js STACK-FOLDER REPORT-FILE [PAGE...]
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import lighthouse, { desktopConfig } from "lighthouse";
import { chromium } from "playwright-core";

const [folder, report, ...only] = process.argv.slice(2);
const port = /^port=(\d+)$/m.exec(readFileSync(join(folder, "settings"), "utf8"))[1];
const address = `http://127.0.0.1:${port}`;
const accounts = readFileSync(join(folder, "demo-accounts"), "utf8").trim().split("\n").map((line) => line.split("\t"));

// Name, whose page, its address. No account: nobody is logged in.
const PAGES = [
  ["login", null, "/"],
  ["cabinet", "respondent", "/indicators"],
  ["queue", "operator", "/queue"],
  ["report", "coordinator-regional", "/reports/provided"],
].filter(([name]) => only.length === 0 || only.includes(name));
const CATEGORIES = ["performance", "accessibility", "best-practices"];

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port: found } = server.address();
      server.close(() => resolve(found));
    });
  });
}

async function look(account, path) {
  const profile = mkdtempSync(join(tmpdir(), "vekha-lighthouse-"));
  const debugPort = await freePort();
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.VEKHA_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", `--remote-debugging-port=${debugPort}`],
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    if (account) {
      const [, login, password] = accounts.find(([role]) => role === account);
      await page.goto(address);
      await page.getByRole("textbox", { name: "Логин" }).fill(login);
      await page.getByLabel("Пароль", { exact: true }).fill(password);
      await page.getByRole("button", { name: "Войти" }).click();
      await page.locator(".frame").waitFor();
    }
    const options = { port: debugPort, onlyCategories: CATEGORIES, disableStorageReset: true, logLevel: "error" };
    return (await lighthouse(address + path, options, desktopConfig)).lhr;
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

const figures = {};
for (const [name, account, path] of PAGES) {
  const result = await look(account, path);
  const scores = Object.fromEntries(CATEGORIES.map((id) => [id, Math.round(100 * result.categories[id].score)]));
  const failed = Object.values(result.audits).filter((audit) => audit.score !== null && audit.score < 0.9).map((audit) => `${audit.id}${audit.displayValue ? ` (${audit.displayValue})` : ""}`);
  figures[name] = { ...scores, kilobytes: Math.round(result.audits["total-byte-weight"].numericValue / 1000), failed };
  console.log(name.padEnd(8), CATEGORIES.map((id) => `${id} ${scores[id]}`).join("  "), ` ${figures[name].kilobytes} kB`);
  for (const audit of failed) console.log("         -", audit);
}
writeFileSync(report, JSON.stringify({ figures }, null, 2) + "\n");
process.exit(Object.values(figures).every((figure) => CATEGORIES.every((id) => figure[id] >= 95)) ? 0 : 1);
