// The queue as the page holds it: pages by key one behind the other, changed by events, opened entries asked for anew.
import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { api, reply, type Full } from "../../api/client";
import { useLiveUpdates, useStatusEvents, type StatusEvent } from "../../api/live";
import type { components } from "../../api/schema";

export type QueueEntry = Full<components["schemas"]["QueueEntry"]>;

export interface Filters {
  programmeCode: string;
  roundId: string;
  municipalityId: string;
  waitingAtLeastHours: number;
  // Empty: what still waits for a verdict.
  state: string;
}

interface Queue {
  entries: QueueEntry[];
  waiting: number;
  opened: number;
  isComplete: boolean;
}

const PAGE = 500;
// So many are loaded without being asked for; beyond that the next page comes when the reader nears the end.
const AT_ONCE_MAX = 3000;
const OPENED_MAX = 500;
const OPENED_AGAIN_MS = 5000;
const GATHER_MS = 250;
const SINGLE_MAX = 25;
const TRIES = 6;
const TRY_AGAIN_MS = 500;
const CHECK_MS = 15_000;

const listKey = (filters: Filters) => ["queue", "list", filters];
export const entryKey = (assignmentId: string) => ["queue", "entry", assignmentId];

const parameters = (filters: Filters) => ({
  ...(filters.programmeCode ? { programmeCode: filters.programmeCode } : {}),
  ...(filters.roundId ? { roundId: filters.roundId } : {}),
  ...(filters.municipalityId ? { municipalityId: filters.municipalityId } : {}),
  ...(filters.waitingAtLeastHours ? { waitingAtLeastHours: filters.waitingAtLeastHours } : {}),
});

async function loadPage(filters: Filters, after?: QueueEntry, limit = PAGE) {
  return reply(api.GET("/api/v1/queue", {
    params: {
      query: {
        ...parameters(filters), limit,
        ...(filters.state ? { state: filters.state } : {}),
        ...(after ? { afterSentAt: after.sentAt, afterAssignmentId: after.assignmentId } : {}),
      },
    },
  }));
}

export const loadEntry = (assignmentId: string) =>
  reply(api.GET("/api/v1/queue/{assignmentId}", { params: { path: { assignmentId } } }));

export const isPending = (entry: QueueEntry) => entry.state === "waiting" || entry.state === "opened";

const isBefore = (a: QueueEntry, b: QueueEntry) => a.sentAt < b.sentAt || (a.sentAt === b.sentAt && a.assignmentId < b.assignmentId);

const belongs = (entry: QueueEntry, filters: Filters) =>
  (filters.state ? entry.state === filters.state : isPending(entry)) &&
  (!filters.programmeCode || entry.programmeCode === filters.programmeCode) &&
  (!filters.roundId || entry.roundId === filters.roundId) &&
  (!filters.municipalityId || entry.municipalityId === filters.municipalityId || entry.organisationId === filters.municipalityId) &&
  entry.waitingHours >= filters.waitingAtLeastHours;

// The list with what is known now of these entries: in their places, new ones where their time puts them.
function merge(queue: Queue, known: QueueEntry[], filters: Filters): Queue {
  const now = new Map(known.map((entry) => [entry.assignmentId, entry]));
  const entries = queue.entries
    .map((entry) => now.get(entry.assignmentId) ?? entry)
    .filter((entry) => !now.has(entry.assignmentId) || belongs(entry, filters));
  const here = new Set(entries.map((entry) => entry.assignmentId));
  for (const entry of known) {
    if (here.has(entry.assignmentId) || !belongs(entry, filters)) continue;
    const at = entries.findIndex((other) => isBefore(entry, other));
    if (at >= 0) entries.splice(at, 0, entry);
    else if (queue.isComplete) entries.push(entry);
  }
  return { ...queue, entries };
}

export function changeLists(queries: QueryClient, change: (queue: Queue, filters: Filters) => Queue): void {
  for (const [key, queue] of queries.getQueriesData<Queue>({ queryKey: ["queue", "list"] }))
    if (queue) queries.setQueryData(key, change(queue, key[2] as Filters));
}

