// Workbooks (XLSX): texts, numbers and dates as they are shown, and which cells are merged.
import { unzipSync } from "fflate";
import { Parser } from "saxen";
import { TableError, tidy, type Cell, type Line, type Sheet } from "./cells";

const MAX_UNPACKED_BYTES = 50_000_000;
const MAX_LINES = 5000;
const MAX_COLUMNS = 100;
const DAY_MS = 86_400_000;

type Attributes = Record<string, string>;

// Every element with its attributes, and its text when it ends; names without what stands before the colon.
function walk(xml: string, open: (name: string, attributes: Attributes) => void, close: (name: string, text: string) => void): void {
  const bare = (name: string) => name.slice(name.indexOf(":") + 1);
  let text = "";
  const parser = new Parser();
  parser.on("openTag", (name, attributesOf) => {
    text = "";
    const attributes: Attributes = {};
    for (const [key, value] of Object.entries(attributesOf())) attributes[key.startsWith("r:") ? key : bare(key)] = value;
    open(bare(name), attributes);
  });
  parser.on("text", (value, decode) => { text += decode(value); });
  parser.on("cdata", (value) => { text += value; });
  parser.on("closeTag", (name) => {
    close(bare(name), text);
    text = "";
  });
  parser.on("error", () => { throw new TableError("broken"); });
  parser.parse(xml);
}

// Texts that cells refer to by number; how a word is read aloud (rPh) is no part of it.
function readStrings(xml: string): string[] {
  const found: string[] = [];
  let whole = "";
  let isAloud = false;
  walk(xml, (name) => {
    if (name === "si") whole = "";
    if (name === "rPh") isAloud = true;
  }, (name, text) => {
    if (name === "t" && !isAloud) whole += text;
    if (name === "rPh") isAloud = false;
    if (name === "si") found.push(whole);
  });
  return found;
}

// Hours alone are no day.
const isDateFormat = (code: string) => /[dy]/i.test(code.replace(/"[^"]*"|\\.|\[[^\]]*\]|general/gi, ""));
const isBuiltInDate = (id: number) => (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);

// Which styles show a number as a day.
function readDateStyles(xml: string): boolean[] {
  const codes = new Map<number, string>();
  const styles: boolean[] = [];
  let isInCells = false;
  walk(xml, (name, attributes) => {
    if (name === "numFmt") codes.set(Number(attributes.numFmtId), attributes.formatCode ?? "");
    if (name === "cellXfs") isInCells = true;
    if (name === "xf" && isInCells) {
      const id = Number(attributes.numFmtId ?? 0);
      styles.push(isBuiltInDate(id) || isDateFormat(codes.get(id) ?? ""));
    }
  }, (name) => {
    if (name === "cellXfs") isInCells = false;
  });
  return styles;
}

function dayOf(serial: number, is1904: boolean): string {
  // Day 60 of the other calendar is the 29.02.1900 that never was.
  const first = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, serial < 61 ? 31 : 30);
  const [year, month, day] = new Date(first + Math.floor(serial) * DAY_MS).toISOString().slice(0, 10).split("-");
  return `${day}.${month}.${year}`;
}

function placeOf(reference: string): { column: number; row: number } | null {
  const match = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(reference);
  return match && { column: [...match[1]!].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1, row: Number(match[2]) };
}

interface Book { strings: string[]; dates: boolean[]; is1904: boolean; }

