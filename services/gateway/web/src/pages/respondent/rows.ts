// Answers that are tables: rows of texts and numbers, kept in one text as the server keeps them (S1.11).
import { formatDecimal } from "../../parts/format";
import { parseRows, type Rows } from "../shared/table-rows";

export const ROWS_MAX = 200;
export const CELL_MAX = 4000;

export const isRowBlank = (row: string[]) => row.every((cell) => cell.trim() === "");

// One way to write the same rows, whoever wrote them; what is no table stays as it is.
export const canonical = (value: string) => (value.startsWith("[") ? JSON.stringify(parseRows(value)) : value);

// "1 234,50" -> "1234.5", as the server shows it afterwards; null for what is no number.
export function bareNumber(text: string): string | null {
  const bare = text.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
  if (!/^-?\d{1,15}(\.\d{1,6})?$/.test(bare)) return null;
  const short = bare.includes(".") ? bare.replace(/\.?0+$/, "") : bare;
  return short.replace(/^(-?)0+(?=\d)/, "$1");
}

const cellToSend = (cell: string, kind: string | undefined) => (cell.trim() === "" ? "" : kind === "number" ? (bareNumber(cell) ?? cell) : cell);

// What goes to the server: no blank rows, numbers bare.
export const rowsToSend = (rows: Rows, kinds: readonly string[]): Rows =>
  rows.filter((row) => !isRowBlank(row)).map((row) => row.map((cell, index) => cellToSend(cell, kinds[index])));

export const valueToSend = (value: string, kinds: readonly string[]): string => {
  const rows = rowsToSend(parseRows(value), kinds);
  return rows.length > 0 ? JSON.stringify(rows) : "";
};

export const isCellWrong = (cell: string, kind: string | undefined) => kind === "number" && cell.trim() !== "" && bareNumber(cell) === null;

export const hasWrongCell = (rows: Rows, kinds: readonly string[]) => rows.some((row) => row.some((cell, index) => isCellWrong(cell, kinds[index])));

export const showCell = (cell: string, kind: string | undefined) => (kind === "number" ? formatDecimal(bareNumber(cell) ?? cell) : cell);
