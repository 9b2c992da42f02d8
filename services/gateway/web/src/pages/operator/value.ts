// What was answered, as words, and how far it is from what was accepted before.
import i18next from "i18next";
import { formatDecimal, formatNumber } from "../../parts/format";
import type { QueueEntry } from "./queue-data";

// From here on a change is worth a second look.
const LARGE_PERCENT = 50;
const LARGE_POINTS = 20;
const DASH = "—";

const toNumber = (text: string) => (text ? Number(text.replace(",", ".")) : NaN);

function yesNo(value: string): string {
  return value === "yes" ? i18next.t("yes") : value === "no" ? i18next.t("no") : value;
}

// "34 / 120 = 28,33 %"
function percentText(part: string, whole: string, percent: string): string {
  return `${formatDecimal(part)} / ${formatDecimal(whole)} = ${percent ? `${formatDecimal(percent)} %` : DASH}`;
}

// Of an answer that is more than one value: a word instead of it.
export const isTable = (entry: QueueEntry) => entry.valueKind === "table";
export const isByDocuments = (entry: QueueEntry) => entry.valueKind === "documents";

export function valueText(entry: QueueEntry): string {
  if (isTable(entry)) return i18next.t("operator:asTable");
  if (isByDocuments(entry)) return i18next.t("operator:byDocuments");
  if (entry.valueKind === "percent") return percentText(entry.value, entry.secondValue, entry.percent);
  return entry.valueKind === "yes_no" ? yesNo(entry.value) : formatDecimal(entry.value);
}

// For a narrow column: the percent alone.
export function shortValueText(entry: QueueEntry): string {
  if (entry.valueKind === "percent") return entry.percent ? `${formatDecimal(entry.percent)} %` : DASH;
  return valueText(entry);
}

function previousShare(entry: QueueEntry): { part: string; whole: string; percent: number } | null {
  const [part, whole] = entry.previousValue.split("/").map((text) => text.trim());
  const percent = (toNumber(part ?? "") / toNumber(whole ?? "")) * 100;
  return part && whole ? { part, whole, percent } : null;
}

export function previousText(entry: QueueEntry): string {
  if (!entry.previousValue || isTable(entry)) return "";
  if (entry.valueKind === "yes_no") return yesNo(entry.previousValue);
  if (entry.valueKind !== "percent") return formatDecimal(entry.previousValue);
  const share = previousShare(entry);
  if (!share) return formatDecimal(entry.previousValue);
  return percentText(share.part, share.whole, Number.isFinite(share.percent) ? share.percent.toFixed(2).replace(".", ",") : "");
}

export interface Change { text: string; isLarge: boolean; size: number; }

const signed = (value: number, digits: number) => (value > 0 ? "+" : value < 0 ? "−" : "") + formatNumber(Math.abs(value), digits);

// null: nothing was accepted before, or nothing can be said.
export function changeOf(entry: QueueEntry): Change | null {
  if (!entry.previousValue || isTable(entry) || isByDocuments(entry)) return null;
  if (entry.valueKind === "yes_no") {
    const isSame = entry.previousValue === entry.value;
    return { text: i18next.t(isSame ? "operator:change.same" : "operator:change.other"), isLarge: !isSame, size: isSame ? 0 : 100 };
  }
  if (entry.valueKind === "percent") {
    const points = toNumber(entry.percent) - (previousShare(entry)?.percent ?? NaN);
    if (!Number.isFinite(points)) return null;
    return { text: i18next.t("operator:change.points", { value: signed(points, 2) }), isLarge: Math.abs(points) >= LARGE_POINTS, size: Math.abs(points) };
  }
  const now = toNumber(entry.value), before = toNumber(entry.previousValue);
  if (!Number.isFinite(now) || !Number.isFinite(before)) return null;
  if (now === before) return { text: i18next.t("operator:change.same"), isLarge: false, size: 0 };
  if (before === 0) return { text: i18next.t("operator:change.fromZero"), isLarge: true, size: 1000 };
  const percent = ((now - before) / Math.abs(before)) * 100;
  return { text: `${signed(percent, 1)} %`, isLarge: Math.abs(percent) >= LARGE_PERCENT, size: Math.abs(percent) };
}

const HOURS_PER_DAY = 24;

// For a narrow column.
export function shortWaitingText(hours: number): string {
  if (hours < 1) return i18next.t("operator:waits.shortNow");
  if (hours < 2 * HOURS_PER_DAY) return i18next.t("operator:waits.shortHours", { hours: String(hours) });
  return i18next.t("operator:waits.shortDays", { days: String(Math.floor(hours / HOURS_PER_DAY)) });
}

export function waitingText(hours: number): string {
  if (hours < 1) return i18next.t("operator:waits.now");
  if (hours < 2 * HOURS_PER_DAY) return i18next.t("operator:waits.hours", { count: hours });
  return i18next.t("operator:waits.days", { count: Math.floor(hours / HOURS_PER_DAY) });
}
