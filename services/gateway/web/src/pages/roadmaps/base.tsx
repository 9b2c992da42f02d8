// «Базовый отчёт по дорожным картам»: totals, then municipality, organisation, section; as of a day, beside another (S1.25-S1.27, S1.31).
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useAccount } from "../../api/session";
import { useParameter, useTyped } from "../../parts/address";
import { Chips } from "../../parts/chips";
import { SearchField } from "../../parts/controls";
import { EmptyState } from "../../parts/surfaces";
import { DataTable, type Sorting } from "../../parts/table";
import { useReminding } from "../coordinator/reminder";
import { useFresh, useSearched } from "../coordinator/report";
import { MunicipalitySelect, useMunicipality, WithRound, type ReportRound } from "../coordinator/round";
import { useBaseColumns } from "./base-columns";
import { lineKey, linesOf, readBase, type Level, type Line, type RoadmapRow, type RoadmapsReport } from "./base-data";
import { DayFields, hasPlans, ReportFrame, Scope, Tiles, useDays, useLive, useWords, type Words } from "./common";

const NO_ROWS: RoadmapRow[] = [];
const LEVELS: Level[] = ["municipalities", "organisations", "sections"];
const organisationOf = (line: Line) => ({ organisationId: line.organisationId, shortName: line.name });
const rowKey = (row: RoadmapRow) => `${row.organisationId} ${row.sectionCode}`;
const textOf = (line: Line) => `${line.name} ${line.municipalityName} ${line.curators.join(" ")} ${line.row?.sectionTitle ?? ""}`;

export function BaseReportPage() {
  const { t } = useTranslation("roadmaps");
  return <WithRound title={t("base.title")} fits={hasPlans}>{(round, chooser) => <BaseReport key={round.roundId} round={round} chooser={chooser} />}</WithRound>;
}

function useSorting(): [Sorting, (sorting: Sorting) => void] {
  const [sort, setSort] = useParameter("sort");
  const isDescending = sort.startsWith("-");
  return [{ column: sort.replace(/^-/, ""), isDescending }, (next) => setSort((next.isDescending ? "-" : "") + next.column)];
}

function BaseReport({ round, chooser }: { round: ReportRound; chooser: ReactNode }) {
  const { t } = useTranslation("roadmaps");
  const municipality = useMunicipality();
  const days = useDays();
  const words = useWords(round);
  const question = { roundId: round.roundId, municipalityId: municipality.id, asOf: days.asOf, compareWith: days.compareWith };
  const key = ["report-roadmaps", question];
  const refetchInterval = useLive(key, round.roundId, !days.asOf);
  const query = useQuery({ queryKey: key, refetchInterval, staleTime: days.asOf ? Infinity : 15_000, queryFn: () => readBase(question) });
  return (
    <ReportFrame title={t("base.title")} round={round} file={{ report: "roadmaps", ...question }} query={query} rows={12}
      toolbar={<>{chooser}<MunicipalitySelect municipality={municipality} /><DayFields days={days} /></>}
      scope={<Scope days={days} {...(municipality.chosen ? { place: `${municipality.chosen.shortName}.` } : {})} />}>
      {(data) => (
        <>
          <BaseTotals report={data} words={words} />
          <BaseRows report={data} round={round} words={words} isNow={!days.asOf} name={JSON.stringify(key)} places={municipality.all.length} municipality={municipality} />
        </>
      )}
    </ReportFrame>
  );
}

export function BaseTotals({ report, words }: { report: RoadmapsReport; words: Words }) {
  const { t } = useTranslation("roadmaps");
  const now = report.totals, was = report.compareWith ? report.totalsWere : undefined;
  return (
    <Tiles label={t("totals")} tiles={[
      { id: "activated", label: t("tile.activated"), now: now.activated, was: was?.activated, of: now.chosen },
      { id: "templates", label: t("tile.templates"), now: now.templatesActivated, was: was?.templatesActivated, of: now.templatesTotal },
      { id: "notStarted", label: t("tile.notStarted"), now: now.notStarted, was: was?.notStarted, of: now.organisations, isBad: true },
      { id: "finished", label: t("tile.finished", { items: words.items }), now: now.measuresFinished, was: was?.measuresFinished, of: now.measuresTotal },
      { id: "waiting", label: t("tile.waiting", { reviewer: words.reviewer }), now: now.waiting, was: was?.waiting,
        more: now.waiting === 0 ? "" : now.waitingDays > 0 ? t("tile.longest", { days: t("days", { count: now.waitingDays }) }) : t("tile.lessThanDay") },
      { id: "returned", label: t("tile.returned"), now: now.returned, was: was?.returned },
      { id: "overdue", label: t("tile.overdue"), now: now.overdue, was: was?.overdue, isBad: true,
        more: now.overdue > 0 ? t("tile.overdueOf", { count: now.overdueOrganisations }) : "" },
    ]} />
  );
}

