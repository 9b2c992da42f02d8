// A report as a whole: all its pages, and its rows changed one by one as events tell of them.
import { useQuery, useQueryClient, type QueryClient, type QueryKey } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useLiveUpdates, useStatusEvents, type StatusEvent } from "../../api/live";

export interface ReportRow { organisationId: string; path: string; }
export interface Report<Row> { rows: Row[]; nextAfterPath: string; }
export interface Asked { afterPath?: string; limit: number; }

const PAGE_ROWS = 2500;
// An event is answered soon, a storm of them by whole reports far apart.
const SOON_MS = 300;
const APART_MS = 2000;
const WHOLE_APART_MS = 10_000;
const ROWS_AT_ONCE = 8;
const FRESH_MS = 2600;

async function allRows<Row, Whole extends Report<Row>>(ask: (asked: Asked) => Promise<Whole>): Promise<Whole> {
  const whole = await ask({ limit: PAGE_ROWS });
  for (let next = whole.nextAfterPath; next; ) {
    const page = await ask({ afterPath: next, limit: PAGE_ROWS });
    whole.rows.push(...page.rows);
    next = page.nextAfterPath;
  }
  return { ...whole, nextAfterPath: "" };
}

// Collects whose assignments of a round have changed and hands them over in batches.
export function useChanges(roundId: string, isLive: boolean, act: (organisations: Set<string>) => void): void {
  const waiting = useRef(new Set<string>());
  const timer = useRef(0);
  const lastAt = useRef(0);
  const receive = useCallback((event: StatusEvent) => {
    if (!isLive || event.roundId !== roundId) return;
    waiting.current.add(event.organisationId);
    if (timer.current) return;
    const since = Date.now() - lastAt.current;
    timer.current = window.setTimeout(() => {
      timer.current = 0;
      lastAt.current = Date.now();
      const changed = waiting.current;
      waiting.current = new Set();
      act(changed);
    }, Math.max(SOON_MS, APART_MS - since));
  }, [roundId, isLive, act]);
  useEffect(() => () => {
    window.clearTimeout(timer.current);
    timer.current = 0;
    waiting.current.clear();
  }, [roundId, isLive, act]);
  useStatusEvents(receive);
}

// Rows that are not what they were in the same report a moment ago; each stays in the set while it fades.
export function useFresh<Row>(rows: Row[] | undefined, report: string, keyOf: (row: Row) => string): ReadonlySet<string> {
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const known = useRef<{ report: string; rows: Map<string, Row> } | null>(null);
  useEffect(() => {
    if (!rows) return;
    const next = new Map(rows.map((row) => [keyOf(row), row]));
    const before = known.current;
    known.current = { report, rows: next };
    if (before?.report !== report) return setFresh(new Set());
    const changed = rows.filter((row) => before.rows.get(keyOf(row)) !== row).map(keyOf);
    if (changed.length > 0) setFresh(new Set(changed));
  }, [rows, report, keyOf]);
  useEffect(() => {
    if (fresh.size === 0) return;
    const timer = window.setTimeout(() => setFresh(new Set()), FRESH_MS);
    return () => window.clearTimeout(timer);
  }, [fresh]);
  return fresh;
}

// The rows of these organisations as they are now, each asked for as the page behind its neighbour.
async function refreshRows<Row extends ReportRow, Whole extends Report<Row>>(
  queries: QueryClient, key: QueryKey, numbers: number[], ask: (asked: Asked) => Promise<Whole>,
): Promise<void> {
  const rows = queries.getQueryData<Whole>(key)!.rows;
  const pages = await Promise.all(numbers.map((number) => {
    const before = rows[number - 1]?.path;
    return ask(before ? { afterPath: before, limit: 1 } : { limit: 1 });
  }));
  queries.setQueryData<Whole>(key, (known) => {
    if (!known) return known;
    const changed = new Map(pages.flatMap((page) => page.rows).map((row) => [row.organisationId, row]));
    return { ...known, ...pages.at(-1)!, nextAfterPath: "", rows: known.rows.map((row) => changed.get(row.organisationId) ?? row) };
  });
}

const organisationOf = (row: ReportRow) => row.organisationId;

interface ReportQuestion<Row, Whole> {
  key: QueryKey;
  roundId: string;
  // Of now, not of a past day.
  isLive: boolean;
  ask: (asked: Asked) => Promise<Whole>;
  // Whether a change of an assignment can change this row.
  concerns?: (row: Row) => boolean;
  // For what no event tells: how often the counters are compared, and how.
  pollMs?: number;
  countersOf?: (report: Whole) => string;
}

export function useReport<Row extends ReportRow, Whole extends Report<Row>>(question: ReportQuestion<Row, Whole>) {
  const { key, roundId, isLive, pollMs } = question;
  const queries = useQueryClient();
  const { isPaused } = useLiveUpdates();
  const moves = isLive && !isPaused;
  const kept = useRef(question);
  kept.current = question;
  const name = JSON.stringify(key);

  const query = useQuery<Whole>({
    queryKey: key, queryFn: () => allRows<Row, Whole>(question.ask),
    refetchOnWindowFocus: moves, refetchOnReconnect: moves,
    staleTime: isLive ? 15_000 : Infinity,
  });

  const wholeAt = useRef(0);
  const wholeTimer = useRef(0);
  useEffect(() => () => {
    window.clearTimeout(wholeTimer.current);
    wholeTimer.current = 0;
  }, [name, moves]);
  const askWhole = useCallback(() => {
    if (wholeTimer.current) return;
    wholeTimer.current = window.setTimeout(() => {
      wholeTimer.current = 0;
      wholeAt.current = Date.now();
      void queries.refetchQueries({ queryKey: kept.current.key, exact: true });
    }, Math.max(0, wholeAt.current + WHOLE_APART_MS - Date.now()));
  }, [queries]);

  const refresh = useCallback((organisations: Set<string>) => {
    const { ask, concerns = () => true, key: current } = kept.current;
    const rows = queries.getQueryData<Whole>(current)?.rows;
    if (!rows) return;
    const numbers = rows.flatMap((row, number) => (organisations.has(row.organisationId) && concerns(row) ? [number] : []));
    if (numbers.length === 0) return;
    if (numbers.length > ROWS_AT_ONCE) askWhole();
    else refreshRows<Row, Whole>(queries, current, numbers, ask).catch(askWhole);
  }, [queries, askWhole]);
  useChanges(roundId, isLive, refresh);

  useEffect(() => {
    if (!moves || !pollMs) return;
    const timer = window.setInterval(() => {
      const { ask, countersOf, key: current } = kept.current;
      void ask({ limit: 1 }).then((now) => {
        const known = queries.getQueryData<Whole>(current);
        if (known && countersOf!(known) !== countersOf!(now)) askWhole();
      }, () => undefined);
    }, pollMs);
    return () => window.clearInterval(timer);
  }, [moves, pollMs, name, queries, askWhole]);

  const fresh = useFresh(query.data?.rows, name, organisationOf);
  return { query, fresh };
}

// «ё» as «е», capitals as small: how people search.
const plain = (text: string) => text.toLowerCase().replace(/ё/g, "е");

// Rows that hold every word of the search in what `textOf` says of them.
export function useSearched<Row>(rows: Row[], search: string, textOf: (row: Row) => string): Row[] {
  const texts = useMemo(() => rows.map((row) => plain(textOf(row))), [rows, textOf]);
  return useMemo(() => {
    const words = plain(search).split(/\s+/).filter(Boolean);
    return words.length === 0 ? rows : rows.filter((_, index) => words.every((word) => texts[index]!.includes(word)));
  }, [rows, texts, search]);
}
