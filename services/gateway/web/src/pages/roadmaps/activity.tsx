// What coordinators and curators do themselves: who looks, who has never come, whose answers wait (S1.30).
import type { TFunction } from "i18next";
import { useQuery } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";
import { useParameter, useTyped } from "../../parts/address";
import { Chips } from "../../parts/chips";
import { SearchField, TextField } from "../../parts/controls";
import { formatDate, formatDateTime, formatNumber } from "../../parts/format";
import { EmptyState } from "../../parts/surfaces";
import { DataTable, type Column, type Sorting } from "../../parts/table";
import { None, Text } from "../coordinator/contact";
import { useSearched } from "../coordinator/report";
import { WithRound, type ReportRound } from "../coordinator/round";
import { Count, isWatched, ReportFrame, Tiles, wideEnough } from "./common";

type ActivityRow = Full<components["schemas"]["ActivityRow"]>;

const PAGE = 1000;
const NO_ROWS: ActivityRow[] = [];
const textOf = (row: ActivityRow) => `${row.name} ${row.organisationName} ${row.municipalityName}`;
const GROUPS = ["all", "coordinator", "curator"] as const;

async function readAll(query: { roundId: string; fromOn?: string; toOn?: string }) {
  const ask = (after: string) => reply(api.GET("/api/v1/reports/activity", { params: { query: { ...query, limit: PAGE, ...(after && { afterAccountId: after }) } } }));
  const whole = await ask("");
  for (let next = whole.nextAfterAccountId; next; ) {
    const page = await ask(next);
    whole.rows.push(...page.rows);
    next = page.nextAfterAccountId;
  }
  return whole;
}

export function ActivityPage() {
  const { t } = useTranslation("roadmaps");
  return <WithRound title={t("activity.title")} fits={isWatched}>{(round, chooser) => <Activity key={round.roundId} round={round} chooser={chooser} />}</WithRound>;
}

function Activity({ round, chooser }: { round: ReportRound; chooser: ReactNode }) {
  const { t } = useTranslation("roadmaps");
  const [from, setFrom] = useParameter("from");
  const [to, setTo] = useParameter("to");
  const [role, setRole] = useParameter("role", "all");
  const [search, setSearch] = useTyped("q");
  const [sort, setSort] = useParameter("sort", "last");
  const isBackwards = Boolean(from && to && to < from);
  const question = { roundId: round.roundId, ...(from.length === 10 && !isBackwards && { fromOn: from }), ...(to.length === 10 && { toOn: to }) };
  const query = useQuery({ queryKey: ["report-activity", question], queryFn: () => readAll(question) });
  const all = query.data?.rows ?? NO_ROWS;
  const found = useSearched(all, search, textOf);
  const rows = useMemo(() => (role === "all" ? found : found.filter((row) => row.role === role)), [found, role]);
  const columns = useColumns(round.zone);
  const sorting: Sorting = { column: sort.replace(/^-/, ""), isDescending: sort.startsWith("-") };
  return (
    <ReportFrame title={t("activity.title")} round={round} file={{ report: "activity", ...question, role: role === "all" ? "" : role }} query={query} rows={8}
      toolbar={
        <>
          {chooser}
          <TextField label={t("activity.from")} type="date" value={from} onChange={setFrom} />
          <TextField label={t("activity.to")} type="date" value={to} onChange={setTo} error={isBackwards ? t("activity.backwards") : ""} />
        </>
      }
      scope={query.data && <p className="report-scope">{t("activity.period", { from: formatDate(query.data.fromOn), to: formatDate(query.data.toOn) })}</p>}>
      {() => (
        <>
          <Tiles label={t("totals")} tiles={[
            { id: "never", label: t("activity.never"), now: all.filter((row) => !row.lastVisitAt).length, of: all.length, isBad: true },
            { id: "away", label: t("activity.away"), now: all.filter((row) => row.visits === 0).length, of: all.length, isBad: true },
            { id: "blind", label: t("activity.blind"), now: all.filter((row) => row.reportViews === 0).length, of: all.length },
            { id: "waiting", label: t("activity.curatorsWaiting"), now: all.filter((row) => row.role === "curator" && row.waiting > 0).length,
              of: all.filter((row) => row.role === "curator").length },
          ]} />
          <div className="report-bar">
            <Chips label={t("activity.who")} current={role} onChoose={setRole}
              chips={GROUPS.map((id) => ({ id, text: t(`activity.group.${id}`), count: id === "all" ? all.length : all.filter((row) => row.role === id).length }))} />
            <SearchField label={t("search")} value={search} onChange={setSearch} />
          </div>
          <div className="live-table activity-table">
            <DataTable caption={t("activity.title")} columns={columns} rows={rows} keyOf={(row) => row.accountId} sorting={sorting}
              onSort={(next) => setSort((next.isDescending ? "-" : "") + next.column)}
              empty={<EmptyState title={t("nothing")}>{search ? t("nothingFound") : t("activity.nobody")}</EmptyState>} />
          </div>
        </>
      )}
    </ReportFrame>
  );
}

