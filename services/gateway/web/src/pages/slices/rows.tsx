// The rows of a slice of data provided or of values accepted, and what has moved since an earlier one (S1.26).
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useParameter } from "../../parts/address";
import { Checkbox } from "../../parts/controls";
import { formatDateTime, formatDecimal, formatNumber } from "../../parts/format";
import { ErrorNotice, Loading } from "../../parts/surfaces";
import { DataTable, type Column } from "../../parts/table";
import { useSliceTable, type Slice, type SliceTable, type SliceTableRow } from "./data";

const WIDTHS: Record<string, string> = {
  organisation: "18rem", municipality: "14rem", section: "14rem", question: "22rem", last_act_at: "11rem", accepted_at: "11rem", value_kind: "8rem",
};
const COUNTS = new Set(["total", "with_data", "without_data", "empty", "draft", "in_review", "accepted", "rejected"]);
const FIGURES = new Set(["value", "second_value", "percent"]);
const MOMENTS = new Set(["last_act_at", "accepted_at"]);
type ColumnName = "organisation" | "municipality" | "total" | "with_data" | "without_data" | "empty" | "draft" | "in_review" | "accepted"
  | "rejected" | "last_act_at" | "section" | "question" | "value_kind" | "value" | "second_value" | "percent" | "accepted_at";
type ValueKind = "number" | "yes_no" | "percent" | "documents" | "table";

function useColumns(table: SliceTable, zone: string, isCompared: boolean) {
  const { t } = useTranslation("slices");
  return useMemo(() => {
    const show = (name: string, cell: string) => {
      if (MOMENTS.has(name)) return formatDateTime(cell, zone);
      if (name === "value_kind") return t(`valueKind.${cell as ValueKind}`);
      if (FIGURES.has(name)) return cell === "yes" ? t("yes") : cell === "no" ? t("no") : formatDecimal(cell);
      return COUNTS.has(name) && cell ? formatNumber(Number(cell)) : cell;
    };
    const columns: Column<SliceTableRow>[] = table.columns.map((name, at) => ({
      id: name, title: t(`column.${name as ColumnName}`), width: WIDTHS[name] ?? "7rem", isNumber: COUNTS.has(name) || FIGURES.has(name),
      render: (row) => {
        const is = row.cells[at], was = row.was[at];
        if (is === undefined || was === undefined || is === was) return show(name, is ?? was ?? "");
        return <><span className="muted">{show(name, was) || "—"} → </span><strong>{show(name, is) || "—"}</strong></>;
      },
    }));
    if (isCompared)
      columns.splice(1, 0, {
        id: "change", title: t("change"), width: "8rem", render: (row) => (row.change ? t(`changes.${row.change as "moved" | "added" | "gone"}`) : ""),
      });
    return columns;
  }, [t, table.columns, zone, isCompared]);
}

function Rows({ table, slice, isCompared }: { table: SliceTable; slice: Slice; isCompared: boolean }) {
  const { t } = useTranslation("slices");
  const columns = useColumns(table, slice.zone, isCompared);
  return (
    <DataTable caption={t(`reports.${slice.report as "provided" | "values"}`)} columns={columns} rows={table.rows}
      keyOf={(row) => `${row.path} ${row.key}`} empty={t("noRows")} />
  );
}

export function SliceRows({ slice, earlier }: { slice: Slice; earlier: Slice | undefined }) {
  const { t } = useTranslation("slices");
  const [changed, choose] = useParameter("changed");
  const query = useSliceTable(slice.sliceId, earlier?.sliceId ?? "", changed !== "");
  return (
    <>
      {earlier && <Checkbox isSelected={changed !== ""} onChange={(isOn) => choose(isOn ? "yes" : "", true)}>{t("onlyMoved")}</Checkbox>}
      {query.isPending && <Loading rows={12} />}
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && <Rows table={query.data} slice={slice} isCompared={earlier !== undefined} />}
    </>
  );
}
