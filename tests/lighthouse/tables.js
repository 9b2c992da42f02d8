// How tables of thousands of rows scroll and filter, with the whole demonstration loaded; writes tables.json.
// node tables.js STACK-FOLDER REPORT-FILE [PAGE...]
import { writeFileSync } from "node:fs";
import { addressOf, withPage } from "./browser.js";

const [folder, report, ...only] = process.argv.slice(2);

// Name, whose page, its address, how many rows there are at least, words to type: each leaves fewer rows, or all again.
const PAGES = [
  ["queue", "operator", "/queue", 2300, ["сош", "сош № 1", "", "агаповский", ""]],
  ["start", "coordinator-regional", "/reports/start?group=all&round=", 2300, ["сош", "сош № 1", "", "агаповский", ""]],
  ["provided", "coordinator-regional", "/reports/provided?group=all&round=", 2300, ["сош", "сош № 1", "", "агаповский", ""]],
].filter(([name]) => only.length === 0 || only.includes(name));
const FRAMES_MIN = 50;
const FILTER_MAX_MS = 100;

// Frames a second while the table is scrolled as fast as a wheel goes, down and up again.
function scroll() {
  return new Promise((done) => {
    const place = document.querySelector(".table-scroll");
    const gaps = [];
    let last = 0;
    let step = 120;
    const tick = (now) => {
      if (last) gaps.push(now - last);
      last = now;
      if (gaps.length === 150) step = -step;
      place.scrollTop += step;
      if (gaps.length < 300) return requestAnimationFrame(tick);
      const total = gaps.reduce((sum, gap) => sum + gap, 0);
      done({ perSecond: Math.round((1000 * gaps.length) / total), worstMs: Math.round(Math.max(...gaps)) });
    };
    requestAnimationFrame(tick);
  });
}

// Milliseconds from the keystroke to the picture in which the table has other rows.
function filter(text) {
  return new Promise((done) => {
    const input = document.querySelector("input[type=search]");
    const count = () => document.querySelector(".data-table").getAttribute("aria-rowcount");
    const before = count();
    const started = performance.now();
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, text);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    const look = () => {
      if (count() === before && performance.now() - started < 5000) return requestAnimationFrame(look);
      // A message comes after the picture of this frame.
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done(performance.now() - started);
      channel.port2.postMessage(0);
    };
    requestAnimationFrame(look);
  });
}

const figures = {};
for (const [name, account, path, rowsMin, words] of PAGES) {
  figures[name] = await withPage(folder, account, async (page) => {
    const round = await page.evaluate(async () => (await (await fetch("/api/v1/reports/rounds")).json()).rounds)
      .then((rounds) => rounds.find((one) => one.programmeCode === "natproekt-2020")?.roundId);
    await page.goto(addressOf(folder) + path + (path.endsWith("round=") ? round : ""));
    await page.waitForFunction((min) => Number(document.querySelector(".data-table")?.getAttribute("aria-rowcount")) > min, rowsMin);
    const rows = Number(await page.locator(".data-table").getAttribute("aria-rowcount")) - 1;
    const frames = await page.evaluate(scroll);
    const filterMs = [];
    for (const word of words) filterMs.push(Math.round(await page.evaluate(filter, word)));
    return { rows, framesPerSecond: frames.perSecond, worstFrameMs: frames.worstMs, filterMs: Math.max(...filterMs), eachFilterMs: filterMs };
  });
  const { rows, framesPerSecond, worstFrameMs, eachFilterMs } = figures[name];
  console.log(name.padEnd(9), `${rows} rows  ${framesPerSecond} frames/s, the worst ${worstFrameMs} ms  filter ${eachFilterMs.join(" ")} ms`);
}
writeFileSync(report, JSON.stringify({ figures }, null, 2) + "\n");
const isGood = (figure) => figure.framesPerSecond >= FRAMES_MIN && figure.filterMs <= FILTER_MAX_MS;
process.exit(Object.values(figures).every(isGood) ? 0 : 1);
