// «Табло»: a round on a wall, read from three metres: what is accepted, in review, returned, late, and who is behind; it
// moves by itself (I1). Full screen by a press, out of it by Esc.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { useLiveUpdates } from "../../api/live";
import { Button } from "../../parts/controls";
import { formatNumber, formatTime } from "../../parts/format";
import { LiveSwitch } from "../../parts/live-switch";
import { EmptyState, ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import { useChanges, useFresh } from "../coordinator/report";
import { RoundStatus, WithRound, type ReportRound } from "../coordinator/round";
import { StateBars, StateSummary } from "../coordinator/state-bars";
import type { Counters, Statistics } from "../coordinator/statistics";
import "../../styles/wall.css";

// What is late is late by the clock alone: no event tells.
const OVERDUE_MS = 60_000;
const BARS = 8;
const TILES = [
  { id: "accepted", of: "accepted" }, { id: "in_review", of: "inReview" }, { id: "rejected", of: "rejected" }, { id: "overdue", of: "overdue" },
] as const;

const idOf = (row: Counters) => row.id || row.name;
const tileOf = (row: { id: string }) => row.id;
const shareSent = (row: Counters) => (row.total ? (row.accepted + row.inReview) / row.total : 0);

function Tiles({ all, roundId }: { all: Counters; roundId: string }) {
  const { t } = useTranslation();
  const kept = useRef(new Map<string, { id: string; count: number }>());
  // The same object as long as the number is the same: so a tile shows that it has moved.
  const tiles = useMemo(() => TILES.map((tile) => {
    const known = kept.current.get(tile.id);
    const made = known?.count === all[tile.of] ? known : { id: tile.id, count: all[tile.of] };
    kept.current.set(tile.id, made);
    return made;
  }), [all]);
  const fresh = useFresh(tiles, roundId, tileOf);
  return (
    <dl className="wall-tiles">
      {tiles.map((tile) => (
        <div key={tile.id} className={`wall-tile ${tile.id} ${fresh.has(tile.id) ? "fresh" : ""}`}>
          <dt>{t(`state.${tile.id as "accepted"}`)}</dt>
          <dd>{formatNumber(tile.count)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Figures({ statistics, round, dataAt }: { statistics: Statistics; round: ReportRound; dataAt: number }) {
  const { t } = useTranslation("wall");
  const { all } = statistics;
  const isOnePlace = statistics.municipalities.length < 2;
  const rows = isOnePlace ? statistics.sections : statistics.municipalities;
  const fresh = useFresh(rows, round.roundId, idOf);
  const behind = useMemo(() => [...rows].sort((a, b) => shareSent(a) - shareSent(b) || a.name.localeCompare(b.name, "ru")).slice(0, BARS), [rows]);
  const sent = all.accepted + all.inReview;
  return (
    <div className="wall-body">
      <div>
        <p className="wall-whole">
          <strong>{t("sent", { share: formatNumber(all.total ? Math.floor((100 * sent) / all.total) : 0) })}</strong>
          <span>{t("sentOf", { sent: formatNumber(sent), total: formatNumber(all.total) })}</span>
          <span className="wall-at">{t("at", { time: formatTime(new Date(dataAt).toISOString()) })}</span>
        </p>
        <Tiles all={all} roundId={round.roundId} />
        <section aria-label={t("whole")}><StateSummary counters={all} /></section>
      </div>
      <section className="wall-places">
        <h2>{t(isOnePlace ? "groups" : rows.length > BARS ? "behind" : "places", { count: BARS })}</h2>
        <StateBars rows={behind} fresh={fresh} />
      </section>
    </div>
  );
}

// The browser's own full screen: Esc leads out, and nothing outside it takes the focus.
function useFullScreen() {
  const ref = useRef<HTMLDivElement>(null);
  const [isFull, setFull] = useState(false);
  useEffect(() => {
    const look = () => setFull(document.fullscreenElement === ref.current && ref.current !== null);
    document.addEventListener("fullscreenchange", look);
    return () => document.removeEventListener("fullscreenchange", look);
  }, []);
  const turn = useCallback(() => {
    const done = document.fullscreenElement ? document.exitFullscreen() : ref.current?.requestFullscreen();
    done?.catch(() => undefined); // where it is not allowed the page stays as it is
  }, []);
  return { ref, isFull, turn };
}

function RoundWall({ round, chooser }: { round: ReportRound; chooser: ReactNode }) {
  const { t } = useTranslation("wall");
  const queries = useQueryClient();
  const { isPaused } = useLiveUpdates();
  const { ref, isFull, turn } = useFullScreen();
  const key = useMemo(() => ["report-statistics", round.roundId, ""], [round.roundId]);
  const query = useQuery({
    queryKey: key, refetchInterval: isPaused ? false : OVERDUE_MS, refetchIntervalInBackground: true,
    refetchOnWindowFocus: !isPaused, refetchOnReconnect: !isPaused,
    queryFn: () => reply(api.GET("/api/v1/reports/statistics", { params: { query: { roundId: round.roundId, municipalityId: "" } } })),
  });
  useChanges(round.roundId, true, useCallback(() => void queries.refetchQueries({ queryKey: key, exact: true }), [queries, key]));
  return (
    <div className={`wall ${isFull ? "full" : ""}`} ref={ref}>
      <PageHead title={t("title")} status={<RoundStatus round={round} />}
        actions={<>
          <LiveSwitch />
          <Button kind={isFull ? "plain" : "primary"} onPress={turn}>{t(isFull ? "leaveFull" : "full")}</Button>
        </>} />
      {!isFull && chooser && <div className="toolbar">{chooser}</div>}
      {query.isPending && <Loading rows={8} />}
      {query.error && !query.data && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && query.data.all.total === 0 && <EmptyState icon="chart" title={t("emptyTitle")}>{t("empty")}</EmptyState>}
      {query.data && query.data.all.total > 0 && <Figures statistics={query.data} round={round} dataAt={query.dataUpdatedAt} />}
    </div>
  );
}

export function WallPage() {
  const { t } = useTranslation("wall");
  return <WithRound title={t("title")}>{(round, chooser) => <RoundWall round={round} chooser={chooser} />}</WithRound>;
}
