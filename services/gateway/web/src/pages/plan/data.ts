// The plan of an organisation in a round: how it is asked for, changed, and what of it comes next.
import { useQuery, type QueryClient } from "@tanstack/react-query";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";

export type Plan = Full<components["schemas"]["Plan"]>;
export type PlannedSection = Full<components["schemas"]["PlannedSection"]>;
export type PlannedItem = Full<components["schemas"]["PlannedItem"]>;
export type PlanChange = Full<components["schemas"]["PlanChange"]>;

const KEY = "plan";

export const getPlan = (roundId: string) => reply(api.GET("/api/v1/rounds/{roundId}/plan", { params: { path: { roundId } } }));

export const usePlan = (roundId: string) => useQuery({ queryKey: [KEY, roundId], enabled: roundId !== "", queryFn: () => getPlan(roundId) });

export const reloadPlan = (queries: QueryClient, roundId: string) => queries.invalidateQueries({ queryKey: [KEY, roundId] });

// What a command answered; the items that it opened are asked for anew.
export function putSection(queries: QueryClient, roundId: string, section: PlannedSection): void {
  queries.setQueryData<Plan>([KEY, roundId], (plan) =>
    plan && { ...plan, sections: plan.sections.map((one) => (one.sectionCode === section.sectionCode ? section : one)) });
  void queries.invalidateQueries({ queryKey: ["assignments"] });
  void reloadPlan(queries, roundId);
}

export const isChosen = (section: PlannedSection) => section.state !== "offered";
export const isActivated = (section: PlannedSection) => section.state === "activated";
export const isDone = (section: PlannedSection) => section.items > 0 && section.accepted === section.items && isChosen(section);
export const needsDate = (section: PlannedSection) => section.state === "chosen";

export interface Counters { chosen: number; activated: number; offered: number; overdue: number; }

export function count(plan: Plan): Counters {
  const of = (test: (section: PlannedSection) => boolean) => plan.sections.filter(test).length;
  return {
    chosen: of((one) => one.state === "chosen" || isActivated(one)), activated: of(isActivated),
    offered: of((one) => one.state === "offered"), overdue: of((one) => one.overdue),
  };
}

// One thing: dates first, because nothing can be filled in without them; then what is late, then the rest.
export type Next =
  | { name: "date"; title: string; more: number }
  | { name: "late"; title: string }
  | { name: "choose" | "work" | "done" };

export function nextOf(plan: Plan): Next {
  const undated = [
    ...plan.sections.filter(needsDate).map((section) => section.title),
    ...plan.sections.flatMap((section) => section.dated.filter((item) => !item.plannedOn).map((item) => item.question)),
  ];
  if (undated.length > 0) return { name: "date", title: undated[0]!, more: undated.length - 1 };
  const late = plan.sections.find((section) => section.overdue);
  if (late) return { name: "late", title: late.title };
  const mine = plan.sections.filter(isChosen);
  const isAnyOffered = mine.length < plan.sections.length;
  if (isAnyOffered && !mine.some((section) => section.byChoice)) return { name: "choose" };
  return { name: mine.every(isDone) ? "done" : "work" };
}
