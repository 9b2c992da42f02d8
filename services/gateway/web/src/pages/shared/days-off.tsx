// Days that are not worked: a mark beside a date, and a warning with the next working day for whoever names one.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { Button } from "../../parts/controls";
import { formatDate } from "../../parts/format";
import { Notice } from "../../parts/surfaces";

const DAY_MS = 86_400_000;
const KEPT_MS = 600_000;

const dayAfter = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);

function useYear(year: string) {
  return useQuery({
    queryKey: ["calendar", "off", year],
    enabled: /^2[01]\d\d$/.test(year),
    staleTime: KEPT_MS,
    queryFn: async () => new Set((await reply(api.GET("/api/v1/daysOff/{year}", { params: { path: { year: Number(year) } } }))).days),
  }).data;
}

// The next working day, where the day is off; "" where it is not, or not yet known. A row of days off may reach into
// the next year.
function useNextWorkingDay(day: string): string {
  const year = day.length === 10 ? day.slice(0, 4) : "";
  const off = useYear(year);
  const isOff = off?.has(day) ?? false;
  const later = useYear(isOff && day.slice(5, 7) === "12" ? String(Number(year) + 1) : "");
  if (!isOff) return "";
  let next = day;
  while (off?.has(next) || later?.has(next)) next = dayAfter(next);
  return next;
}

export function DayOffMark({ day, className = "muted" }: { day: string; className?: string }) {
  const { t } = useTranslation();
  return useNextWorkingDay(day) ? <span className={className}>{t("dayOff.mark")}</span> : null;
}

// `latest`: the last day that may be named.
export function DayOffWarning({ day, latest = "", onTake }: { day: string; latest?: string; onTake: (day: string) => void }) {
  const { t } = useTranslation();
  const next = useNextWorkingDay(day);
  if (!next) return null;
  const isOffered = !latest || next <= latest;
  return (
    <Notice tone="warning" {...(isOffered && { action: <Button isSmall onPress={() => onTake(next)}>{t("dayOff.take", { day: formatDate(next) })}</Button> })}>
      <p>{t("dayOff.warning", { day: formatDate(day) })} {isOffered && t("dayOff.next", { day: formatDate(next) })}</p>
    </Notice>
  );
}
