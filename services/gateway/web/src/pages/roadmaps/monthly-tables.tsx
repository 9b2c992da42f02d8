// Tables that come again every month beside a road map's measures: contracting and spending, with shares of the plan (B22).
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";
import { formatDate, formatDecimal } from "../../parts/format";
import { ErrorNotice } from "../../parts/surfaces";
import type { ReportRound } from "../coordinator/round";
import { useProgramme, type Programme } from "../shared/programme";

type Point = Full<components["schemas"]["RoadmapTablePoint"]>;
type Item = Programme["sections"][number]["items"][number];

// Of two or more columns with figures the first is the plan: the others are told as shares of it too.
function shareOf(sum: string, plan: string): string {
  const whole = Number(plan);
  return sum !== "" && whole > 0 ? `${formatDecimal((Number(sum) * 100 / whole).toFixed(1))} %` : "";
}

function Month({ point, columns }: { point: Point; columns: readonly number[] }) {
  const { t } = useTranslation("roadmaps");
  const [plan] = columns;
  return (
    <tr>
      <th scope="row">{formatDate(point.dueOn)}</th>
      {columns.map((column) => {
        const sum = point.sums[column] ?? "";
        const share = column === plan ? "" : shareOf(sum, point.sums[plan!] ?? "");
        return <td key={column} className="number">{sum === "" ? "—" : formatDecimal(sum)}{share && <span className="cell-note">{share}</span>}</td>;
      })}
      <td>{point.sent === 0 ? t("monthly.none") : point.accepted === point.asked ? t("monthly.accepted") : t("monthly.sent", { n: String(point.sent), m: String(point.asked) })}</td>
    </tr>
  );
}

function Monthly({ item, number, points }: { item: Item; number: string; points: readonly Point[] }) {
  const { t } = useTranslation("roadmaps");
  const columns = item.columns.flatMap((column, index) => (column.kind === "number" ? [index] : []));
  const name = [number, item.question].filter(Boolean).join(" ");
  return (
    <div className="roadmap-place" tabIndex={0} role="group" aria-label={name}>
      <table className="monthly-table">
        <caption>{name}</caption>
        <thead>
          <tr>
            <th scope="col">{t("column.due")}</th>
            {columns.map((column) => <th key={column} scope="col" className="number">{item.columns[column]!.title}</th>)}
            <th scope="col">{t("column.state")}</th>
          </tr>
        </thead>
        <tbody>{points.map((point) => <Month key={point.dueOn} point={point} columns={columns} />)}</tbody>
      </table>
    </div>
  );
}

// at: when the road map was read; the tables are read again whenever it is.
export function MonthlyTables({ round, asOf, at }: { round: ReportRound; asOf: string; at: number }) {
  const { t } = useTranslation("roadmaps");
  const programme = useProgramme(round.programmeCode).data;
  const items = (programme?.sections ?? []).flatMap((section) => section.items.filter((item) => item.valueKind === "table" && item.due?.kind === "recurring")
    .map((item) => ({ item, number: section.number })));
  const query = useQuery({
    queryKey: ["report-roadmap", round.roundId, asOf, "tables", at], enabled: items.length > 0, placeholderData: (before) => before,
    queryFn: () => reply(api.GET("/api/v1/reports/roadmap/tables", { params: { query: { roundId: round.roundId, ...(asOf && { asOf }) } } })),
  });
  if (items.length === 0) return null;
  return (
    <section className="figure">
      <h2>{t("monthly.title")}</h2>
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && items.map(({ item, number }) => (
        <Monthly key={item.code} item={item} number={number} points={query.data.points.filter((point) => point.itemCode === item.code)} />
      ))}
    </section>
  );
}
