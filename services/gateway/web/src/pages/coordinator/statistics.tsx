// «Статистика»: how far the round is, by municipality, by group and by day to the due date; the same as tables (F8, S2.52).
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api, reply, type Full } from "../../api/client";
import { useLiveUpdates } from "../../api/live";
import type { components } from "../../api/schema";
import { useParameter } from "../../parts/address";
import { Button } from "../../parts/controls";
import { LiveSwitch } from "../../parts/live-switch";
import { useShortcuts } from "../../parts/shortcuts";
import { EmptyState, ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import { DayChart } from "./day-chart";
import { useChanges, useFresh } from "./report";
import { MunicipalitySelect, RoundStatus, useMunicipality, WithRound, type ReportRound } from "./round";
import { StateBars, StateSummary } from "./state-bars";
import { CountersTable, DaysTable } from "./statistics-tables";

export type Statistics = Full<components["schemas"]["Statistics"]>;
export type Counters = Full<components["schemas"]["StateCounters"]>;

const idOf = (row: Counters) => row.id;
const shareSent = (row: Counters) => (row.total ? (row.accepted + row.inReview) / row.total : 0);

export function StatisticsPage() {
  const { t } = useTranslation("coordinator");
  return <WithRound title={t("statistics.title")}>{(round, chooser) => <RoundStatistics round={round} chooser={chooser} />}</WithRound>;
}

function RoundStatistics({ round, chooser }: { round: ReportRound; chooser: React.ReactNode }) {
  const { t } = useTranslation("coordinator");
  const municipality = useMunicipality();
  const queries = useQueryClient();
  const { isPaused } = useLiveUpdates();
  const key = useMemo(() => ["report-statistics", round.roundId, municipality.id], [round.roundId, municipality.id]);
  const query = useQuery({
    queryKey: key, refetchOnWindowFocus: !isPaused, refetchOnReconnect: !isPaused,
    queryFn: () => reply(api.GET("/api/v1/reports/statistics", {
      params: { query: { roundId: round.roundId, municipalityId: municipality.id } },
    })),
  });
  useChanges(round.roundId, true, useCallback(() => void queries.refetchQueries({ queryKey: key, exact: true }), [queries, key]));
  const [form, setForm] = useParameter("as", "charts");
  const isTable = form === "table";
  const turn = useCallback(() => setForm(isTable ? "charts" : "table"), [isTable, setForm]);
  useShortcuts(useMemo(() => ({ t: turn }), [turn]));
  return (
    <>
      <PageHead title={t("statistics.title")} status={<RoundStatus round={round} />}
        actions={<>
          <Button icon="print" onPress={() => window.print()}>{t("print", { ns: "common" })}</Button>
          <Button kind="primary" icon={isTable ? "chart" : "list"} onPress={turn} aria-keyshortcuts="t">
            {t(isTable ? "statistics.asCharts" : "statistics.asTable")}
          </Button>
        </>} />
      <div className="toolbar">{chooser}<MunicipalitySelect municipality={municipality} /><LiveSwitch /></div>
      {query.isPending && <Loading rows={8} />}
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && query.data.all.total === 0 && <EmptyState icon="chart" title={t("statistics.emptyTitle")}>{t("statistics.empty")}</EmptyState>}
      {query.data && query.data.all.total > 0 && <Figures statistics={query.data} round={round} isTable={isTable} />}
    </>
  );
}

function Figures({ statistics, round, isTable }: { statistics: Statistics; round: ReportRound; isTable: boolean }) {
  const { t } = useTranslation("coordinator");
  const fresh = useFresh(statistics.municipalities, round.roundId, idOf);
  // Those furthest behind come first: they are whom to call.
  const places = useMemo(() => [...statistics.municipalities].sort((a, b) => shareSent(a) - shareSent(b) || a.name.localeCompare(b.name, "ru")), [statistics]);
  const linkTo = (row: Counters) => `/reports/provided?round=${round.roundId}&municipality=${row.id}`;
  return (
    <>
      <section aria-label={t("statistics.all")}><StateSummary counters={statistics.all} /></section>
      <section className="figure">
        <h2 id="by-day">{t("statistics.byDay")}</h2>
        {isTable ? <DaysTable statistics={statistics} /> : <DayChart statistics={statistics} round={round} />}
      </section>
      <section className="figure">
        <h2 id="by-place">{t("statistics.byMunicipality")}</h2>
        {isTable
          ? <CountersTable caption={t("statistics.byMunicipality")} first={t("municipality")} rows={places} linkTo={linkTo} />
          : <StateBars rows={places} linkTo={linkTo} fresh={fresh} />}
      </section>
      <section className="figure">
        <h2 id="by-group">{t("statistics.byGroup")}</h2>
        {isTable
          ? <CountersTable caption={t("statistics.byGroup")} first={t("statistics.group")} rows={statistics.sections} />
          : <StateBars rows={statistics.sections} />}
      </section>
    </>
  );
}
