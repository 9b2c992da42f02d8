// A due date of a table's row: as it was understood, and its fields when a person corrects it.
import { useTranslation } from "react-i18next";
import { Select, TextField } from "../../parts/controls";
import { formatDate } from "../../parts/format";
import type { Due, DueKind } from "../../table/due";
import type { Gap } from "../../table/recognise";

const KINDS = ["exact", "not_later", "period", "quarter", "recurring", "relative_year", "by_schedule", "by_executor", "round"] as const;
const EVERY = ["month", "quarter", "year"] as const;

const idOf = (kind: DueKind) => kind || "round";

export function DueText({ due }: { due: Due }) {
  const { t } = useTranslation("table");
  const day = (iso: string) => (iso ? formatDate(iso) : "?");
  const numbers = { day: String(due.day), month: String(due.month).padStart(2, "0") };
  switch (due.kind) {
    case "exact": case "not_later": return <>{t(`said.${due.kind}`, { on: day(due.on) })}</>;
    case "period": return <>{t("said.period", { from: day(due.from), on: day(due.on) })}</>;
    case "by_schedule": return <>{t("said.by_schedule", { owner: due.owner || "?" })}</>;
    case "relative_year": return <>{t("said.relative_year", { ...numbers, offset: due.yearOffset === 0 ? "" : due.yearOffset > 0 ? `+${due.yearOffset}` : `−${-due.yearOffset}` })}</>;
    case "quarter": return <>{t("said.quarter", { quarter: String(due.quarter), year: due.year > 0 ? String(due.year) : t("said.ofRound") })}</>;
    case "recurring": {
      const every = t(`every.${due.every || "month"}`);
      const number = due.month > 0 ? `${numbers.day}.${numbers.month}` : numbers.day;
      return <>{due.until ? t("said.recurringUntil", { every, day: number, until: day(due.until) }) : t("said.recurring", { every, day: number })}</>;
    }
    default: return <>{t(`kind.${idOf(due.kind) as "round"}`)}</>;
  }
}

interface Props { due: Due; gaps: readonly Gap[]; onChange: (due: Due) => void; }

export function DueFields({ due, gaps, onChange }: Props) {
  const { t } = useTranslation("table");
  const error = (gap: Gap) => (gaps.includes(gap) ? t(`gap.${gap}`) : "");
  const set = (part: Partial<Due>) => onChange({ ...due, ...part });
  const date = (name: "on" | "from" | "until", label: string, gap?: Gap) => (
    <TextField label={label} type="date" value={due[name]} onChange={(value) => set({ [name]: value })} error={gap ? error(gap) : ""} />
  );
  const number = (name: "day" | "month" | "year" | "yearOffset", label: string, gap?: Gap) => (
    <TextField label={label} inputMode="numeric" value={due[name] === 0 && name !== "yearOffset" ? "" : String(due[name])}
      onChange={(value) => set({ [name]: Number.parseInt(value.replace("−", "-"), 10) || 0 })} error={gap ? error(gap) : ""} />
  );
  const fields = {
    "": [], by_executor: [], exact: [date("on", t("page.on"), "on")], not_later: [date("on", t("page.on"), "on")],
    period: [date("from", t("page.from"), "from"), date("on", t("page.last"), "on")],
    by_schedule: [<TextField label={t("page.owner")} value={due.owner} onChange={(owner) => set({ owner })} error={error("owner")} />],
    relative_year: [number("day", t("page.dayNumber"), "day"), number("month", t("page.month")), number("yearOffset", t("page.offset"))],
    quarter: [
      <Select label={t("page.quarter")} choices={["1", "2", "3", "4"].map((id) => ({ id, text: id }))} value={due.quarter ? String(due.quarter) : ""}
        onChange={(id) => set({ quarter: Number(id) })} error={error("quarter")} />,
      number("year", t("page.year")),
    ],
    recurring: [
      <Select label={t("page.every")} choices={EVERY.map((id) => ({ id, text: t(`every.${id}`) }))} value={due.every} onChange={(id) => set({ every: id as Due["every"] })} error={error("every")} />,
      number("day", t("page.dayNumber"), "day"), ...(due.every === "month" ? [] : [number("month", t("page.month"))]), date("until", t("page.until")),
    ],
  }[due.kind];
  return (
    <div className="field-row">
      <Select label={t("page.dueKind")} choices={KINDS.map((id) => ({ id, text: t(`kind.${id}`) }))} value={idOf(due.kind)}
        onChange={(id) => set({ kind: id === "round" ? "" : (id as DueKind) })} />
      {fields.map((field, index) => <div key={`${due.kind}-${index}`}>{field}</div>)}
    </div>
  );
}
