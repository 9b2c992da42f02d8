// The road map on a line of days: a bar for each measure, today across all of them. Its dates stand in the table below.
import { useTranslation } from "react-i18next";
import { nowMs } from "../../api/clock";
import { formatDate } from "../../parts/format";
import type { ReportRound } from "../coordinator/round";
import { numbersOf, type Roadmap, type RoadmapSection } from "./roadmap";

const DAY_MS = 86_400_000;
const MONTHS_MAX = 9;
const STEPS = [1, 2, 3, 6, 12];

const dayOf = (day: string) => Date.parse(`${day}T00:00:00Z`) / DAY_MS;
const isoOf = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10);
const dayIn = (iso: string, zone: string) => dayOf(formatDate(iso, zone).split(".").reverse().join("-"));

export interface Bar { section: RoadmapSection; from: number; to: number; isOpen: boolean; }

// A measure begins where the source says so, else after the last day of what it depends on, else with the round.
export function barsOf(map: Roadmap, first: number, last: number): Bar[] {
  const ends = new Map(map.sections.map((one) => [one.code, one.dueOn ? dayOf(one.dueOn) : undefined]));
  return map.sections.map((section) => {
    const before = section.dependsOn.map((code) => ends.get(code)).filter((day) => day !== undefined);
    const after = map.sections.filter((one) => one.dependsOn.includes(section.code)).map((one) => ends.get(one.code)).filter((day) => day !== undefined);
    const to = ends.get(section.code) ?? (after.length > 0 ? Math.min(...after) : last);
    const from = section.dueFrom ? dayOf(section.dueFrom) : before.length > 0 ? Math.max(...before) : first;
    return { section, from: Math.min(from, to), to, isOpen: !section.dueOn };
  });
}

// First days of months; when there are many, of so few that their names have room, January among them.
function ticksOf(first: number, last: number): number[] {
  const start = new Date(first * DAY_MS);
  const months: number[] = [];
  for (let at = 1; ; at++) {
    const day = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + at, 1) / DAY_MS;
    if (day > last) break;
    months.push(day);
  }
  const every = STEPS.find((step) => months.length / step <= MONTHS_MAX) ?? 12;
  return months.filter((day) => new Date(day * DAY_MS).getUTCMonth() % every === 0);
}

export function Gantt({ map, round, asOf }: { map: Roadmap; round: ReportRound; asOf: string }) {
  const { t, i18n } = useTranslation("roadmaps");
  const today = asOf ? dayOf(asOf) : dayIn(new Date(nowMs()).toISOString(), round.zone);
  const known = map.sections.flatMap((one) => [one.dueFrom, one.dueOn]).filter(Boolean).map(dayOf);
  const opens = round.opensAt ? dayIn(round.opensAt, round.zone) : today;
  const span = Math.max(...known, today, opens + 1) - Math.min(...known, opens, today);
  const edge = Math.max(2, Math.round(span * 0.02));
  const first = Math.min(...known, opens, today) - edge;
  const last = Math.max(...known, today, opens + 1) + edge;
  const at = (day: number) => `${((day - first) / (last - first)) * 100}%`;
  const bars = barsOf(map, opens, last - edge);
  const month = new Intl.DateTimeFormat(i18n.language === "en" ? "en-GB" : "ru-RU", { month: "short", timeZone: "UTC" });
  const name = (day: number) => {
    const date = new Date(day * DAY_MS);
    return month.format(date) + (date.getUTCMonth() === 0 ? ` ${date.getUTCFullYear()}` : "");
  };
  const spoken = t("gantt.spoken", { from: formatDate(isoOf(first)), to: formatDate(isoOf(last)), today: formatDate(isoOf(today)) });
  return (
    <figure className="gantt">
      <div className="gantt-body" role="img" aria-label={spoken}>
        <div className="gantt-row gantt-head">
          <div />
          <div className="gantt-track">
            {ticksOf(first, last).map((day) => <span key={day} className="gantt-tick" style={{ left: at(day) }}>{name(day)}</span>)}
            <span className={`gantt-today-name ${(today - first) / (last - first) > 0.85 ? "before" : ""}`} style={{ left: at(today + 0.5) }}>
              {t(asOf ? "gantt.onDay" : "gantt.today", { day: formatDate(isoOf(today)) })}
            </span>
          </div>
        </div>
        {bars.map(({ section, from, to, isOpen }, index) => (
          <div key={section.code} className="gantt-row">
            <div className="gantt-name" title={section.title}><span>{section.number || `${index + 1}.`}</span> {section.title}</div>
            <div className="gantt-track">
              {ticksOf(first, last).map((day) => <span key={day} className="gantt-line" style={{ left: at(day) }} />)}
              <span className={`gantt-bar ${section.state} ${isOpen ? "open" : ""}`} style={{ left: at(from), width: `calc(${at(to + 1)} - ${at(from)})` }} />
              <span className={`gantt-day ${(to - first) / (last - first) > 0.8 ? "before" : ""}`} style={{ left: at(to + 1) }}>
                {isOpen ? t("gantt.owed") : formatDate(section.dueOn).slice(0, 5)}
                {section.state === "at_risk" && ` · ${t("gantt.risk", { numbers: numbersOf(map, section.atRiskFrom) })}`}
                {section.state === "late" && ` · ${t("roadmap.state.late").toLowerCase()}`}
                {section.state === "done" && " ✓"}
              </span>
              <span className="gantt-today" style={{ left: at(today + 0.5) }} />
            </div>
          </div>
        ))}
      </div>
      <figcaption className="muted">{t("gantt.caption")}</figcaption>
    </figure>
  );
}
