// The rows of an answer that is a table, out of the one text it is kept in.
export type Rows = string[][];

export function parseRows(value: string): Rows {
  if (!value.startsWith("[")) return [];
  try {
    const read: unknown = JSON.parse(value);
    return Array.isArray(read) ? read.map((row) => (Array.isArray(row) ? row.map(String) : [])) : [];
  } catch {
    return [];
  }
}