const HOURS_PER_DAY = 24;

// How long half of the answers took at most; from two days on the hours say nothing more.
function answerTime(t: TFunction<"roadmaps">, hours: number): string {
  if (hours < 1) return t("activity.withinHour");
  return hours < 2 * HOURS_PER_DAY ? t("activity.hours", { hours: formatNumber(hours) }) : t("days", { count: Math.floor(hours / HOURS_PER_DAY) });
}

function useColumns(zone: string): Column<ActivityRow>[] {
  const { t } = useTranslation("roadmaps");
  return useMemo(() => [
    { id: "name", title: t("activity.name"), width: "14rem", sortBy: (row) => row.name, render: (row) => <Text>{row.name || t("activity.noName")}</Text> },
    { id: "role", title: t("activity.role"), width: "9rem", sortBy: (row) => row.role,
      render: (row) => t(row.role === "curator" ? "role.ROLE_CURATOR" : "role.ROLE_COORDINATOR", { ns: "common" }) },
    { id: "organisation", title: t("activity.organisation"), width: "13rem", sortBy: (row) => row.organisationName, render: (row) => <Text>{row.organisationName}</Text> },
    { id: "municipality", title: t("column.municipality"), width: "10rem", sortBy: (row) => row.municipalityName, render: (row) => <Text>{row.municipalityName}</Text> },
    { id: "schools", title: t("activity.schools"), isNumber: true, width: "5rem", sortBy: (row) => row.schools, render: (row) => row.role === "curator" ? formatNumber(row.schools) : <None /> },
    { id: "last", title: t("activity.last"), width: "10.5rem", sortBy: (row) => row.lastVisitAt,
      render: (row) => row.lastVisitAt ? <span className="nowrap">{formatDateTime(row.lastVisitAt, zone)}</span> : <span className="late">{t("activity.neverCame")}</span> },
    { id: "visits", title: t("activity.visits"), isNumber: true, width: "6rem", sortBy: (row) => row.visits, render: (row) => <Count now={row.visits} /> },
    { id: "views", title: t("activity.views"), isNumber: true, width: "7rem", sortBy: (row) => row.reportViews, render: (row) => <Count now={row.reportViews} /> },
    { id: "reminders", title: t("activity.reminders"), isNumber: true, width: wideEnough(t("activity.reminders"), 7), sortBy: (row) => row.reminders, render: (row) => <Count now={row.reminders} /> },
    { id: "waiting", title: t("activity.waiting"), isNumber: true, width: "9rem", sortBy: (row) => row.waitingDays + row.waiting / 1000,
      render: (row) => row.waiting > 0 ? <span className="waits">{formatNumber(row.waiting)} · {t("days", { count: row.waitingDays })}</span> : <span className="muted">0</span> },
    { id: "answers", title: t("activity.answers"), isNumber: true, width: wideEnough(t("activity.answers"), 9), sortBy: (row) => row.answered ? row.medianAnswerHours + 1 : 0,
      render: (row) => row.role !== "curator" ? <None /> : row.answered === 0 ? <span className="muted">0</span>
        : <span className="nowrap">{formatNumber(row.answered)} · {answerTime(t, row.medianAnswerHours)}</span> },
    { id: "overdue", title: t("column.overdue"), isNumber: true, width: "7rem", sortBy: (row) => row.overdue, render: (row) => <Count now={row.overdue} isBad /> },
  ], [t, zone]);
}
