// «Статистика по мерам и направлениям»: how many have not begun, work, wait, are done; each measure by municipality (S1.28, S1.32).
import { useQuery } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";
import { useParameter, useTyped } from "../../parts/address";
import { Button, SearchField, Select } from "../../parts/controls";
import { formatDecimal, formatNumber } from "../../parts/format";
import { EmptyState, ErrorNotice, Loading } from "../../parts/surfaces";
import { DataTable, type Column, type Sorting } from "../../parts/table";
import { None, Text } from "../coordinator/contact";
import { useFresh, useSearched } from "../coordinator/report";
import { MunicipalitySelect, useMunicipality, WithRound, type ReportRound } from "../coordinator/round";
import { Count, DayFields, hasPlans, ReportFrame, Scope, Tiles, useDays, useLive, useWords, wideEnough, type Days, type Words } from "./common";

type MeasureRow = Full<components["schemas"]["MeasureRow"]>;
type Figures = Full<components["schemas"]["MeasureFigures"]>;
type OfMunicipality = Full<components["schemas"]["MeasureOfMunicipality"]>;
type MeasuresReport = Full<components["schemas"]["MeasuresReport"]>;

const ALL = "all";
const keyOf = (row: MeasureRow) => `${row.sectionCode}/${row.itemCode}`;
const textOf = (row: MeasureRow) => `${row.question} ${row.sectionTitle} ${row.stage}`;
const NO_ROWS: MeasureRow[] = [];
const COUNTS = ["asked", "notStarted", "inWork", "waiting", "accepted", "returned", "overdue"] as const;

export function MeasuresPage() {
  const { t } = useTranslation("roadmaps");
  return <WithRound title={t("measures.title")} fits={hasPlans}>{(round, chooser) => <Measures key={round.roundId} round={round} chooser={chooser} />}</WithRound>;
}

function Percent({ now, was }: { now: Figures | null; was: Figures | null }) {
  const { t } = useTranslation("roadmaps");
  if (!now?.percent) return <None />;
  const change = was?.percent ? Number(now.percent) - Number(was.percent) : 0;
  return (
    <>{formatDecimal(now.percent)} %{change !== 0 && (
      <span className="moved" title={t("was", { was: `${formatDecimal(was!.percent)} %` })}> {change > 0 ? "+" : "−"}{formatNumber(Math.abs(change), 2)}</span>
    )}</>
  );
}

function countColumns<Row extends { figures: Figures; was: Figures | null }>(titleOf: (name: (typeof COUNTS)[number]) => string, percent: string): Column<Row>[] {
  return [
    ...COUNTS.map((name): Column<Row> => ({
      id: name, title: titleOf(name), isNumber: true, width: wideEnough(titleOf(name), 6), sortBy: (row) => row.figures[name],
      render: (row) => <Count now={row.figures[name]} was={row.was?.[name]} isBad={name === "overdue"} />,
    })),
    { id: "percent", title: percent, isNumber: true, width: "7rem", sortBy: (row) => Number(row.figures.percent || -1), render: (row) => <Percent now={row.figures} was={row.was} /> },
  ];
}

function useTitles(words: Words) {
  const { t } = useTranslation("roadmaps");
  return (name: (typeof COUNTS)[number]) => t(`measures.${name}`, { reviewer: words.reviewer });
}

function Measures({ round, chooser }: { round: ReportRound; chooser: ReactNode }) {
  const { t } = useTranslation("roadmaps");
  const municipality = useMunicipality();
  const days = useDays();
  const words = useWords(round);
  const question = {
    roundId: round.roundId, ...(municipality.id && { municipalityId: municipality.id }), ...(days.asOf && { asOf: days.asOf }),
    ...(days.compareWith && { compareWith: days.compareWith }),
  };
  const key = ["report-measures", question];
  const refetchInterval = useLive(key, round.roundId, !days.asOf);
  const query = useQuery({
    queryKey: key, refetchInterval, staleTime: days.asOf ? Infinity : 15_000,
    queryFn: () => reply(api.GET("/api/v1/reports/measures", { params: { query: question } })),
  });
  return (
    <ReportFrame title={t("measures.title")} round={round} file={{ report: "measures", ...question, byMunicipality: true }} query={query} rows={12}
      toolbar={<>{chooser}<MunicipalitySelect municipality={municipality} /><DayFields days={days} /></>}
      scope={<Scope days={days} {...(municipality.chosen ? { place: `${municipality.chosen.shortName}.` } : {})} />}>
      {(data) => (
        <>
          <MeasureTotals report={data} words={words} />
          <MeasureRows report={data} words={words} round={round} days={days} name={JSON.stringify(key)} municipalityId={municipality.id} />
        </>
      )}
    </ReportFrame>
  );
}

function MeasureTotals({ report, words }: { report: MeasuresReport; words: Words }) {
  const { t } = useTranslation("roadmaps");
  const now = report.totals, was = report.compareWith ? report.totalsWere : undefined;
  return (
    <Tiles label={t("totals")} tiles={[
      { id: "accepted", label: t("measures.tileAccepted", { items: words.items }), now: now.accepted, was: was?.accepted, of: now.asked },
      { id: "notStarted", label: t("measures.tileNotStarted"), now: now.notStarted, was: was?.notStarted, isBad: true },
      { id: "inWork", label: t("measures.inWork"), now: now.inWork, was: was?.inWork },
      { id: "waiting", label: t("tile.waiting", { reviewer: words.reviewer }), now: now.waiting, was: was?.waiting },
      { id: "returned", label: t("measures.returned"), now: now.returned, was: was?.returned },
      { id: "overdue", label: t("measures.overdue"), now: now.overdue, was: was?.overdue, isBad: true },
    ]} />
  );
}