interface RowsProps { report: RoadmapsReport; round: ReportRound; words: Words; isNow: boolean; name: string; places: number; municipality: ReturnType<typeof useMunicipality>; }

export function BaseRows({ report, round, words, isNow, name, places, municipality }: RowsProps) {
  const { roundId, zone } = round;
  const { t } = useTranslation("roadmaps");
  const isOneMunicipality = places < 2 || municipality.id !== "";
  const [level, setLevel] = useParameter("level", isOneMunicipality ? "organisations" : "municipalities") as [Level, (level: string, push?: boolean) => void];
  const [organisation, setOrganisation] = useParameter("organisation");
  const [changed, setChanged] = useParameter("changed");
  const [search, setSearch] = useTyped("q");
  const [sorting, sort] = useSorting();
  const isCompared = report.compareWith !== "";
  const rows = report.rows.length > 0 ? report.rows : NO_ROWS;
  const lines = useMemo(
    () => linesOf(organisation ? rows.filter((row) => row.organisationId === organisation) : rows, level, isCompared), [rows, organisation, level, isCompared]);
  const found = useSearched(lines, search, textOf);
  const shown = useMemo(() => (isCompared && changed ? found.filter((line) => line.moved) : found), [found, isCompared, changed]);
  const freshRows = useFresh(rows, name, rowKey);
  const fresh = useMemo(
    () => new Set(rows.filter((row) => freshRows.has(rowKey(row))).map((row) => lineKey(row, level))), [rows, freshRows, level]);
  const { choose } = municipality;
  const open = useCallback((line: Line) => {
    if (level === "municipalities") {
      setLevel("organisations", true);
      choose(line.municipalityId);
    } else {
      setOrganisation(line.organisationId, true);
      setLevel("sections");
    }
  }, [level, choose, setLevel, setOrganisation]);
  const columns = useBaseColumns(level, words, zone, open);
  const reminding = useReminding(round, isNow && level === "organisations", shown, organisationOf);
  const allColumns = useMemo(() => [...columns, ...reminding.columns], [columns, reminding.columns]);
  // A curator reads answers in the queue.
  const mayRead = useAccount().role !== "ROLE_CURATOR";
  const chosen = organisation ? rows.find((row) => row.organisationId === organisation) : undefined;
  const moved = isCompared ? lines.filter((line) => line.moved).length : 0;
  return (
    <>
      <div className="report-bar">
        <Chips label={t("base.view")} current={level} onChoose={(next) => { setOrganisation(""); setLevel(next, true); }}
          chips={LEVELS.map((id) => ({ id, text: t(`base.by.${id}`, { section: words.section.toLowerCase() }) }))} />
        {isCompared && (
          <Chips label={t("base.what")} current={changed ? "moved" : "all"} onChoose={(next) => setChanged(next === "moved" ? "1" : "")}
            chips={[{ id: "all", text: t("base.allRows"), count: lines.length }, { id: "moved", text: t("base.movedRows"), count: moved }]} />
        )}
        <SearchField label={t("search")} value={search} onChange={setSearch} />
      </div>
      {organisation && (
        <p className="crumbs">
          <button type="button" className="link-button" onClick={() => { setOrganisation("", true); setLevel("organisations"); }}>{t("base.allOrganisations")}</button>
          {" › "}<strong>{chosen?.shortName}</strong>{chosen && chosen.curators.length > 0 && <span className="muted"> · {chosen.curators.join(", ")}</span>}
          {mayRead && <>{" · "}<Link href={`/reports/provided/${organisation}?round=${roundId}`}>{t("base.answers")}</Link></>}
        </p>
      )}
      {reminding.bar}
      <div className={`live-table base-table ${level}`}>
        <DataTable caption={t("base.title")} columns={allColumns} rows={shown} {...reminding.selection} keyOf={(line) => line.key} fresh={fresh} sorting={sorting} onSort={sort}
          empty={<EmptyState title={t("nothing")}>{search || changed ? t("nothingFound") : t("base.nobody")}</EmptyState>} />
      </div>
    </>
  );
}
