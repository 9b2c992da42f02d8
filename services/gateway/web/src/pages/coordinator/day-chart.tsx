// What has come in by day, up to the due date: steps, each line named at its end, the deadline a line of its own.
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { nowMs } from "../../api/clock";
import { formatDate, formatNumber } from "../../parts/format";
import type { ReportRound } from "./round";
import type { Statistics } from "./statistics";

const DAY_MS = 86_400_000;
const HEIGHT = 260;
const MARGIN = { top: 28, right: 150, bottom: 30, left: 56 };
const LABEL_PX = 18;
const TICK_PX = 70;
const NAME_PX = 160;

const dayOf = (day: string) => Date.parse(`${day}T00:00:00Z`) / DAY_MS;
const isoOf = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10);
const dayIn = (iso: string, zone: string) => dayOf(formatDate(iso, zone).split(".").reverse().join("-"));

function useWidth() {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    observer.observe(ref.current!);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}

type Line = "sent" | "accepted" | "rejected";
const LINES: Line[] = ["sent", "accepted", "rejected"];
type Point = { day: number; count: number };

// Sums from the first day on, each holding to the end of its day, ending today.
function sumUp(statistics: Statistics, line: Line, first: number, today: number): Point[] {
  let count = 0;
  const points: Point[] = [{ day: first, count: 0 }];
  for (const one of statistics.days) {
    count += one[line];
    points.push({ day: dayOf(one.day), count });
  }
  if (points.at(-1)!.day < today) points.push({ day: today, count });
  return points;
}

// A round step at least as large as a quarter of the highest value.
function niceStep(highest: number): number {
  const rough = Math.max(1, highest / 4);
  const power = 10 ** Math.floor(Math.log10(rough));
  return Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough)!);
}

// Names that would lie upon each other move down.
function spread(ends: { line: Line; y: number }[]) {
  const sorted = [...ends].sort((a, b) => a.y - b.y);
  for (let i = sorted.length - 2; i >= 0; i--) sorted[i]!.y = Math.min(sorted[i]!.y, sorted[i + 1]!.y - LABEL_PX);
  return sorted;
}

export function DayChart({ statistics, round }: { statistics: Statistics; round: ReportRound }) {
  const { t } = useTranslation("coordinator");
  const { ref, width } = useWidth();
  const today = dayIn(new Date(nowMs()).toISOString(), round.zone);
  const due = dayIn(statistics.dueAt || round.dueAt, round.zone);
  const days = statistics.days.map((one) => dayOf(one.day));
  const first = Math.min(round.opensAt ? dayIn(round.opensAt, round.zone) : today, due, ...days);
  const last = Math.max(due, first + 1, ...days, Math.min(today, due + 30)) + 1;
  const until = Math.max(Math.min(today, last - 1), ...days);
  const series = LINES.map((line) => ({ line, points: sumUp(statistics, line, first, until) }));
  const total = (line: Line) => series.find((one) => one.line === line)!.points.at(-1)!.count;
  const spoken = t("statistics.daySpoken", {
    sent: formatNumber(total("sent")), accepted: formatNumber(total("accepted")), rejected: formatNumber(total("rejected")), due: formatDate(isoOf(due)),
  });
  return (
    <div className="day-chart" ref={ref}>
      {width > 0 && <Drawing {...{ width, series, first, last, due, today, spoken, whole: statistics.all.total }} />}
    </div>
  );
}

interface DrawingProps { width: number; series: { line: Line; points: Point[] }[]; first: number; last: number; due: number; today: number; spoken: string; whole: number; }

function Drawing({ width, series, first, last, due, today, spoken, whole }: DrawingProps) {
  const { t } = useTranslation("coordinator");
  const right = width < 560 ? 16 : MARGIN.right;
  const highest = Math.max(1, ...series.flatMap((one) => one.points.map((point) => point.count)));
  const step = niceStep(highest);
  const top = Math.ceil(highest / step) * step;
  const x = (day: number) => MARGIN.left + ((day - first) / (last - first)) * (width - MARGIN.left - right);
  const y = (count: number) => HEIGHT - MARGIN.bottom - (count / top) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const path = (points: Point[]) => points.map((point, index) => (index === 0 ? `M${x(point.day)} ${y(point.count)}` : `H${x(point.day)}V${y(point.count)}`)).join("") + `H${x(points.at(-1)!.day + 1)}`;
  const every = Math.max(1, Math.ceil(((last - first) * TICK_PX) / Math.max(1, width - MARGIN.left - right)));
  const ticks = Array.from({ length: Math.ceil((last - first) / every) }, (_, index) => first + index * every);
  const ends = spread(series.map(({ line, points }) => ({ line, y: y(points.at(-1)!.count) })));
  const endX = x(Math.max(...series.map((one) => one.points.at(-1)!.day)) + 1);
  const hasRoom = endX + NAME_PX < width;
  const count = (line: Line) => series.find((one) => one.line === line)!.points.at(-1)!.count;
  return (
    <svg width={width} height={HEIGHT} role="img" aria-label={spoken}>
      {Array.from({ length: top / step + 1 }, (_, index) => index * step).map((level) => (
        <g key={level}>
          <line className="grid" x1={MARGIN.left} x2={width - right} y1={y(level)} y2={y(level)} />
          <text x={MARGIN.left - 8} y={y(level) + 5} textAnchor="end">{formatNumber(level)}</text>
        </g>
      ))}
      {ticks.map((day) => <text key={day} x={x(day + 0.5)} y={HEIGHT - 8} textAnchor="middle">{formatDate(isoOf(day)).slice(0, 5)}</text>)}
      <line className="deadline" x1={x(due + 1)} x2={x(due + 1)} y1={MARGIN.top - 8} y2={y(0)} />
      <text x={x(due + 1) - 6} y={MARGIN.top - 12} textAnchor="end" className="strong">{t("statistics.deadline", { day: formatDate(isoOf(due)).slice(0, 5) })}</text>
      {today < due && <line className="today" x1={x(today + 1)} x2={x(today + 1)} y1={MARGIN.top} y2={y(0)} />}
      {series.map(({ line, points }) => <path key={line} className={`step ${line}`} d={path(points)} />)}
      {ends.map((end) => (
        <text key={end.line} x={endX + (hasRoom ? 8 : -8)} y={Math.max(MARGIN.top, end.y) - (hasRoom ? -5 : 6)} textAnchor={hasRoom ? "start" : "end"} className={`name ${end.line}`}>
          {t(`statistics.${end.line}`)} {formatNumber(count(end.line))}{end.line === "sent" ? ` ${t("statistics.ofWhole", { whole: formatNumber(whole) })}` : ""}
        </text>
      ))}
    </svg>
  );
}
