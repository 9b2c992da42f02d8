// Contracting and spending beside a road map's measures, month by month, with shares of the plan (B22).
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, checkAccessibility, checkNarrow, closePage, openAs, scene, screenshot } from "./support.js";

const made = scene("spending");
const written = (iso) => iso.split("-").reverse().join(".");
const texts = async (row) => (await row.locator("th, td").allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());

for (const [language, words] of [["ru", { head: "Ежемесячные таблицы", none: "нет данных", accepted: "подтверждено" }], ["en", { head: "Monthly tables", none: "no data", accepted: "confirmed" }]])
  test(`B22: months go down, sums of the lots and their shares of the plan across (${language})`, async () => {
    const page = await openAs(made.coordinator, { language });
    await page.goto(`${address}/reports/roadmap?round=${made.round}`);
    await page.getByRole("heading", { name: words.head }).waitFor();
    const table = page.getByRole("table", { name: "5. Контрактация и расходование" });
    const rows = table.locator("tbody tr");
    await rows.first().getByText(words.accepted).waitFor();
    assert.equal(await rows.count(), made.months.length);
    assert.deepEqual(await texts(rows.first()), [written(made.months[0]), "4 000", "1 000 25,0 %", "100 2,5 %", words.accepted]);
    assert.deepEqual(await texts(rows.nth(1)), [written(made.months[1]), "—", "—", "—", words.none]);
    await checkAccessibility(page, "monthly tables");
    await checkNarrow(page, "monthly tables");
    await table.scrollIntoViewIfNeeded();
    await screenshot(page, `monthly-${language}`);
    await closePage(page);
  });