// An answer of the server about one entry: into every list and into the details.
export function putEntries(queries: QueryClient, known: QueueEntry[]): void {
  changeLists(queries, (queue, filters) => merge(queue, known, filters));
  for (const entry of known) queries.setQueryData(entryKey(entry.assignmentId), entry);
}

export function dropEntries(queries: QueryClient, ids: ReadonlySet<string>): void {
  changeLists(queries, (queue, filters) =>
    filters.state && filters.state !== "waiting" && filters.state !== "opened"
      ? queue
      : { ...queue, entries: queue.entries.filter((entry) => !ids.has(entry.assignmentId)) });
}

// The event may be faster than the queue: asked again until the version is here.
async function loadNews(assignmentId: string, knownVersion: number): Promise<QueueEntry | null> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const entry = await loadEntry(assignmentId).catch(() => null);
    if (entry && isPending(entry) && entry.version >= knownVersion) return entry;
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
  }
  return null;
}

export function useQueue(filters: Filters) {
  const queries = useQueryClient();
  const [isLoadingMore, setLoadingMore] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const list = useQuery({
    queryKey: listKey(filters),
    staleTime: 60_000,
    queryFn: async (): Promise<Queue> => {
      const page = await loadPage(filters);
      return { entries: page.entries, waiting: page.waiting, opened: page.opened, isComplete: page.entries.length < PAGE };
    },
    // What is on the screen narrows at once; the server's answer replaces it.
    placeholderData: (before: Queue | undefined) =>
      before && { ...before, entries: before.entries.filter((entry) => belongs(entry, filters)), isComplete: true },
  });
  const queue = list.data;
  const isReal = queue !== undefined && !list.isPlaceholderData;

  const loadMore = useCallback(async () => {
    const known = queries.getQueryData<Queue>(listKey(filters));
    if (!known || known.isComplete || known.entries.length === 0) return;
    setLoadingMore(true);
    try {
      const page = await loadPage(filters, known.entries.at(-1));
      queries.setQueryData<Queue>(listKey(filters), (now) => {
        if (!now) return now;
        const here = new Set(now.entries.map((entry) => entry.assignmentId));
        const added = page.entries.filter((entry) => !here.has(entry.assignmentId));
        return { ...now, entries: [...now.entries, ...added], isComplete: page.entries.length < PAGE };
      });
      setFailure(null);
    } catch (error) {
      setFailure(error);
    } finally {
      setLoadingMore(false);
    }
  }, [queries, filters]);

  const count = queue?.entries.length ?? 0;
  useEffect(() => {
    if (isReal && !queue.isComplete && !isLoadingMore && !failure && count < AT_ONCE_MAX) void loadMore();
  }, [isReal, queue?.isComplete, isLoadingMore, failure, count, loadMore]);

  const onNearEnd = useCallback(() => {
    if (!isLoadingMore && !failure) void loadMore();
  }, [isLoadingMore, failure, loadMore]);

  const retry = () => {
    setFailure(null);
    void list.refetch();
  };
  return { list, queue, onNearEnd, isLoadingMore, failure, retry };
}