function readSheet(xml: string, book: Book): Line[] {
  const rows = new Map<number, Cell[]>();
  const merges: string[] = [];
  let row = 0;
  let column = -1;
  let cell: Attributes = {};
  let value = "";
  let isAloud = false;
  const textOf = (): string => {
    if (cell.t === "s") return book.strings[Number(value)] ?? "";
    if (cell.t === "b") return value === "1" ? "да" : "нет";
    const isNumber = (!cell.t || cell.t === "n") && value !== "";
    if (cell.t === "d") return value.slice(0, 10).split("-").reverse().join(".");
    return isNumber && book.dates[Number(cell.s ?? -1)] ? dayOf(Number(value), book.is1904) : value;
  };
  walk(xml, (name, attributes) => {
    if (name === "row") {
      row = Number(attributes.r ?? row + 1);
      column = -1;
    } else if (name === "c") {
      cell = attributes;
      value = "";
      column = placeOf(attributes.r ?? "")?.column ?? column + 1;
    } else if (name === "rPh") isAloud = true;
    else if (name === "mergeCell" && attributes.ref) merges.push(attributes.ref);
  }, (name, text) => {
    if (name === "rPh") isAloud = false;
    if (name === "v" || (name === "t" && !isAloud)) value += text;
    if (name !== "c" || column >= MAX_COLUMNS) return;
    const line = rows.get(row) ?? [];
    rows.set(row, line);
    line[column] = { text: tidy(textOf()) };
  });
  if (rows.size > MAX_LINES) throw new TableError("too_many_rows", MAX_LINES);
  spread(rows, merges);
  return [...rows].sort(([one], [other]) => one - other)
    .map(([number, cells]) => ({ number, cells: Array.from(cells, (one) => one ?? { text: "" }) }));
}

// What a merged cell says is said in each of its rows; what it covers to the right stays empty.
function spread(rows: Map<number, Cell[]>, merges: string[]): void {
  for (const merge of merges) {
    const [first, last] = merge.split(":").map(placeOf);
    if (!first || !last || last.column >= MAX_COLUMNS || last.row - first.row > MAX_LINES) continue;
    const text = rows.get(first.row)?.[first.column]?.text ?? "";
    for (let row = first.row; row <= last.row; row++) {
      const line = rows.get(row);
      if (!line) continue;
      for (let column = first.column; column <= last.column; column++)
        if (row !== first.row || column !== first.column) line[column] = { text: column === first.column ? text : "", isFilled: true };
    }
  }
}

export function readXlsx(bytes: Uint8Array): Sheet[] {
  let unpacked = 0;
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, {
      filter: (file) => {
        if (!/^xl\/.*\.(xml|rels)$/i.test(file.name) || /^xl\/(media|theme|drawings|charts)\//.test(file.name)) return false;
        unpacked += file.originalSize;
        if (unpacked > MAX_UNPACKED_BYTES) throw new TableError("too_large");
        return true;
      },
    });
  } catch (error) {
    throw error instanceof TableError ? error : new TableError("broken");
  }
  const text = (name: string) => {
    const content = files[name];
    return content ? new TextDecoder().decode(content) : "";
  };
  const workbook = text("xl/workbook.xml");
  if (!workbook) throw new TableError("not_a_table_file");
  const targets = new Map<string, string>();
  walk(text("xl/_rels/workbook.xml.rels") || "<r/>", (name, attributes) => {
    if (name === "Relationship") targets.set(attributes.Id ?? "", (attributes.Target ?? "").replace(/^\/?(xl\/)?/, "xl/"));
  }, () => undefined);
  const sheets: { name: string; path: string }[] = [];
  const book: Book = { strings: readStrings(text("xl/sharedStrings.xml") || "<sst/>"), dates: readDateStyles(text("xl/styles.xml") || "<s/>"), is1904: false };
  walk(workbook, (name, attributes) => {
    if (name === "workbookPr") book.is1904 = ["1", "true"].includes(attributes.date1904 ?? "");
    if (name === "sheet" && !attributes.state?.includes("idden")) sheets.push({ name: attributes.name ?? "", path: targets.get(attributes["r:id"] ?? attributes.id ?? "") ?? "" });
  }, () => undefined);
  return sheets.filter((sheet) => files[sheet.path]).map((sheet) => ({ name: sheet.name, lines: readSheet(text(sheet.path), book) }));
}
