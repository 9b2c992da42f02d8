// A table that was answered, to be read.
import type { Assignment } from "./assignments";
import { parseRows } from "../shared/table-rows";
import { showCell } from "./rows";

export function RowsView({ assignment, value }: { assignment: Pick<Assignment, "columnTitles" | "columnKinds">; value: string }) {
  const { columnTitles, columnKinds } = assignment;
  const className = (index: number) => (columnKinds[index] === "number" ? "number" : "");
  return (
    <div className="rows-scroll" tabIndex={0} role="region" aria-label={columnTitles.join(", ")}>
      <table className="rows-view">
        <thead><tr>{columnTitles.map((title, index) => <th key={index} scope="col" className={className(index)}>{title}</th>)}</tr></thead>
        <tbody>
          {parseRows(value).map((row, number) => (
            <tr key={number}>{row.map((cell, index) => <td key={index} className={className(index)}>{showCell(cell, columnKinds[index])}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
