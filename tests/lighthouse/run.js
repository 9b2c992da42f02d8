// Lighthouse on the pages people open most, as they are with the whole demonstration loaded; writes lighthouse.json.
// node run.js STACK-FOLDER REPORT-FILE [PAGE...]
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import lighthouse, { desktopConfig } from "lighthouse";
import { addressOf, withPage } from "./browser.js";

const [folder, report, ...only] = process.argv.slice(2);

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
  const port = await freePort();
  const options = { port, onlyCategories: CATEGORIES, disableStorageReset: true, maxWaitForLoad: 20_000, logLevel: "error" };
  return withPage(folder, account, async () => (await lighthouse(addressOf(folder) + path, options, desktopConfig)).lhr,
    { args: [`--remote-debugging-port=${port}`] });
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
