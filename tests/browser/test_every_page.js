// Every page of places.ts for every role: axe in both languages, light and dark, on a desk and on a phone; nothing sticks
// out at 360 px and at 200 %; every control is reached and seen by Tab; every list that unfolds is accessible, too.
import assert from "node:assert/strict";
import { test } from "node:test";
import { addressesOf, ROLES } from "./places.js";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const made = scene("reports", { schools: 3, curator: true, message: true, campaign: true, slice: true });
const people = {
  ROLE_RESPONDENT: made.respondents[0], ROLE_OPERATOR: made.operator, ROLE_COORDINATOR: made.coordinator,
  ROLE_CURATOR: made.curator, ROLE_ADMINISTRATOR: made.administrator,
};
const values = { organisationId: made.organisations[0], messageId: made.message, campaignId: made.campaign, sliceId: made.slice };

async function settle(page) {
  await page.locator("main h1").first().waitFor();
  await page.waitForFunction(() => !document.querySelector("main .skeleton, main .skeleton-space, .overlay"));
}

// Everything that takes the focus, in sight, and not one of a group of which the arrow keys choose.
function markControls() {
  const isSeen = (element) => element.checkVisibility({ checkOpacity: false, checkVisibilityCSS: true });
  const controls = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(
    (element) => element.tabIndex >= 0 && !element.disabled && !element.closest("[inert]") && isSeen(element) && element.type !== "radio");
  globalThis.missed = new Set(controls);
  globalThis.unseen = [];
  globalThis.seen = 0;
  // Tab begins where the focus was last, even when nothing has it: begin at the top.
  const top = document.body.insertBefore(document.createElement("button"), document.body.firstChild);
  top.focus();
  top.remove();
  document.addEventListener("focusin", ({ target }) => {
    globalThis.missed.delete(target);
    globalThis.seen++;
    const hosts = [target, ...(target.matches("input") ? [target.closest("label"), target.closest("label")?.querySelector("[aria-hidden]")] : [])];
    const isMarked = hosts.some((host) => {
      const style = host && getComputedStyle(host);
      return style && ((style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none");
    });
    if (!isMarked) globalThis.unseen.push(target.outerHTML.slice(0, 120));
  });
  return controls.length;
}

async function checkKeyboard(page, what) {
  const count = await page.evaluate(markControls);
  // What is focused may scroll more rows of a table into being: room for those.
  for (let presses = 1; presses < count + 150; presses++) {
    await page.keyboard.press("Tab");
    if (presses >= count && (await page.evaluate(() => globalThis.missed.size === 0))) break;
  }
  // What stands behind a long table is reached from the other end.
  await page.evaluate(() => {
    const end = document.body.appendChild(document.createElement("button"));
    end.focus();
    end.remove();
  });
  for (let presses = 1; presses < 50 && (await page.evaluate(() => globalThis.missed.size > 0)); presses++) await page.keyboard.press("Shift+Tab");
  const { missed, unseen } = await page.evaluate(() => ({
    missed: [...globalThis.missed].filter((element) => element.isConnected).map((element) => element.outerHTML.slice(0, 120)),
    unseen: globalThis.unseen,
  }));
  assert.deepEqual(missed, [], `not reached by Tab on ${what}`);
  assert.deepEqual(unseen, [], `focus is not seen on ${what}`);
}

// The top bar's menu is the same on every page.
let isTopKnown = false;

async function checkUnfolded(page, what) {
  const openers = page.locator(`${isTopKnown ? "main " : ""}button[aria-haspopup]:visible:not([disabled])`);
  isTopKnown = true;
  for (let index = 0; index < (await openers.count()); index++) {
    await openers.nth(index).click();
    await page.locator(".popover").waitFor();
    await checkAccessibility(page, `${what}, unfolded ${index}`, ".popover");
    await page.keyboard.press("Escape");
    await page.locator(".popover").waitFor({ state: "detached" });
  }
}

test("every role has its pages in the table", () => {
  assert.deepEqual(Object.keys(people).sort(), [...ROLES].sort());
});

const known = new Set();
for (const role of ROLES)
  test(`every page of ${role}`, async () => {
    const page = await openAs(people[role], { language: null });
    for (const path of addressesOf(role, values)) {
      const what = `${path} of ${role}`;
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(address + path);
      await settle(page);
      await checkAccessibility(page, what);
      await checkNarrow(page, what);
      await screenshot(page, `every${path.replaceAll("/", "-").replace(values.organisationId, "one").replace(values.messageId, "one").replace(values.campaignId, "one").replace(values.sliceId, "one")}-${role.slice(5).toLowerCase()}`);
      // To another role the same page shows itself in another frame only.
      if (known.has(path)) continue;
      known.add(path);
      await checkUnfolded(page, what);
      await checkKeyboard(page, what);
      await page.evaluate(() => document.activeElement?.blur());
      await page.getByRole("button", { name: "Язык: English" }).click();
      await page.waitForFunction(() => document.documentElement.lang === "en");
      await page.emulateMedia({ colorScheme: "dark" });
      await settle(page);
      await checkNarrow(page, `${what} in English`);
      await page.setViewportSize({ width: 390, height: 844 });
      await checkAccessibility(page, `${what} in English, dark, on a phone`);
      await screenshot(page, `every${path.replaceAll("/", "-").replace(values.organisationId, "one").replace(values.messageId, "one").replace(values.campaignId, "one").replace(values.sliceId, "one")}-${role.slice(5).toLowerCase()}-phone`);
      await page.setViewportSize({ width: 1366, height: 768 });
      await page.getByRole("button", { name: "Language: Русский" }).click();
      await page.waitForFunction(() => document.documentElement.lang === "ru");
    }
    await closePage(page);
  });
