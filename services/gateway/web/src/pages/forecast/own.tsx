// To a respondent: why an answer of its own may miss the date. Nothing is said where nothing threatens.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { Notice } from "../../parts/surfaces";
import "../../styles/forecast.css";

const AT_LEAST_PERCENT = 30;
const STALE_MS = 60_000;

export function OwnForecast({ roundId, assignmentId }: { roundId: string; assignmentId: string }) {
  const { t, i18n } = useTranslation("forecast");
  const query = useQuery({
    queryKey: ["forecast-own", roundId, i18n.language], staleTime: STALE_MS, retry: false,
    queryFn: () => reply(api.GET("/api/v1/reports/forecast/items", { params: { query: { roundId, atLeastPercent: AT_LEAST_PERCENT, limit: 500 } } })),
  });
  const item = query.data?.items.find((one) => one.assignmentId === assignmentId);
  if (!item) return null;
  return (
    <div className="own-forecast">
      <Notice tone="warning" title={t(item.outlook === "late" ? "own.late" : "own.doubtful", { percent: String(item.percent) })}>
        <ul>{item.reasons.map((reason) => <li key={reason.code}>{reason.text}</li>)}</ul>
      </Notice>
    </div>
  );
}
