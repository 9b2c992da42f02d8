// What the pages about road maps share: the day they are asked for, the day beside it, figures that moved, the programme's words.
import { useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, type ComponentProps, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLiveUpdates } from "../../api/live";
import { useAccount } from "../../api/session";
import { useParameter } from "../../parts/address";
import { Button, TextField } from "../../parts/controls";
import { formatDate, formatNumber } from "../../parts/format";
import { LiveSwitch } from "../../parts/live-switch";
import { ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import { useChanges } from "../coordinator/report";
import { RoundStatus, type ReportRound } from "../coordinator/round";
import { FileButton } from "../files/button";
import { useProgramme, useWord } from "../shared/programme";
import "../../styles/roadmaps.css";

const FIRST_DAY = "2000-01-01";
const APART_MS = 5000;
const POLL_MS = 20_000;

export const hasPlans = (round: ReportRound) => round.hasPlans;
export const hasRoadmap = (round: ReportRound) => round.hasRoadmap;
export const isWatched = (round: ReportRound) => round.hasPlans || round.hasRoadmap;

const full = (day: string) => (day >= FIRST_DAY && day.length === 10 ? day : "");

// The end of a day, and of an earlier one beside it, both in the address (S1.25, S1.26).
export function useDays() {
  const [day, setDay] = useParameter("asOf");
  const [other, setOther] = useParameter("compareWith");
  const asOf = full(day);
  const known = full(other);
  const isBackwards = Boolean(asOf && known && known >= asOf);
  return { day, setDay, other, setOther, asOf, compareWith: isBackwards ? "" : known, isBackwards };
}

export type Days = ReturnType<typeof useDays>;

export function DayFields({ days, hasCompare = true }: { days: Days; hasCompare?: boolean }) {
  const { t } = useTranslation("roadmaps");
  return (
    <>
      <TextField label={t("asOf")} type="date" value={days.day} onChange={days.setDay} />
      {hasCompare && (
        <TextField label={t("compareWith")} type="date" value={days.other} onChange={days.setOther} error={days.isBackwards ? t("backwards") : ""} />
      )}
      {days.asOf ? <Button onPress={() => days.setDay("")}>{t("now")}</Button> : <LiveSwitch />}
    </>
  );
}

export function Scope({ days, place }: { days: Days; place?: string }) {
  const { t } = useTranslation("roadmaps");
  const parts = [
    place, days.asOf ? t("endOf", { day: formatDate(days.asOf) }) : "", days.compareWith ? t("comparedWith", { day: formatDate(days.compareWith) }) : "",
  ].filter(Boolean);
  return <p className="report-scope">{parts.join(" ")}</p>;
}

interface Asked<T> { data: T | undefined; error: Error | null; isPending: boolean; refetch: () => unknown; }

// A report from its title to what it says: asked, refused, or here.
export function ReportFrame<T>({ title, round, file, toolbar, scope, query, rows, children }:
  { title: string; round: ReportRound; file: ComponentProps<typeof FileButton>["question"]; toolbar: ReactNode; scope: ReactNode; query: Asked<T>; rows: number; children: (data: T) => ReactNode }) {
  const { t } = useTranslation("common");
  return (
    <>
      <PageHead title={title} status={<RoundStatus round={round} />} actions={<><Button icon="print" onPress={() => window.print()}>{t("print")}</Button><FileButton question={file} /></>} />
      <div className="toolbar">{toolbar}</div>
      {scope}
      {query.isPending && <Loading rows={rows} />}
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && children(query.data)}
    </>
  );
}

// Asks again when something of the round has changed, soon but not without end; a curator's page asks by the clock.
export function useLive(key: QueryKey, roundId: string, isLive: boolean): number | false {
  const queries = useQueryClient();
  const { isPaused } = useLiveUpdates();
  const isCurator = useAccount().role === "ROLE_CURATOR";
  const lastAt = useRef(0);
  const timer = useRef(0);
  const name = JSON.stringify(key);
  const again = useCallback(() => {
    if (timer.current) return;
    timer.current = window.setTimeout(() => {
      timer.current = 0;
      lastAt.current = Date.now();
      void queries.refetchQueries({ queryKey: JSON.parse(name) as QueryKey, exact: true });
    }, Math.max(0, lastAt.current + APART_MS - Date.now()));
  }, [queries, name]);
  useEffect(() => () => {
    window.clearTimeout(timer.current);
    timer.current = 0;
  }, [again]);
  useChanges(roundId, isLive, again);
  return isLive && !isPaused && isCurator ? POLL_MS : false;
}

export function useWords(round: ReportRound) {
  const { t } = useTranslation("roadmaps");
  const word = useWord(useProgramme(round.programmeCode).data);
  const reviewer = word("reviewer");
  return {
    section: word("section") || t("word.section"), item: word("item") || t("word.item"), items: word("items") || t("word.items"),
    respondent: word("respondent") || t("word.respondent"),
    reviewer: reviewer ? reviewer.charAt(0).toLowerCase() + reviewer.slice(1) : t("word.reviewer"),
  };
}

export type Words = ReturnType<typeof useWords>;

const LETTER_REM = 0.68;
const BESIDE_REM = 1.5;

// A column's width at which the longest word of its title is not cut.
export const wideEnough = (title: string, leastRem: number) =>
  `${Math.max(leastRem, Math.max(...title.split(/[\s-]/).map((word) => word.length)) * LETTER_REM + BESIDE_REM)}rem`;

// "+3" beside what is now; nothing when nothing moved or nothing is compared.
export function Moved({ now, was }: { now: number; was: number | undefined }) {
  const { t } = useTranslation("roadmaps");
  if (was === undefined || was === now) return null;
  const change = (now > was ? "+" : "−") + formatNumber(Math.abs(now - was));
  return <span className="moved" title={t("was", { was: formatNumber(was) })}> {change}</span>;
}

export function Count({ now, was, isBad }: { now: number; was?: number | undefined; isBad?: boolean }) {
  const isQuiet = now === 0 && (was === undefined || was === 0);
  return <span className={isQuiet ? "muted" : isBad && now > 0 ? "late" : ""}>{formatNumber(now)}<Moved now={now} was={was} /></span>;
}

export interface Tile { id: string; label: string; now: number; was?: number | undefined; of?: number; isBad?: boolean; more?: ReactNode; }

// The totals on top: large figures with their words.
export function Tiles({ label, tiles }: { label: string; tiles: Tile[] }) {
  const { t } = useTranslation("roadmaps");
  return (
    <section aria-label={label}>
      <dl className="tiles">
        {tiles.map((tile) => (
          <div key={tile.id} className={`tile ${tile.isBad && tile.now > 0 ? "bad" : ""}`}>
            <dt>{tile.label}</dt>
            <dd>
              <strong>{tile.of === undefined ? formatNumber(tile.now) : t("nOfM", { n: formatNumber(tile.now), m: formatNumber(tile.of) })}</strong>
              <Moved now={tile.now} was={tile.was} />
              {tile.more && <span className="tile-more">{tile.more}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
