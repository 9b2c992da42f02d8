// Slices of reports: which there are, one of them, its rows beside those of an earlier one, when they take themselves.
import { useQuery } from "@tanstack/react-query";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";
import type { RoadmapsReport } from "../roadmaps/base-data";

export type Slice = Full<components["schemas"]["Slice"]>;
export type SliceTable = Full<components["schemas"]["SliceTable"]>;
export type SliceTableRow = SliceTable["rows"][number];
export type Schedule = Full<components["schemas"]["SliceSchedule"]>;

export const REPORTS = ["roadmaps", "provided", "values"] as const;
export type ReportName = (typeof REPORTS)[number];

const AGAIN_MS = 700;
const PAGE_ROWS = 1000;
const PAGE_ORGANISATIONS = 500;

const isWorkedOn = (slice: Slice) => slice.state === "waiting" || slice.verification === "waiting";
export const numbersOf = (slice: Slice) => ({ number: String(slice.number), year: String(slice.year) });
export const contentOf = (slice: Slice) => `/api/v1/slices/${slice.sliceId}/content`;

// All of a round: a schedule takes tens a year, not thousands.
export function useSlices(roundId: string) {
  return useQuery({
    queryKey: ["slices", roundId], enabled: roundId !== "", staleTime: 0,
    refetchInterval: (query) => (query.state.data?.some(isWorkedOn) ? AGAIN_MS : false),
    queryFn: async () => {
      const slices: Slice[] = [];
      for (let afterId: string | undefined = ""; afterId !== undefined; ) {
        const page: Full<components["schemas"]["Slices"]> = await reply(api.GET("/api/v1/slices", {
          params: { query: { roundId, limit: 200, ...(afterId && { afterId }) } },
        }));
        slices.push(...page.slices);
        afterId = page.nextAfterId || undefined;
      }
      return slices;
    },
  });
}

export function useSlice(sliceId: string) {
  return useQuery({
    queryKey: ["slices", "one", sliceId], staleTime: 0,
    queryFn: () => reply(api.GET("/api/v1/slices/{sliceId}", { params: { path: { sliceId } } })),
    refetchInterval: (query) => (query.state.data && isWorkedOn(query.state.data) ? AGAIN_MS : false),
  });
}

// What was made does not change any more.
export function useSliceReport(sliceId: string, compareSliceId: string, isMade: boolean) {
  return useQuery({
    queryKey: ["slices", "report", sliceId, compareSliceId], enabled: isMade, staleTime: Infinity,
    queryFn: async () => {
      const ask = (afterPath: string): Promise<RoadmapsReport> => reply(api.GET("/api/v1/slices/{sliceId}/report", {
        params: { path: { sliceId }, query: { limit: PAGE_ORGANISATIONS, ...(compareSliceId && { compareSliceId }), ...(afterPath && { afterPath }) } },
      }));
      const whole = await ask("");
      for (let next = whole.nextAfterPath; next; ) {
        const page = await ask(next);
        whole.rows.push(...page.rows);
        next = page.nextAfterPath;
      }
      return { ...whole, nextAfterPath: "" };
    },
  });
}

export function useSliceTable(sliceId: string, compareSliceId: string, onlyMoved: boolean) {
  return useQuery({
    queryKey: ["slices", "table", sliceId, compareSliceId, onlyMoved], staleTime: Infinity,
    queryFn: async () => {
      const rows: SliceTableRow[] = [];
      for (;;) {
        const last = rows.at(-1);
        const page: SliceTable = await reply(api.GET("/api/v1/slices/{sliceId}/table", {
          params: {
            path: { sliceId },
            query: {
              limit: PAGE_ROWS, ...(compareSliceId && { compareSliceId, onlyMoved }), ...(last && { afterPath: last.path, afterKey: last.key }),
            },
          },
        }));
        rows.push(...page.rows);
        if (!page.hasMore) return { ...page, rows };
      }
    },
  });
}

export function useSchedule(roundId: string, report: string) {
  return useQuery({
    queryKey: ["slices", "schedule", roundId, report], staleTime: 0,
    queryFn: () => reply(api.GET("/api/v1/slice-schedules/{roundId}", { params: { path: { roundId }, query: { report } } })),
  });
}
