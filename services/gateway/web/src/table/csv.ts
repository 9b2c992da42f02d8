// Tables as text: commas, semicolons or tabs between cells; UTF-8, UTF-16 with its mark, or windows-1251.
import { TableError, tidy, type Line, type Sheet } from "./cells";

const SEPARATORS = [";", "\t", ","] as const;

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1251").decode(bytes);
  }
}

function cut(text: string, separator: string): Line[] {
  const lines: Line[] = [];
  let cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  let begun = 1;
  let quotedAt = 0;
  let number = 1;
  const endCell = () => {
    cells.push(cell);
    cell = "";
  };
  const endLine = () => {
    endCell();
    lines.push({ number: begun, cells: cells.map((one) => ({ text: tidy(one) })) });
    cells = [];
    begun = number;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === "\n") number++;
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') cell += text[++at]!;
      else isQuoted = false;
    } else if (char === '"' && cell.trim() === "") {
      isQuoted = true;
      quotedAt = number;
      cell = "";
    } else if (char === separator) endCell();
    else if (char === "\n") endLine();
    else cell += char;
  }
  if (isQuoted) throw new TableError("quote_open", quotedAt);
  if (cell !== "" || cells.length > 0) endLine();
  return lines;
}

// The separator with which most lines have as many cells as the widest one, and more than one.
function fitOf(lines: Line[]): number {
  const full = lines.filter((line) => line.cells.some((cell) => cell.text !== ""));
  const widest = Math.max(0, ...full.map((line) => line.cells.length));
  return widest < 2 ? 0 : full.filter((line) => line.cells.length === widest).length / Math.max(1, full.length) + Math.min(widest, 9) / 100;
}

export function readCsv(bytes: Uint8Array): Sheet[] {
  const text = decode(bytes).replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  if (text.trim() === "") throw new TableError("empty");
  if (text.includes("\0")) throw new TableError("not_a_table_file");
  let best: { fit: number; lines: Line[] } | null = null;
  let failure: unknown = null;
  for (const separator of SEPARATORS) {
    try {
      const lines = cut(text, separator);
      const fit = fitOf(lines);
      if (!best || fit > best.fit) best = { fit, lines };
    } catch (error) {
      failure = error;
    }
  }
  if (!best) throw failure;
  return [{ name: "", lines: best.lines }];
}
