// A road map out of a table: each measure as it was understood, and what a person has to confirm of it first (I11, S3.21).
import { letterOf, oneLine, TableError, type Cell, type Line, type Sheet } from "./cells";
import { findColumns, isHead, type Columns, type Field } from "./columns";
import { readCsv } from "./csv";
import { gapsOf, understandDue, type Due, type DueDoubt, type DueGap } from "./due";
import { plain } from "./days";
import { formOf, splitParties, splitResults } from "./parts";
import { readXlsx } from "./xlsx";

export type Doubt = DueDoubt | "joined" | "merged" | "no_title" | "no_number" | "number_twice" | "no_responsible" | "no_result" | "results_unnumbered" | "footnote_missing" | "form_owner_unknown";

export interface Row {
  // The rows of the file that it stands in.
  lines: number[];
  number: string;
  title: string;
  parties: string[];
  results: string[];
  due: Due;
  // Numbers of the measures that come before, as a person gave them; undefined: as the programme has it now.
  after?: string[];
  // In the order of the columns: where, and what is doubtful there.
  doubts: { doubt: Doubt; column: string; field: Field }[];
}

export interface Roadmap {
  sheet: string;
  rows: Row[];
  // Every responsible party once, and whether the table itself says that it only agreed to.
  parties: { title: string; isSaidOutside: boolean }[];
  // What is no measure: heads of groups, with their lines.
  skipped: { line: number; text: string }[];
  footnotes: string[];
  // The latest year of any date; 0: there is none.
  year: number;
}

const MAX_ROWS = 200;
const FOOTNOTE = /^(\*+|[¹²³⁴⁵])\s*/;

interface Raw { line: Line; more: Line[]; isMerged: boolean; cells: Record<Field, string>; merged: Set<Field>; }

const FIELDS: readonly Field[] = ["number", "title", "responsible", "result", "due"];
const cellOf = (line: Line, columns: Columns, field: Field): Cell => (columns[field] >= 0 ? line.cells[columns[field]] : undefined) ?? { text: "" };
const isNumbering = (line: Line) => {
  const texts = line.cells.map((cell) => cell.text).filter((text) => text !== "");
  return texts.length > 2 && texts.every((text, index) => text.replace(/\.$/, "") === String(index + 1));
};

function rawOf(line: Line, columns: Columns): Raw {
  const cells = Object.fromEntries(FIELDS.map((field) => [field, cellOf(line, columns, field).text])) as Record<Field, string>;
  return { line, more: [], isMerged: false, cells, merged: new Set(FIELDS.filter((field) => cellOf(line, columns, field).isFilled && cells[field] !== "")) };
}

// A row that goes on from the one above: a page ended inside of it, or its number is one cell with the number above.
function goesOn(raw: Raw, columns: Columns): boolean {
  if (columns.number < 0) return raw.cells.title === "" || raw.merged.has("title");
  if (raw.merged.has("number")) return true;
  return raw.cells.number === "" && !(/^[A-ZА-ЯЁ«]/.test(raw.cells.title) && raw.cells.due !== "");
}

function goOn(above: Raw, raw: Raw): void {
  above.more.push(raw.line);
  const isOwnLine = raw.merged.has("number") || raw.merged.has("title");
  above.isMerged ||= isOwnLine;
  for (const field of FIELDS)
    if (raw.cells[field] !== "" && !raw.merged.has(field)) above.cells[field] = [above.cells[field], raw.cells[field]].filter(Boolean).join(isOwnLine ? "\n" : " ");
}

// Only one cell says something, with a capital letter, where numbers or titles stand: it heads a group.
function headsGroup(line: Line, columns: Columns): boolean {
  const said = line.cells.map((cell, column) => ({ ...cell, column })).filter((cell) => cell.text !== "" && !cell.isFilled);
  const one = said[0];
  return said.length === 1 && one !== undefined && (one.column === columns.number || one.column === columns.title) && /^(?:[A-ZА-ЯЁ«]|\d+\.\s*[А-ЯЁ])/.test(one.text);
}

function collect(lines: Line[], columns: Columns): { raws: Raw[]; skipped: Roadmap["skipped"]; footnotes: string[] } {
  const raws: Raw[] = [];
  const skipped: Roadmap["skipped"] = [];
  const footnotes: string[] = [];
  for (const line of lines) {
    const texts = line.cells.filter((cell) => cell.text !== "" && !cell.isFilled).map((cell) => cell.text);
    if (line.cells.every((cell) => cell.text === "") || isHead(line) || isNumbering(line)) continue;
    if (texts.length === 1 && FOOTNOTE.test(texts[0]!)) footnotes.push(oneLine(texts[0]!));
    else if (headsGroup(line, columns)) skipped.push({ line: line.number, text: oneLine(texts[0]!) });
    else {
      const raw = rawOf(line, columns);
      const above = raws.at(-1);
      if (FIELDS.every((field) => raw.cells[field] === "")) skipped.push({ line: line.number, text: texts.map(oneLine).join(" ") });
      else if (above && goesOn(raw, columns)) goOn(above, raw);
      else raws.push(raw);
    }
  }
  return { raws, skipped, footnotes };
}

