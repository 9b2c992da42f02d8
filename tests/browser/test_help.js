// The built-in instruction by section numbers: each page of a road map leads to its own section, in both languages.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PLACES } from "./places.js";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene } from "./support.js";

const made = scene("plans");

// The section that the top bar leads to from here, and that the instruction has under this number.
async function sectionOf(page, path, isEnglish = false) {
  await page.goto(address + path);
  const link = page.getByRole("link", { name: isEnglish ? "Help" : "Помощь", exact: true });
  await link.waitFor();
  const number = new URL(await link.getAttribute("href"), address).searchParams.get("section");
  assert.ok(number, `${path} leads to no section`);
  await link.click();
  const mark = page.locator(`#help-${number.replace(".", "-")} .help-target, #help-${number.replace(".", "-")}.help-section > h2 .help-target`);
  await mark.first().waitFor();
  return `${number} ${await mark.first().textContent()}`;
}

test("S1.33: every page of every role leads to its own section", async () => {
  for (const [role, person] of [["ROLE_RESPONDENT", made.author], ["ROLE_CURATOR", made.curator], ["ROLE_COORDINATOR", made.coordinator], ["ROLE_ADMINISTRATOR", made.administrator]]) {
    const page = await openAs(person);
    for (const place of PLACES.filter((one) => one.roles.includes(role) && one.id !== "help")) await sectionOf(page, place.path);
    await closePage(page);
  }
});

test("S1.33: plan, curator, base report, measures and the document have sections of their own", async () => {
  const curator = await openAs(made.curator);
  assert.equal(await sectionOf(curator, "/queue"), "7.6 Очередь куратора");
  await closePage(curator);
  const page = await openAs(made.coordinator, { language: "en" });
  assert.equal(await sectionOf(page, "/reports/roadmaps", true), "7.7 Base report");
  assert.equal(await sectionOf(page, "/reports/measures", true), "7.8 Measures and directions");
  assert.equal(await sectionOf(page, "/reports/roadmap", true), "8.4 Timeline");
  assert.equal(await sectionOf(page, "/document", true), "8.1 The document of a programme");
  await checkAccessibility(page, "the instruction in English");
  await closePage(page);
});

test("S1.33: where the work asks for it stands «см. раздел 7.1»", async () => {
  const page = await openAs(made.author);
  await page.goto(`${address}/plan?round=${made.round}`);
  await page.getByRole("link", { name: "см. раздел 7.1 инструкции" }).click();
  await page.getByRole("heading", { name: "7.1 Рисковый профиль и план" }).waitFor();
  await checkAccessibility(page, "the instruction");
  await checkNarrow(page, "the instruction");
  await closePage(page);
});
