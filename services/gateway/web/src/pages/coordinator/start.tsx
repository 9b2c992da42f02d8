// «Отчёт о начале»: who has started, who has not, and whom to call (S2.53-S2.55, S2.62).
import { useCallback, useDeferredValue, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../api/schema";
import { api, reply, type Full } from "../../api/client";
import { useParameter, useTyped } from "../../parts/address";
import { Chips } from "../../parts/chips";
import { Button, SearchField, TextField } from "../../parts/controls";
import { formatDate, formatDateTime } from "../../parts/format";
import { LiveSwitch } from "../../parts/live-switch";
import { EmptyState, ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import type { Column } from "../../parts/table";
import { contactText, MailLink, None, PhoneLink, Text } from "./contact";
import { ReportActions } from "./actions";
import { LiveTable } from "./live-table";
import { useReminding } from "./reminder";
import { useReport, useSearched, type Asked } from "./report";
import { MunicipalitySelect, RoundStatus, useMunicipality, WithRound, type ReportRound } from "./round";

type StartRow = Full<components["schemas"]["StartRow"]>;
type StartReport = Full<components["schemas"]["StartReport"]>;

// A first login is no change of an assignment: no event tells of it.
const POLL_MS = 30_000;
const FIRST_DAY = "2000-01-01";

const countersOf = (report: StartReport) => [report.notStarted, report.started, report.other].join();
const isWaitedFor = (row: StartRow) => row.group !== "started";
const textOf = (row: StartRow) => `${row.shortName} ${row.inn} ${row.municipalityName} ${contactText(row.contact)}`;

const NO_ROWS: StartRow[] = [];
const sameRow = (row: StartRow) => row;

export function StartPage() {
  const { t } = useTranslation("coordinator");
  return <WithRound title={t("start.title")}>{(round, chooser) => <Start round={round} chooser={chooser} />}</WithRound>;
}

function Start({ round, chooser }: { round: ReportRound; chooser: React.ReactNode }) {
  const { t } = useTranslation("coordinator");
  const municipality = useMunicipality();
  const [day, setDay] = useParameter("asOf");
  const asOf = day >= FIRST_DAY ? day : "";
  const ask = useCallback(
    (asked: Asked) => reply(api.GET("/api/v1/reports/start", {
      params: { query: { roundId: round.roundId, municipalityId: municipality.id, asOf, ...asked } },
    })) as Promise<StartReport>,
    [round.roundId, municipality.id, asOf],
  );
  const { query, fresh } = useReport<StartRow, StartReport>({
    key: ["report-start", round.roundId, municipality.id, asOf], roundId: round.roundId, isLive: !asOf,
    ask, concerns: isWaitedFor, pollMs: POLL_MS, countersOf,
  });
  const { data } = query;
  const all = data?.rows ?? NO_ROWS;
  const [group, setGroup] = useParameter("group", "not_started");
  const [search, setSearch] = useTyped("q");
  const found = useSearched(all, useDeferredValue(search), textOf);
  const rows = useMemo(() => (group === "all" ? found : found.filter((row) => row.group === group)), [found, group]);
  const isReminding = !asOf && group === "not_started";
  const reminding = useReminding(round, isReminding, rows, sameRow);
  const columns = useColumns(round.zone, group !== "not_started", reminding.columns.length > 0);
  const allColumns = useMemo(() => [...columns, ...reminding.columns], [columns, reminding.columns]);
  return (
    <>
      <PageHead title={t("start.title")} status={<RoundStatus round={round} />}
        actions={<ReportActions rows={useMemo(() => found.filter((row) => row.group === "not_started"), [found])}
          file={{ report: "start", roundId: round.roundId, municipalityId: municipality.id, asOf }} />} />
      <div className="toolbar">
        {chooser}
        <MunicipalitySelect municipality={municipality} />
        <TextField label={t("start.asOf")} type="date" value={day} onChange={setDay} />
        {asOf ? <Button onPress={() => setDay("")}>{t("now")}</Button> : <LiveSwitch />}
      </div>
      <p className="report-scope">
        {municipality.chosen ? `${municipality.chosen.shortName}. ` : ""}
        {asOf ? t("start.endOf", { day: formatDate(asOf) }) : ""}
      </p>
      {query.isPending && <Loading rows={12} />}
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {data && (
        <>
          <div className="report-bar">
            <StartChips report={data} current={group} onChoose={setGroup} />
            <SearchField label={t("searchRows")} value={search} onChange={setSearch} />
          </div>
          {reminding.bar}
          <LiveTable caption={t("start.title")} columns={allColumns} rows={rows} fresh={fresh} selection={reminding.selection}
            empty={<EmptyState title={t("nothing")}>{search ? t("nothingFound") : t("start.nobody")}</EmptyState>} />
        </>
      )}
    </>
  );
}

function StartChips({ report, current, onChoose }: { report: StartReport; current: string; onChoose: (group: string) => void }) {
  const { t } = useTranslation("coordinator");
  const all = report.notStarted + report.started + report.other;
  return (
    <Chips label={t("start.groups")} current={current} onChoose={onChoose} chips={[
      { id: "not_started", count: report.notStarted, text: t("start.notStarted", { count: report.notStarted }) },
      { id: "started", count: report.started, text: t("start.started", { count: report.started }) },
      { id: "other", count: report.other, text: t("start.other", { count: report.other }) },
      { id: "all", count: all, text: t("inAll") },
    ]} />
  );
}

// Who has not started has no first login to show: the width goes to the contacts.
function useColumns(zone: string, hasLogins: boolean, hasReminders: boolean): Column<StartRow>[] {
  const { t } = useTranslation("coordinator");
  return useMemo(() => [
    { id: "name", title: t("organisation"), width: hasReminders ? "11.5rem" : "14rem", render: (row) => <Text>{row.shortName}</Text>, sortBy: (row) => row.shortName },
    { id: "inn", title: t("inn"), width: "7.25rem", render: (row) => <Text>{row.inn}</Text>, sortBy: (row) => row.inn },
    { id: "municipality", title: t("municipality"), width: hasReminders ? "8.75rem" : "9.5rem", render: (row) => <Text>{row.municipalityName}</Text>, sortBy: (row) => row.municipalityName },
    { id: "person", title: t("person"), width: hasReminders ? "9.5rem" : hasLogins ? "10rem" : "12rem", sortBy: (row) => row.contact?.name ?? "",
      render: (row) => <Text>{[row.contact?.name, row.contact?.position].filter(Boolean).join(", ")}</Text> },
    { id: "phone", title: t("phone"), width: "10rem", render: (row) => <PhoneLink phone={row.contact?.phone} /> },
    { id: "email", title: t("email"), width: hasLogins || hasReminders ? "8rem" : "14rem", render: (row) => <MailLink email={row.contact?.email} /> },
    ...(hasLogins ? [{ id: "login", title: t("start.firstLogin"), width: "8rem", sortBy: (row: StartRow) => row.firstLoginAt,
      render: (row: StartRow) => row.firstLoginAt
        ? <span title={formatDateTime(row.firstLoginAt, zone)}>{formatDate(row.firstLoginAt, zone)}</span> : <None /> }] : []),
  ], [t, zone, hasLogins, hasReminders]);
}