function footnoteOf(text: string, footnotes: readonly string[]): { footnote: string; isMissing: boolean } {
  const mark = /\*+|[¹²³⁴⁵]/.exec(text)?.[0];
  if (!mark) return { footnote: "", isMissing: false };
  const found = footnotes.find((one) => FOOTNOTE.exec(one)?.[1] === mark);
  return { footnote: found ?? "", isMissing: !found };
}

function rowOf(raw: Raw, columns: Columns, parties: readonly string[], footnotes: readonly string[]): Row {
  const doubts: Row["doubts"] = [];
  const doubt = (name: Doubt, field: Field) => doubts.push({ doubt: name, field, column: columns[field] >= 0 ? letterOf(columns[field]) : "" });
  const title = oneLine(raw.cells.title);
  const own = splitParties(raw.cells.responsible).map((party) => party.title);
  const results = splitResults(raw.cells.result);
  const understood = understandDue(oneLine(raw.cells.due), parties);
  const { footnote, isMissing } = footnoteOf(raw.cells.due, footnotes);
  const number = oneLine(raw.cells.number);
  if (columns.number >= 0 && number === "") doubt("no_number", "number");
  if (raw.more.length > 0 && !raw.isMerged) doubt("joined", "number");
  if (raw.isMerged) doubt("merged", "number");
  if (title === "") doubt("no_title", "title");
  if (own.length === 0) doubt("no_responsible", "responsible");
  if (results.texts.length === 0) doubt("no_result", "result");
  if (results.isUnsure && !raw.isMerged) doubt("results_unnumbered", "result");
  if (results.texts.some((text) => formOf(text, parties)?.owner === "")) doubt("form_owner_unknown", "result");
  for (const field of raw.merged) if (field !== "number") doubt("merged", field);
  for (const one of understood.doubts) doubt(one, "due");
  if (isMissing) doubt("footnote_missing", "due");
  return { lines: [raw.line, ...raw.more].map((line) => line.number), number, title, parties: own, results: results.texts, due: { ...understood.due, footnote }, doubts };
}

const yearsOf = (due: Due) => [due.year, ...[due.on, due.until].filter(Boolean).map((day) => Number(day.slice(0, 4)))];

export function recognise(sheets: Sheet[]): Roadmap {
  const { sheet, at, columns } = findColumns(sheets);
  const { raws, skipped, footnotes } = collect(sheet.lines.slice(at + 1), columns);
  if (raws.length === 0) throw new TableError("no_rows", sheet.lines[at]!.number);
  if (raws.length > MAX_ROWS) throw new TableError("too_many_rows", raws[MAX_ROWS]!.line.number);
  const parties = new Map<string, boolean>();
  for (const raw of raws)
    for (const party of splitParties(raw.cells.responsible)) parties.set(party.title, party.isSaidOutside || (parties.get(party.title) ?? false));
  const rows = raws.map((raw) => rowOf(raw, columns, [...parties.keys()], footnotes));
  const numbers = rows.map((row) => row.number.replace(/\.$/, ""));
  rows.forEach((row, index) => {
    if (row.number !== "" && numbers.indexOf(numbers[index]!) !== index) row.doubts.push({ doubt: "number_twice", field: "number", column: letterOf(columns.number) });
  });
  return {
    sheet: sheet.name, rows, skipped, footnotes, year: Math.max(0, ...rows.flatMap((row) => yearsOf(row.due))),
    parties: [...parties].map(([title, isSaidOutside]) => ({ title, isSaidOutside })),
  };
}

export function readTable(bytes: Uint8Array): Sheet[] {
  if (bytes.length === 0) throw new TableError("empty");
  const starts = (...mark: number[]) => mark.every((byte, index) => bytes[index] === byte);
  if (starts(0xd0, 0xcf, 0x11, 0xe0)) throw new TableError("old_format");
  if (starts(0x25, 0x50, 0x44, 0x46)) throw new TableError("not_a_table_file");
  return starts(0x50, 0x4b) ? readXlsx(bytes) : readCsv(bytes);
}

// What a row cannot be loaded without, whoever has confirmed it.
export type Gap = "title" | "parties" | "results" | DueGap;
export function gapsOfRow(row: Row): Gap[] {
  return [
    ...(row.title.trim() ? [] : ["title" as const]), ...(row.parties.length > 0 ? [] : ["parties" as const]),
    ...(row.results.length > 0 ? [] : ["results" as const]), ...gapsOf(row.due),
  ];
}

// Already over on this day, whatever is still to be done (S3.20).
export const isLate = (due: Due, today: string) => ["exact", "not_later", "period"].includes(due.kind) && due.on !== "" && due.on < today;

export const sameTitle = (title: string) => plain(oneLine(title)).replace(/[^a-zа-я0-9]+/g, " ").trim();
