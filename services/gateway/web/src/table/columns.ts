// Which column of a table says what, by the words of its head (S3.5, B17).
import { letterOf, oneLine, TableError, type Line, type Sheet } from "./cells";
import { plain } from "./days";

export type Field = "number" | "title" | "responsible" | "result" | "due";
export type Columns = Record<Exclude<Field, "number">, number> & { number: number }; // number: -1 when there is none

const NEEDED = ["title", "responsible", "result", "due"] as const;
const MAX_HEAD_LINES = 60;

// In this order: «Срок исполнения мероприятия» is a due date, «Наименование документа» a result.
const WORDS: [Field, RegExp][] = [
  ["number", /^(?:№|n|no|номер)[\s.]*(?:п\s*\/?\s*п\.?)?$/],
  ["responsible", /ответствен|исполнител/],
  ["due", /^(?:срок|дата|период)|\sсрок/],
  ["result", /результат|документ|показател|отчетн|подтвержд/],
  ["title", /мероприяти|наименовани|содержани|действи|\bшаг/],
];

const fieldOf = (text: string): Field | null => {
  const words = plain(oneLine(text)).trim();
  return WORDS.find(([, pattern]) => pattern.test(words))?.[0] ?? null;
};

// A head is a line that names most of what is needed; it may come again on the next page.
export const isHead = (line: Line): boolean => {
  const fields = new Set(line.cells.filter((cell) => !cell.isFilled && cell.text.length <= 120).map((cell) => fieldOf(cell.text)));
  return NEEDED.filter((field) => fields.has(field)).length >= 3;
};

export function findColumns(sheets: Sheet[]): { sheet: Sheet; at: number; columns: Columns } {
  if (sheets.every((sheet) => sheet.lines.every((line) => line.cells.every((cell) => cell.text === "")))) throw new TableError("empty");
  for (const sheet of sheets) {
    const at = sheet.lines.findIndex((line, index) => index < MAX_HEAD_LINES && isHead(line));
    if (at >= 0) return { sheet, at, columns: columnsOf(sheet.lines[at]!) };
  }
  throw new TableError("no_header");
}

function columnsOf(head: Line): Columns {
  const found = new Map<Field, number>();
  head.cells.forEach((cell, column) => {
    const field = cell.isFilled ? null : fieldOf(cell.text);
    if (!field) return;
    if (found.has(field)) throw new TableError("column_twice", head.number, `${letterOf(found.get(field)!)}, ${letterOf(column)}: ${oneLine(cell.text)}`);
    found.set(field, column);
  });
  const missing = NEEDED.find((field) => !found.has(field));
  if (missing) throw new TableError("column_missing", head.number, missing);
  const place = (field: Field) => found.get(field) ?? -1;
  return { number: place("number"), title: place("title"), responsible: place("responsible"), result: place("result"), due: place("due") };
}
