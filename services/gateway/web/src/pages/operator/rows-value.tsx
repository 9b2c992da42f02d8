// An answer that is a table, with the columns' names as the programme has them.
import { useTranslation } from "react-i18next";
import { formatDecimal } from "../../parts/format";
import { useProgramme } from "../shared/programme";
import { parseRows } from "../shared/table-rows";
import type { QueueEntry } from "./queue-data";

function useTitles(entry: QueueEntry, width: number): { title: string; isNumber: boolean }[] {
  const { t } = useTranslation("operator");
  const programme = useProgramme(entry.programmeCode).data;
  const items = programme?.sections.find((section) => section.code === entry.sectionCode)?.items ?? [];
  const columns = items.find((item) => item.question === entry.question)?.columns ?? [];
  // The programme may have got other columns since: what was answered is shown all the same.
  return Array.from({ length: Math.max(width, columns.length) }, (_, index) => ({
    title: columns[index]?.title || t("columnOf", { number: String(index + 1) }), isNumber: columns[index]?.kind === "number",
  }));
}

function Rows({ entry, value, caption }: { entry: QueueEntry; value: string; caption: string }) {
  const { t } = useTranslation("operator");
  const rows = parseRows(value);
  const titles = useTitles(entry, Math.max(0, ...rows.map((row) => row.length)));
  if (rows.length === 0) return <p className="muted">{t("rowsEmpty")}</p>;
  return (
    <div className="rows-place" tabIndex={0} role="group" aria-label={caption}>
      <table className="rows-table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr><th scope="col">{t("rowNumber")}</th>{titles.map((one, index) => <th key={index} scope="col" className={one.isNumber ? "number" : ""}>{one.title}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              <th scope="row">{at + 1}</th>
              {titles.map((one, index) => <td key={index} className={one.isNumber ? "number" : ""}>{one.isNumber ? formatDecimal(row[index] ?? "") : row[index]}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function RowsValue({ entry }: { entry: QueueEntry }) {
  const { t } = useTranslation("operator");
  return (
    <>
      <Rows entry={entry} value={entry.value} caption={entry.question} />
      {entry.previousValue && entry.previousValue !== entry.value && (
        <details>
          <summary>{t("rowsBefore")}</summary>
          <Rows entry={entry} value={entry.previousValue} caption={t("rowsBefore")} />
        </details>
      )}
    </>
  );
}
