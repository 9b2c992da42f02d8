// The forecast of a round, page by page, and what is known of how good forecasts were.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";

export type Forecast = Full<components["schemas"]["Forecast"]>;
export type ForecastRow = Full<components["schemas"]["ForecastRow"]>;
export type ForecastQuality = Full<components["schemas"]["ForecastQuality"]>;

const PAGE = 100;
const POLL_MS = 60_000;

export interface Question { roundId: string; municipalityId: string; atLeastPercent: number; }

// Reasons are worded by the server, in the language of the page.
export function useForecast(question: Question) {
  const { i18n } = useTranslation();
  return useInfiniteQuery({
    queryKey: ["forecast", question, i18n.language], initialPageParam: "", refetchInterval: POLL_MS,
    queryFn: ({ pageParam }) => reply(api.GET("/api/v1/reports/forecast", { params: { query: { ...question, after: pageParam, limit: PAGE } } })) as Promise<Forecast>,
    getNextPageParam: (last) => last.nextAfter || undefined,
  });
}

export const useQuality = (roundId: string) =>
  useQuery({
    queryKey: ["forecast-quality", roundId],
    queryFn: () => reply(api.GET("/api/v1/reports/forecast/quality", { params: { query: { roundId } } })) as Promise<ForecastQuality>,
  });
