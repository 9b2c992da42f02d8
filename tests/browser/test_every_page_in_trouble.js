// Every page of places.ts when the server is out of reach or fails, and when it is somebody else's or does not
// exist: in words, with a way on, accessible; never a blank or a page that waits for ever.
import assert from "node:assert/strict";
import { test } from "node:test";
import { addressesOf, ROLES } from "./places.js";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const made = scene("reports", { schools: 2, curator: true, message: true, campaign: true, slice: true });
const people = {
  ROLE_RESPONDENT: made.respondents[0], ROLE_OPERATOR: made.operator, ROLE_COORDINATOR: made.coordinator,
  ROLE_CURATOR: made.curator, ROLE_ADMINISTRATOR: made.administrator,
};
const values = { organisationId: made.organisations[0], messageId: made.message, campaignId: made.campaign, sliceId: made.slice };
// They ask the server for nothing until somebody acts.
const ASKS_NOTHING = ["/messages/new", "/organisations/import", "/programmes/load"];

// All but who sits here.
const ASKED = /\/api\/v1\/(?!session(?!s))/;

const problem = (status, code, detail) => ({
  status, contentType: "application/problem+json", body: JSON.stringify({ type: "about:blank", title: code, status, code, detail, instance: "7f", violations: [] }),
});
const TROUBLES = {
  offline: { answer: (route) => route.abort("internetdisconnected"), shown: "Нет связи с сервером" },
  refused: { answer: (route) => route.fulfill(problem(403, "forbidden", "Этот раздел вам не доступен.")), shown: "не доступен" },
  failed: { answer: (route) => route.fulfill(problem(500, "internal", "Внутренняя ошибка. Повторите попытку.")), shown: "Не получилось" },
};

const everywhere = new Map();
for (const role of ROLES) for (const path of addressesOf(role, values)) if (!everywhere.has(path)) everywhere.set(path, role);

// The page itself is there already; what it asks for does not come.
async function meet(page, path, { answer, shown }, what) {
  await page.goto(`${address}/no-such-page`);
  await page.getByRole("heading", { name: "Такой страницы нет", level: 1 }).waitFor();
  await page.route(ASKED, answer);
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
  if (ASKS_NOTHING.includes(path)) {
    await page.locator("main h1").filter({ hasNotText: "Такой страницы нет" }).waitFor();
    assert.equal(await page.locator("main .notice").count(), 0, what);
  } else await page.locator("main .notice").filter({ hasText: shown }).first().waitFor();
  await checkAccessibility(page, what);
  await checkNarrow(page, what);
  await page.unroute(ASKED);
}

for (const [name, trouble] of Object.entries(TROUBLES))
  test(`every page when the server is ${name}`, async () => {
    const pages = new Map();
    await Promise.all(ROLES.map(async (role) => {
      const page = await openAs(people[role]);
      page.expected.push(/Failed to load resource|ERR_INTERNET_DISCONNECTED|EventSource/);
      // Requests are given up at once, as on a computer that knows it has no line.
      if (name === "offline") await page.addInitScript(() => Object.defineProperty(navigator, "onLine", { get: () => false }));
      pages.set(role, page);
      for (const [path, owner] of everywhere) if (owner === role) await meet(page, path, trouble, `${path} ${name}`);
    }));
    await screenshot(pages.get("ROLE_COORDINATOR"), `trouble-${name}`);
    for (const page of pages.values()) await closePage(page);
  });

test("a page of another role says so, an address that does not exist too", async () => {
  const page = await openAs(made.coordinator);
  for (const [path, shown] of [["/queue", "Этот раздел вам не доступен"], ["/rounds/new", "Этот раздел вам не доступен"], ["/nowhere", "Такой страницы нет"]]) {
    await page.goto(address + path);
    await page.getByRole("heading", { name: shown, level: 1 }).waitFor();
    await checkAccessibility(page, path);
    await checkNarrow(page, path);
    await screenshot(page, `nowhere${path.replaceAll("/", "-")}`);
  }
  await page.getByRole("link", { name: "На первую страницу" }).click();
  await page.getByRole("heading", { name: "Отчёт о начале", level: 1 }).waitFor();
  await closePage(page);
});

test("a server that cannot be reached at the start is said, and asked again by hand", async () => {
  const page = await openAs(made.coordinator);
  page.expected.push(/Failed to load resource|ERR_FAILED/);
  await page.addInitScript(() => Object.defineProperty(navigator, "onLine", { get: () => false }));
  await page.route("**/api/v1/session", (route) => route.abort());
  await page.reload();
  const notice = page.locator(".notice").filter({ hasText: "Нет связи с сервером" });
  await notice.waitFor();
  await checkAccessibility(page, "a start without a server");
  await page.unroute("**/api/v1/session");
  await notice.getByRole("button", { name: "Повторить" }).click();
  await page.locator(".frame").waitFor();
  await closePage(page);
});
