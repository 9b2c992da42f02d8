// The base report as it comes, row by row, and the same summed up by organisation and by municipality (S1.27, S1.31).
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";

export type RoadmapRow = Full<components["schemas"]["RoadmapRow"]>;
export type Figures = Full<components["schemas"]["RoadmapFigures"]>;
export type RoadmapsReport = Full<components["schemas"]["RoadmapsReport"]>;

const PAGE_ORGANISATIONS = 500;

export interface Question { roundId: string; municipalityId: string; asOf: string; compareWith: string; }

export async function readBase(question: Question): Promise<RoadmapsReport> {
  const ask = (afterPath: string) => reply(api.GET("/api/v1/reports/roadmaps", {
    params: {
      query: {
        roundId: question.roundId, limit: PAGE_ORGANISATIONS,
        ...(question.municipalityId && { municipalityId: question.municipalityId }), ...(question.asOf && { asOf: question.asOf }),
        ...(question.compareWith && { compareWith: question.compareWith }), ...(afterPath && { afterPath }),
      },
    },
  }));
  const whole = await ask("");
  for (let next = whole.nextAfterPath; next; ) {
    const page = await ask(next);
    whole.rows.push(...page.rows);
    next = page.nextAfterPath;
  }
  return { ...whole, nextAfterPath: "" };
}

const SUMMED = [
  "templatesTotal", "templatesActivated", "measuresTotal", "measuresStarted", "measuresFinished",
  "placed", "accepted", "returned", "waiting", "overdue",
] as const;

export type Sums = Record<(typeof SUMMED)[number] | "chosen" | "activated" | "notStarted", number> & {
  waitingDays: number;
  lastActAt: string;
};

export interface Line {
  key: string;
  municipalityId: string;
  municipalityName: string;
  organisationId: string;
  name: string;
  curators: string[];
  organisations: number;
  // Of one section alone.
  row?: RoadmapRow;
  now: Sums;
  was?: Sums;
  moved: boolean;
}

const isPlanned = (figures: Figures) => figures.state === "chosen" || figures.state === "activated";

function sum(rows: { organisationId: string; figures: Figures }[]): Sums {
  const sums: Sums = {
    templatesTotal: 0, templatesActivated: 0, measuresTotal: 0, measuresStarted: 0, measuresFinished: 0, placed: 0, accepted: 0,
    returned: 0, waiting: 0, overdue: 0, chosen: 0, activated: 0, notStarted: 0, waitingDays: 0, lastActAt: "",
  };
  const started = new Map<string, boolean>();
  for (const { organisationId, figures } of rows) {
    for (const name of SUMMED) sums[name] += figures[name];
    if (isPlanned(figures)) sums.chosen++;
    if (figures.state === "activated") sums.activated++;
    started.set(organisationId, (started.get(organisationId) ?? false) || figures.measuresStarted > 0);
    sums.waitingDays = Math.max(sums.waitingDays, figures.waiting > 0 ? figures.waitingDays : 0);
    if (figures.lastActAt > sums.lastActAt) sums.lastActAt = figures.lastActAt;
  }
  sums.notStarted = [...started.values()].filter((isStarted) => !isStarted).length;
  return sums;
}

const present = (rows: RoadmapRow[], when: "figures" | "was") =>
  rows.flatMap((row) => (row[when] ? [{ organisationId: row.organisationId, figures: row[when] }] : []));

export type Level = "municipalities" | "organisations" | "sections";

export const lineKey = (row: RoadmapRow, level: Level) =>
  level === "municipalities" ? row.municipalityId : level === "organisations" ? row.organisationId : `${row.organisationId} ${row.sectionCode}`;

// Waiting days grow by themselves: that alone is no move.
const hasMoved = (row: RoadmapRow) => row.moved.some((name) => name !== "waiting_days");

export function linesOf(rows: RoadmapRow[], level: Level, isCompared: boolean): Line[] {
  const groups = new Map<string, RoadmapRow[]>();
  for (const row of rows) {
    const key = lineKey(row, level);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups].map(([key, group]) => {
    const first = group[0]!;
    return {
      key, municipalityId: first.municipalityId, municipalityName: first.municipalityName, organisationId: first.organisationId,
      name: level === "municipalities" ? first.municipalityName : first.shortName, curators: first.curators,
      organisations: new Set(group.filter((row) => row.figures).map((row) => row.organisationId)).size,
      ...(level === "sections" ? { row: first } : {}),
      now: sum(present(group, "figures")),
      ...(isCompared ? { was: sum(present(group, "was")) } : {}),
      moved: group.some(hasMoved),
    };
  });
}
