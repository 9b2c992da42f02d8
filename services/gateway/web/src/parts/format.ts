// Dates, numbers, sizes and time left, in the reader's language and the region's zone.
import i18next from "i18next";
import { nowMs } from "../api/clock";

const NARROW_SPACE = "\u202f";

// Making a formatter takes a hundred times as long as using it, and tables use them thousands of times.
const kept = new Map<string, unknown>();

function once<Formatter>(key: string, make: () => Formatter): Formatter {
  if (!kept.has(key)) kept.set(key, make());
  return kept.get(key) as Formatter;
}

const parts = (iso: string, zone?: string) =>
  Object.fromEntries(
    once(`parts ${zone ?? ""}`, () => new Intl.DateTimeFormat("ru-RU", {
      timeZone: zone || undefined, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
    }))
      .formatToParts(new Date(iso))
      .map((part) => [part.type, part.value]),
  );

// 25.09.2020, of a moment or of a day "2020-09-25".
export function formatDate(iso: string, zone?: string): string {
  if (!iso) return "";
  if (iso.length === 10) return iso.split("-").reverse().join(".");
  const { day, month, year } = parts(iso, zone);
  return `${day}.${month}.${year}`;
}

export function formatTime(iso: string, zone?: string): string {
  const { hour, minute } = parts(iso, zone);
  return `${hour}:${minute}`;
}

export function formatDateTime(iso: string, zone?: string): string {
  return iso ? `${formatDate(iso, zone)} ${formatTime(iso, zone)}` : "";
}

// «07.08.2020 - 13:10:03»: where a second may matter later.
export function formatStamp(iso: string, zone?: string): string {
  if (!iso) return "";
  return `${formatDate(iso, zone)} - ${formatTime(iso, zone)}:${iso.slice(17, 19)}`;
}

// "UTC+5": where a minute matters the zone is named.
export function zoneName(iso: string, zone: string): string {
  const name = once(`zone ${zone}`, () => new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "shortOffset" }))
    .formatToParts(new Date(iso))
    .find((part) => part.type === "timeZoneName")?.value;
  return (name ?? "UTC").replace("GMT", "UTC");
}

export function formatNumber(value: number, digits = 0): string {
  const language = i18next.language === "en" ? "en-GB" : "ru-RU";
  return once(`number ${language} ${digits}`, () => new Intl.NumberFormat(language, {
    minimumFractionDigits: digits, maximumFractionDigits: digits,
  })).format(value);
}

// "1234,5" or "1234.5" as the server keeps it, with thousands apart. Anything else stays as it is.
export function formatDecimal(text: string): string {
  const match = /^(-?)(\d+)(?:[.,](\d+))?$/.exec(text);
  if (!match) return text;
  const whole = match[2]!.replace(/\B(?=(\d{3})+(?!\d))/g, NARROW_SPACE);
  return match[1] + whole + (match[3] ? "," + match[3] : "");
}

export function formatSize(bytes: number | string): string {
  const size = Number(bytes);
  const english = i18next.language === "en";
  if (size < 1000) return `${size} ${english ? "B" : "Б"}`;
  if (size < 1_000_000) return `${formatNumber(size / 1000)} ${english ? "kB" : "КБ"}`;
  return `${formatNumber(size / 1_000_000, 1)} ${english ? "MB" : "МБ"}`;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const dayNumber = (ms: number, zone: string) => {
  const { day, month, year } = parts(new Date(ms).toISOString(), zone);
  return Date.UTC(Number(year), Number(month) - 1, Number(day)) / DAY_MS;
};

// "2020-09-25": today in the region's zone.
export function todayIn(zone: string): string {
  return new Date(dayNumber(nowMs(), zone) * DAY_MS).toISOString().slice(0, 10);
}

// «осталось 3 дня», «просрочено на 2 дня»: calendar days of the region's zone.
export function timeLeft(dueAt: string, zone: string): { text: string; isLate: boolean } {
  const t = i18next.t;
  const now = nowMs();
  const due = Date.parse(dueAt);
  const days = dayNumber(due, zone) - dayNumber(now, zone);
  if (due < now) return { isLate: true, text: days < 0 ? t("left.late", { count: -days }) : t("left.lateToday") };
  const hours = Math.floor((due - now) / HOUR_MS);
  if (days > 0) return { isLate: false, text: t("left.days", { count: days }) };
  return { isLate: false, text: hours > 0 ? t("left.hours", { count: hours }) : t("left.soon") };
}