// Counts of both states and who works on what: no event says that an entry was opened.
export function useOpened(filters: Filters): void {
  const queries = useQueryClient();
  const { isPaused } = useLiveUpdates();
  const checkedAt = useRef(0);
  const pending: Filters = { ...filters, state: "opened" };
  const opened = useQuery({
    queryKey: ["queue", "opened", pending],
    enabled: !isPaused,
    refetchInterval: OPENED_AGAIN_MS,
    queryFn: () => loadPage(pending, undefined, OPENED_MAX),
  });
  useEffect(() => {
    const page = opened.data;
    if (!page) return;
    const now = new Map(page.entries.map((entry) => [entry.assignmentId, entry]));
    const left: string[] = [];
    changeLists(queries, (queue, of) => {
      if (JSON.stringify({ ...of, state: "" }) !== JSON.stringify({ ...filters, state: "" })) return queue;
      const entries = queue.entries.map((entry) => {
        if (entry.state === "opened" && !now.has(entry.assignmentId) && page.entries.length < OPENED_MAX) left.push(entry.assignmentId);
        return isPending(entry) ? (now.get(entry.assignmentId) ?? entry) : entry;
      });
      const isSame = entries.every((entry, index) => same(entry, queue.entries[index]!));
      if (isSame && queue.waiting === page.waiting && queue.opened === page.opened) return queue;
      return { ...queue, entries: isSame ? queue.entries : entries, waiting: page.waiting, opened: page.opened };
    });
    for (const entry of page.entries) {
      const known = queries.getQueryData<QueueEntry>(entryKey(entry.assignmentId));
      if (known && !same(known, entry)) queries.setQueryData(entryKey(entry.assignmentId), entry);
    }
    // Should an event ever be missed, the counts tell.
    const shown = queries.getQueryData<Queue>(listKey(filters));
    if (!filters.state && shown?.isComplete && shown.entries.length !== page.waiting + page.opened && Date.now() - checkedAt.current > CHECK_MS) {
      checkedAt.current = Date.now();
      void queries.invalidateQueries({ queryKey: listKey(filters) });
    }
    // Was opened, is not any more: decided, or sent anew.
    for (const id of left.slice(0, SINGLE_MAX))
      void loadEntry(id).then((entry) => putEntries(queries, [entry])).catch(() => undefined);
  }, [opened.data, queries, filters]);
}

const same = (a: QueueEntry, b: QueueEntry) =>
  a.version === b.version && a.state === b.state && a.openedAt === b.openedAt && a.openedByMe === b.openedByMe;

const isKnown = (queries: QueryClient, id: string) =>
  queries.getQueryData(entryKey(id)) !== undefined ||
  queries.getQueriesData<Queue>({ queryKey: ["queue", "list"] }).some(([, queue]) => queue?.entries.some((entry) => entry.assignmentId === id));

// New entries and decisions of others; drafts of organisations come as events too and concern nobody here.
export function useQueueEvents(onNews: (arrived: QueueEntry[], gone: string[]) => void): void {
  const queries = useQueryClient();
  const gathered = useRef(new Map<string, StatusEvent>());
  const timer = useRef(0);
  const tell = useRef(onNews);
  tell.current = onNews;
  const work = useCallback(async () => {
    const events = [...gathered.current.values()];
    gathered.current.clear();
    const sent = events.filter((event) => event.state === "in_review");
    const gone = events.filter((event) => event.state !== "in_review").map((event) => event.assignmentId).filter((id) => isKnown(queries, id));
    if (gone.length > 0) {
      dropEntries(queries, new Set(gone));
      for (const id of gone) void queries.invalidateQueries({ queryKey: entryKey(id) });
    }
    if (gone.length > 0) tell.current([], gone);
    if (sent.length > SINGLE_MAX) {
      void queries.invalidateQueries({ queryKey: ["queue", "list"] });
    } else if (sent.length > 0) {
      const known = await Promise.all(sent.map((event) =>
        loadNews(event.assignmentId, (queries.getQueryData<QueueEntry>(entryKey(event.assignmentId))?.version ?? 0))));
      const arrived = known.filter((entry) => entry !== null);
      putEntries(queries, arrived);
      tell.current(arrived, []);
    }
    if (gone.length > 0 || sent.length > 0) void queries.invalidateQueries({ queryKey: ["queue", "opened"] });
  }, [queries]);
  const receive = useCallback(
    (event: StatusEvent) => {
      gathered.current.set(event.assignmentId, event);
      if (gathered.current.size === 1) timer.current = window.setTimeout(() => void work(), GATHER_MS);
    },
    [work],
  );
  useEffect(() => () => window.clearTimeout(timer.current), []);
  useStatusEvents(receive);
}
