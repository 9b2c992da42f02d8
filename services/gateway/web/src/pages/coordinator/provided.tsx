// «Отчёт по предоставленным данным»: who has given data and why the others have not (S2.56-S2.59, S2.61, S2.62).
import { useDeferredValue, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearch } from "wouter";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";
import { useParameter, useTyped } from "../../parts/address";
import { Chips } from "../../parts/chips";
import { SearchField } from "../../parts/controls";
import { formatNumber } from "../../parts/format";
import { LiveSwitch } from "../../parts/live-switch";
import { EmptyState, ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import type { Column } from "../../parts/table";
import { ReportActions } from "./actions";
import { contactText, MailSign, PhoneLink, Text } from "./contact";
import { LiveTable } from "./live-table";
import { PlacesTable } from "./places-table";
import { Filled, Reason, useReasonText } from "./reason";
import { useReminding } from "./reminder";
import { useReport, useSearched, type Asked } from "./report";
import { MunicipalitySelect, RoundStatus, useMunicipality, useValues, WithRound, type ReportRound } from "./round";

export type ProvidedRow = Full<components["schemas"]["ProvidedRow"]>;
type ProvidedReport = Full<components["schemas"]["ProvidedReport"]>;

const NO_ROWS: ProvidedRow[] = [];
const sameRow = (row: ProvidedRow) => row;
const textOf = (row: ProvidedRow) => `${row.shortName} ${row.municipalityName} ${contactText(row.contact)}`;
const isOther = (row: ProvidedRow) => row.organisationGroup === "other" || row.organisationGroup === "superior";

// «Другие организации» hold the superior ones, as the report's counters do (S2.59).
const GROUPS: Record<string, (row: ProvidedRow) => boolean> = {
  without_data: (row) => row.filled === 0,
  with_data: (row) => row.filled > 0,
  other: (row) => row.filled > 0 && isOther(row),
  superior: (row) => row.filled > 0 && row.organisationGroup === "superior",
  all: () => true,
};

export function ProvidedPage() {
  const { t } = useTranslation("coordinator");
  return <WithRound title={t("provided.title")}>{(round, chooser) => <Provided round={round} chooser={chooser} />}</WithRound>;
}

function Provided({ round, chooser }: { round: ReportRound; chooser: React.ReactNode }) {
  const { t } = useTranslation("coordinator");
  const municipality = useMunicipality();
  const values = useValues(round);
  const { query, fresh } = useReport<ProvidedRow, ProvidedReport>({
    key: ["report-provided", round.roundId, municipality.id, values.chosen], roundId: round.roundId, isLive: !values.isPast,
    ask: (asked: Asked) => reply(api.GET("/api/v1/reports/provided", {
      params: { query: { roundId: round.roundId, municipalityId: municipality.id, ...values.query, ...asked } },
    })) as Promise<ProvidedReport>,
  });
  const { data } = query;
  const [group, setGroup] = useParameter("group", "without_data");
  const [search, setSearch] = useTyped("q");
  const [view, setView] = useParameter("view", "organisations");
  const found = useSearched(data?.rows ?? NO_ROWS, useDeferredValue(search), textOf);
  const rows = useMemo(() => found.filter(GROUPS[group] ?? GROUPS.all!), [found, group]);
  const reasonText = useReasonText(round.zone);
  const late = useMemo(() => found.filter((row) => row.filled === 0)
    .map((row) => ({ ...row, why: reasonText(row.reason, row.reasonAt) })), [found, reasonText]);
  const reminding = useReminding(round, !values.isPast && group === "without_data", rows, sameRow);
  const columns = useColumns(round.zone, group !== "with_data" && group !== "other" && group !== "superior", reminding.columns.length > 0);
  const allColumns = useMemo(() => [...columns, ...reminding.columns], [columns, reminding.columns]);
  const byPlace = view === "municipalities" && !municipality.id;
  return (
    <>
      <PageHead title={t("provided.title")} status={<RoundStatus round={round} />} actions={<ReportActions rows={late} file={{ report: "provided", roundId: round.roundId, municipalityId: municipality.id, ...values.query }} />} />
      <div className="toolbar">
        {chooser}
        {values.select}
        <MunicipalitySelect municipality={municipality} />
        {values.isPast ? null : <LiveSwitch />}
      </div>
      <p className="report-scope print-only">{[values.label, municipality.chosen?.shortName].filter(Boolean).join(". ")}</p>
      {query.isPending && <Loading rows={12} />}
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {data && (
        <>
          <div className="report-bar">
            {!byPlace && <ProvidedChips report={data} current={group} onChoose={setGroup} />}
            {!municipality.id && municipality.all.length > 1 && (
              <Chips label={t("provided.view")} current={view} chips={[{ id: "municipalities", text: t("provided.byMunicipality") }]}
                onChoose={(id) => setView(id === view ? "organisations" : id, true)} />
            )}
            {!byPlace && <SearchField label={t("searchRows")} value={search} onChange={setSearch} />}
          </div>
          {byPlace
            ? <PlacesTable rows={data.rows} fresh={fresh} municipality={municipality} />
            : (
              <>
                {reminding.bar}
                <LiveTable caption={t("provided.title")} columns={allColumns} rows={rows} fresh={fresh} selection={reminding.selection}
                  empty={<EmptyState title={t("nothing")}>{search ? t("nothingFound") : t("start.nobody")}</EmptyState>} />
              </>
            )}
        </>
      )}
    </>
  );
}

function ProvidedChips({ report, current, onChoose }: { report: ProvidedReport; current: string; onChoose: (group: string) => void }) {
  const { t } = useTranslation("coordinator");
  return (
    <Chips label={t("start.groups")} current={current} onChoose={onChoose} chips={[
      { id: "without_data", count: report.withoutData, text: t("provided.withoutData") },
      { id: "with_data", count: report.withData, text: t("provided.withData") },
      ...(report.otherWithData > 0 ? [{ id: "other", count: report.otherWithData, text: t("provided.other", { count: report.otherWithData }) }] : []),
      ...(report.superiorWithData > 0
        ? [{ id: "superior", count: report.superiorWithData, text: t("provided.superior", { count: report.superiorWithData }) }] : []),
      { id: "all", count: report.withData + report.withoutData, text: t("inAll") },
    ]} />
  );
}

// Where all have data nobody asks why there is none.
function useColumns(zone: string, hasReasons: boolean, hasReminders: boolean): Column<ProvidedRow>[] {
  const { t } = useTranslation("coordinator");
  const reasonText = useReasonText(zone);
  const noData = t("noData", { ns: "common" });
  // The values of an organisation are asked for with the same round and the same «Выбранные значения».
  const search = useSearch();
  const kept = new URLSearchParams(search);
  for (const name of ["q", "group", "view", "sort", "municipality"]) kept.delete(name);
  const question = kept.size > 0 ? `?${kept}` : "";
  return useMemo(() => [
    { id: "name", title: t("organisation"), width: hasReminders ? "11.25rem" : hasReasons ? "13.5rem" : "18rem", sortBy: (row) => row.shortName,
      render: (row) => <Link href={`/reports/provided/${row.organisationId}${question}`} title={row.shortName}>{row.shortName}</Link> },
    { id: "municipality", title: t("municipality"), width: hasReminders ? "7.25rem" : "9.5rem", render: (row) => <Text>{row.municipalityName}</Text>, sortBy: (row) => row.municipalityName },
    { id: "filled", title: t("provided.filled"), width: hasReminders ? "6.75rem" : "8.5rem", sortBy: (row) => (row.total ? row.filled / row.total : 0),
      // Where nobody has data there is no bar to show.
      render: (row) => hasReminders ? t("filledOf", { filled: formatNumber(row.filled), total: formatNumber(row.total) }) : <Filled filled={row.filled} total={row.total} text={t("filledOf", { filled: formatNumber(row.filled), total: formatNumber(row.total) })} /> },
    ...(hasReasons ? [{ id: "reason", title: t("reason.title"), width: hasReminders ? "10.5rem" : "13.5rem", sortBy: (row: ProvidedRow) => `${row.reason} ${row.reasonAt}`,
      render: (row: ProvidedRow) => row.filled === 0 && <Reason reason={row.reason} text={reasonText(row.reason, row.reasonAt)} noData={noData} /> }] : []),
    { id: "person", title: t("person"), width: hasReminders ? "6.75rem" : hasReasons ? "8.5rem" : "16rem", sortBy: (row) => row.contact?.name ?? "",
      render: (row) => <Text>{[row.contact?.name, row.contact?.position].filter(Boolean).join(", ")}</Text> },
    { id: "phone", title: t("phone"), width: "12.5rem",
      render: (row) => <><PhoneLink phone={row.contact?.phone} /> <MailSign email={row.contact?.email} /></> },
  ], [t, reasonText, noData, question, hasReasons, hasReminders]);
}
