// A year of days: a table per month, one stop of the Tab key, arrow keys between days.
import { useRef, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../api/schema";
import type { Full } from "../../api/client";

export type CalendarDay = Full<components["schemas"]["CalendarDay"]>;
export const KINDS = ["working", "shortened", "day_off", "holiday"] as const;
export type Kind = (typeof KINDS)[number];

const DAY_MS = 86_400_000;
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

export const dayOf = (day: string) => new Date(`${day}T00:00:00Z`);
const name = (language: string, options: Intl.DateTimeFormatOptions, day: string) =>
  new Intl.DateTimeFormat(language === "en" ? "en-GB" : "ru-RU", { ...options, timeZone: "UTC" }).format(dayOf(day));

export const longName = (language: string, day: string) => name(language, { day: "numeric", month: "long", year: "numeric", weekday: "long" }, day);

// Weeks from Monday to Sunday; what is not of the month is null.
function weeksOf(days: CalendarDay[]): (CalendarDay | null)[][] {
  const before = (dayOf(days[0]!.day).getUTCDay() + 6) % 7;
  const cells: (CalendarDay | null)[] = [...Array<null>(before).fill(null), ...days];
  return Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) =>
    Array.from({ length: 7 }, (_, index) => cells[week * 7 + index] ?? null));
}

// Monday, 1 January 2024, and the six days after it.
const WEEK = Array.from({ length: 7 }, (_, index) => `2024-01-0${index + 1}`);

export function Months({ days, current, onOpen }: { days: CalendarDay[]; current: string; onOpen: (day: string) => void }) {
  const { t, i18n } = useTranslation("calendar");
  const ref = useRef<HTMLDivElement>(null);
  const stop = days.some((day) => day.day === current) ? current : days[0]!.day;
  const months = [...new Set(days.map((day) => day.day.slice(0, 7)))];
  const move = (event: KeyboardEvent<HTMLButtonElement>, day: string) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const next = new Date(dayOf(day).getTime() + step * DAY_MS).toISOString().slice(0, 10);
    ref.current?.querySelector<HTMLButtonElement>(`[data-day="${next}"]`)?.focus();
  };
  return (
    <div className="calendar-months" ref={ref}>
      {months.map((month) => (
        <table key={month} className="calendar-month">
          <caption>{name(i18n.language, { month: "long" }, `${month}-01`)}</caption>
          <thead>
            <tr>{WEEK.map((day) => (
              <th key={day} scope="col"><abbr title={name(i18n.language, { weekday: "long" }, day)}>{name(i18n.language, { weekday: "short" }, day)}</abbr></th>
            ))}</tr>
          </thead>
          <tbody>
            {weeksOf(days.filter((day) => day.day.startsWith(month))).map((week, index) => (
              <tr key={index}>{week.map((day, column) => (
                <td key={column}>
                  {day && (
                    <button type="button" className={`calendar-day ${day.kind}`} data-day={day.day} tabIndex={day.day === stop ? 0 : -1}
                      aria-pressed={day.day === current} onKeyDown={(event) => move(event, day.day)} onClick={() => onOpen(day.day)}
                      aria-label={[longName(i18n.language, day.day), t(`kind.${day.kind as Kind}`), day.note].filter(Boolean).join(", ")}>
                      {Number(day.day.slice(8))}{day.kind === "shortened" && "*"}
                    </button>
                  )}
                </td>
              ))}</tr>
            ))}
          </tbody>
        </table>
      ))}
    </div>
  );
}
