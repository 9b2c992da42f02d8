// The organisation's assignments: how they are asked for, sorted into tabs and groups, and kept fresh.
import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { api, reply, type Full } from "../../api/client";
import { useProgramme, type Programme } from "../shared/programme";
import { useStatusEvents, type StatusEvent } from "../../api/live";
import type { components } from "../../api/schema";
import type { ItemState } from "../../parts/state";

export type Assignment = Full<components["schemas"]["Assignment"]>;
export type SavedValue = Full<components["schemas"]["SavedValue"]>;
type Counters = Full<components["schemas"]["TabCounters"]>;

export const TABS = ["all", "in_work", "rejected", "in_review", "accepted"] as const;
export type Tab = (typeof TABS)[number];

interface List { assignments: Assignment[]; counters: Counters; }

const PAGE = 500;
const KEY = "assignments";

async function loadAll(roundId: string): Promise<List> {
  const assignments: Assignment[] = [];
  for (;;) {
    const after = assignments.at(-1)?.assignmentId;
    const query = { limit: PAGE, ...(roundId ? { roundId } : {}), ...(after ? { afterAssignmentId: after } : {}) };
    const page = await reply(api.GET("/api/v1/assignments", { params: { query } }));
    assignments.push(...page.assignments);
    if (page.assignments.length < PAGE) return { assignments, counters: page.counters };
  }
}

export const useAssignments = (roundId: string) =>
  useQuery({ queryKey: [KEY, roundId], queryFn: () => loadAll(roundId) });

export const useRounds = () =>
  useQuery({ queryKey: ["rounds"], staleTime: 60_000, queryFn: () => reply(api.GET("/api/v1/rounds")) });

// The programme that an answer belongs to, with its words.
export function useProgrammeOf(assignment: Assignment): Programme | undefined {
  const round = useRounds().data?.rounds.find((one) => one.roundId === assignment.roundId);
  return useProgramme(round?.programmeCode ?? "").data;
}

export const getAssignment = (assignmentId: string) =>
  reply(api.GET("/api/v1/assignments/{assignmentId}", { params: { path: { assignmentId } } }));

// The same disjoint tabs as the server's: a rejected answer stays among the rejected until it is sent again.
export function tabOf(assignment: Assignment): Tab | "closed" {
  if (assignment.state === "in_review" || assignment.state === "accepted") return assignment.state;
  if (assignment.rejectedAt) return "rejected";
  return assignment.inputClosed && !assignment.needsPlan ? "closed" : "in_work";
}

export function countTabs(assignments: Assignment[]): Record<Tab, number> {
  const counts = { all: assignments.length, in_work: 0, rejected: 0, in_review: 0, accepted: 0 };
  for (const assignment of assignments) {
    const tab = tabOf(assignment);
    if (tab !== "closed") counts[tab]++;
  }
  return counts;
}

export const isOpen = (assignment: Assignment) => !assignment.inputClosed && assignment.state !== "in_review" && assignment.state !== "accepted";
export const isSent = (assignment: Assignment) => assignment.state === "in_review" || assignment.state === "accepted";
export const isFilled = (assignment: Assignment) => isSent(assignment) || assignment.state === "ready";

export function shownState(assignment: Assignment): ItemState {
  if (isSent(assignment)) return assignment.state as ItemState;
  if (assignment.needsPlan) return "unplanned";
  return assignment.inputClosed ? "closed" : (assignment.state as ItemState);
}

export interface Group { code: string; title: string; items: Assignment[]; }

export function groupsOf(assignments: Assignment[]): Group[] {
  const groups: Group[] = [];
  for (const assignment of assignments) {
    const last = groups.at(-1);
    if (last?.code === assignment.sectionCode && last.title === assignment.sectionTitle) last.items.push(assignment);
    else groups.push({ code: assignment.sectionCode, title: assignment.sectionTitle, items: [assignment] });
  }
  return groups;
}

const plain = (text: string) => text.toLowerCase().replaceAll("ё", "е");

export function matches(assignment: Assignment, words: string): boolean {
  const text = plain(`${assignment.question} ${assignment.secondQuestion} ${assignment.sectionTitle} ${assignment.evidence}`);
  return plain(words).split(/\s+/).every((word) => text.includes(word));
}

// What a command answered, into every list that is shown.
export function putAssignment(queries: QueryClient, change: Partial<Assignment> & { assignmentId: string }): void {
  queries.setQueriesData<List>({ queryKey: [KEY] }, (list) => {
    if (!list) return list;
    const assignments = list.assignments.map((one) => (one.assignmentId === change.assignmentId ? { ...one, ...change } : one));
    return { ...list, assignments };
  });
  void queries.invalidateQueries({ queryKey: ["versions", change.assignmentId] });
}

const SETTLE_MS = 250;
const FRESH_MS = 2500;

// Lists follow what others do; returns the items that changed by themselves a moment ago.
export function useLiveAssignments(): ReadonlySet<string> {
  const queries = useQueryClient();
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const timers = useRef({ load: 0, fade: 0 });
  const receive = useCallback(
    (event: StatusEvent) => {
      const running = timers.current;
      window.clearTimeout(running.load);
      running.load = window.setTimeout(() => void queries.invalidateQueries({ queryKey: [KEY] }), SETTLE_MS);
      void queries.invalidateQueries({ queryKey: ["versions", event.assignmentId] });
      if (event.state !== "accepted" && event.state !== "rejected") return;
      setFresh((known) => new Set(known).add(event.assignmentId));
      window.clearTimeout(running.fade);
      running.fade = window.setTimeout(() => setFresh(new Set()), FRESH_MS);
    },
    [queries],
  );
  useStatusEvents(receive);
  useEffect(() => {
    const running = timers.current;
    return () => {
      window.clearTimeout(running.load);
      window.clearTimeout(running.fade);
    };
  }, []);
  return fresh;
}
