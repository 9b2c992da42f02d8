// A table file as rows of texts, whatever it was written with: what every reader gives and the recogniser takes.

export interface Cell {
  text: string;
  // It has no content of its own: it belongs to the merged cell above it, or beside it.
  isFilled?: boolean;
}

// The number under which the file itself shows the row.
export interface Line { number: number; cells: Cell[]; }

export interface Sheet { name: string; lines: Line[]; }

// Why nothing can be read of a file at all.
export type Trouble =
  | "empty" | "old_format" | "not_a_table_file" | "too_large" | "broken" | "quote_open" | "no_header" | "column_missing" | "column_twice" | "no_rows" | "too_many_rows";

export class TableError extends Error {
  constructor(readonly trouble: Trouble, readonly line = 0, readonly column = "") {
    super([trouble, line > 0 ? `row ${line}` : "", column].filter(Boolean).join(", "));
  }
}

// «А», «Б» of a spreadsheet in Latin letters: 0 is A, 26 is AA.
export function letterOf(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : letterOf(Math.floor(column / 26) - 1) + last;
}

// Spaces as a person sees them: one between words, line ends kept.
export const tidy = (text: string) =>
  text.replace(/\r\n?/g, "\n").replace(/[\u00a0\u2007\u202f\t]/g, " ").replace(/\u00ad|\u200b|\ufeff/g, "").split("\n").map((line) => line.replace(/ +/g, " ").trim()).join("\n").trim();

export const oneLine = (text: string) => tidy(text).replace(/\n+/g, " ");