interface RowsProps { report: MeasuresReport; words: Words; round: ReportRound; days: Days; name: string; municipalityId: string; }

function MeasureRows({ report, words, round, days, name, municipalityId }: RowsProps) {
  const { t } = useTranslation("roadmaps");
  const [section, setSection] = useParameter("section", ALL);
  const [item, setItem] = useParameter("item");
  const [search, setSearch] = useTyped("q");
  const [sort, setSort] = useParameter("sort");
  const sorting: Sorting = { column: sort.replace(/^-/, ""), isDescending: sort.startsWith("-") };
  const rows = report.rows.length > 0 ? report.rows : NO_ROWS;
  const fresh = useFresh(rows, name, keyOf);
  const found = useSearched(rows, search, textOf);
  const shown = useMemo(() => (section === ALL ? found : found.filter((row) => row.sectionCode === section)), [found, section]);
  const sections = useMemo(() => [...new Map(rows.map((row) => [row.sectionCode, [row.sectionNumber, row.sectionTitle].filter(Boolean).join(" ")]))], [rows]);
  const titleOf = useTitles(words);
  const hasStages = rows.some((row) => row.stage);
  const columns: Column<MeasureRow>[] = [
    { id: "item", title: words.item, width: "17rem", sortBy: (row) => row.question,
      render: (row) => <button type="button" className="link-button" title={row.question} aria-expanded={keyOf(row) === item}
        onClick={() => setItem(keyOf(row) === item ? "" : keyOf(row), true)}>{row.question}</button> },
    { id: "section", title: words.section, width: "14rem", sortBy: (row) => row.sectionTitle, render: (row) => <Text>{[row.sectionNumber, row.sectionTitle].filter(Boolean).join(" ")}</Text> },
    ...(hasStages ? [{ id: "stage", title: t("column.stage"), width: "9rem", sortBy: (row: MeasureRow) => row.stage, render: (row: MeasureRow) => <Text>{row.isTemplate && !row.stage ? t("measures.template") : row.stage}</Text> }] : []),
    ...countColumns<MeasureRow>(titleOf, t("measures.percent")),
  ];
  const chosen = rows.find((row) => keyOf(row) === item);
  return (
    <>
      <div className="report-bar">
        {sections.length > 1 && (
          <Select label={words.section} value={section} onChange={setSection}
            choices={[{ id: ALL, text: t("measures.allSections") }, ...sections.map(([id, text]) => ({ id, text }))]} />
        )}
        <SearchField label={t("search")} value={search} onChange={setSearch} />
      </div>
      {chosen && <ByMunicipality row={chosen} words={words} round={round} days={days} municipalityId={municipalityId} onClose={() => setItem("")} />}
      <div className="live-table measures-table">
        <DataTable caption={t("measures.title")} columns={columns} rows={shown} keyOf={keyOf} fresh={fresh} sorting={sorting}
          onSort={(next) => setSort((next.isDescending ? "-" : "") + next.column)} {...(item ? { currentKey: item } : {})}
          empty={<EmptyState title={t("nothing")}>{search || section !== ALL ? t("nothingFound") : t("measures.nobody")}</EmptyState>} />
      </div>
    </>
  );
}

function ByMunicipality({ row, words, round, days, municipalityId, onClose }:
  { row: MeasureRow; words: Words; round: ReportRound; days: Days; municipalityId: string; onClose: () => void }) {
  const { t } = useTranslation("roadmaps");
  const titleOf = useTitles(words);
  const question = {
    roundId: round.roundId, byMunicipality: true, sectionCode: row.sectionCode, itemCode: row.itemCode, ...(municipalityId && { municipalityId }),
    ...(days.asOf && { asOf: days.asOf }), ...(days.compareWith && { compareWith: days.compareWith }),
  };
  const key = ["report-measures", "one", question];
  const refetchInterval = useLive(key, round.roundId, !days.asOf);
  const query = useQuery({ queryKey: key, refetchInterval, queryFn: () => reply(api.GET("/api/v1/reports/measures", { params: { query: question } })) });
  const columns = countColumns<OfMunicipality>(titleOf, t("measures.percent"));
  return (
    <section className="by-municipality" aria-label={t("measures.byMunicipality")}>
      <div className="value-head">
        <h2>{row.question}</h2>
        <Button kind="quiet" icon="cross" aria-label={t("close", { ns: "common" })} onPress={onClose} />
      </div>
      <p className="muted">{[row.sectionNumber, row.sectionTitle].filter(Boolean).join(" ")}{row.stage && ` · ${row.stage}`}</p>
      {query.isPending && <Loading rows={3} />}
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && (
        <div className="plain-table-place" tabIndex={0} role="group" aria-label={t("measures.byMunicipality")}>
          <table className="plain-table">
            <caption className="visually-hidden">{t("measures.byMunicipality")}</caption>
            <thead><tr><th scope="col">{t("column.municipality")}</th>{columns.map((column) => <th key={column.id} scope="col" className="number">{column.title}</th>)}</tr></thead>
            <tbody>
              {query.data.municipalities.map((one) => (
                <tr key={one.municipalityId}>
                  <th scope="row">{one.municipalityName || t("noMunicipality")}</th>
                  {columns.map((column) => <td key={column.id} className="number">{column.render(one)}</td>)}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
