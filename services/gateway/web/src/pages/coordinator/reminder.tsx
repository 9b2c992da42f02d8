// «Напомнить» on the rows of reports: who was reminded when, whether it was read, and one press to remind (S2.62, S1.35).
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";
import { useAccount } from "../../api/session";
import { Button } from "../../parts/controls";
import { formatDateTime } from "../../parts/format";
import type { Column } from "../../parts/table";
import { ReminderDialog } from "./reminder-dialog";

export type Reminder = Full<components["schemas"]["Reminder"]>;

const PAGE = 1000;
export const REMINDED_AT_ONCE = 100;

async function readReminders(roundId: string): Promise<ReadonlyMap<string, Reminder>> {
  const known = new Map<string, Reminder>();
  for (let afterPath = "", isMore = true; isMore; ) {
    const page = await reply(api.GET("/api/v1/rounds/{roundId}/reminders", { params: { path: { roundId }, query: { afterPath, limit: PAGE } } }));
    for (const one of page.reminders) known.set(one.organisationId, one);
    afterPath = page.reminders.at(-1)?.path ?? "";
    isMore = page.reminders.length === PAGE;
  }
  return known;
}

// The year is beside the moment in the cell's title.
const shortDay = (at: string, timeZone: string) => new Date(at).toLocaleDateString("ru", { day: "2-digit", month: "2-digit", timeZone });

const NONE: ReadonlyMap<string, Reminder> = new Map();

interface Named { organisationId: string; shortName: string; }
export interface Selection<Row> { selected: ReadonlySet<string>; onSelect: (selected: Set<string>) => void; nameOf: (row: Row) => string; }

interface Reminding<Row> {
  // Nothing of it where nobody reminds: on past days, for whoever is no coordinator.
  columns: Column<Row>[];
  selection: Partial<Selection<Row>>;
  bar: ReactNode;
}

function ReminderCell({ last, name, zone, onPress }: { last: Reminder | undefined; name: string; zone: string; onPress: () => void }) {
  const { t } = useTranslation("coordinator");
  const read = last && (last.readAt ? t("reminder.readAt", { moment: formatDateTime(last.readAt, zone) }) : t("reminder.unread"));
  return (
    <button type="button" className="link-button reminder-link" onClick={onPress} aria-label={[t("reminder.of", { name }), last && t("reminder.at", { moment: formatDateTime(last.at, zone) }), read].filter(Boolean).join(". ")}
      title={last ? `${last.authorName}, ${formatDateTime(last.at, zone)}. ${read}` : t("reminder.of", { name })}>
      {last ? `${shortDay(last.at, zone)}, ${last.readAt ? t("reminder.read") : t("reminder.notRead")}` : t("reminder.remind")}
    </button>
  );
}

export function useReminding<Row>(round: { roundId: string; zone: string }, isNow: boolean, shown: Row[], nameOf: (row: Row) => Named): Reminding<Row> {
  const { t } = useTranslation("coordinator");
  const isOn = useAccount().role === "ROLE_COORDINATOR" && isNow;
  const { roundId, zone } = round;
  const query = useQuery({ queryKey: ["reminders", roundId], enabled: isOn, staleTime: 15_000, queryFn: () => readReminders(roundId) });
  const reminders = query.data ?? NONE;
  const [selected, onSelect] = useState<ReadonlySet<string>>(new Set());
  const [asked, ask] = useState<string[] | null>(null);
  const close = useCallback((isDone: boolean) => {
    ask(null);
    if (isDone) onSelect(new Set());
  }, []);
  const columns = useMemo<Column<Row>[]>(() => !isOn ? [] : [{
    id: "reminder", title: t("reminder.column"), width: "9.5rem", sortBy: (row) => reminders.get(nameOf(row).organisationId)?.at ?? "",
    render: (row) => {
      const { organisationId, shortName } = nameOf(row);
      return <ReminderCell last={reminders.get(organisationId)} name={shortName} zone={zone} onPress={() => ask([organisationId])} />;
    },
  }], [t, isOn, reminders, zone, nameOf]);
  // Only what the table shows: a row that a search has hidden is not reminded by accident.
  const chosen = useMemo(() => shown.map((row) => nameOf(row).organisationId).filter((id) => selected.has(id)), [shown, selected, nameOf]);
  if (!isOn) return { columns, selection: {}, bar: null };
  return {
    columns,
    selection: { selected, onSelect, nameOf: (row) => nameOf(row).shortName },
    bar: (
      <>
        {chosen.length > 0 && (
          <div className="bulk-bar">
            <Button kind="primary" icon="mail" isDisabled={chosen.length > REMINDED_AT_ONCE} onPress={() => ask(chosen)}>{t("reminder.several", { count: chosen.length })}</Button>
            <Button kind="quiet" onPress={() => onSelect(new Set())}>{t("reminder.clearChoice")}</Button>
            {chosen.length > REMINDED_AT_ONCE && <span className="muted">{t("reminder.tooMany", { most: String(REMINDED_AT_ONCE) })}</span>}
          </div>
        )}
        {asked && <ReminderDialog roundId={roundId} zone={zone} organisationIds={asked} reminders={reminders} onClose={close} />}
      </>
    ),
  };
}
