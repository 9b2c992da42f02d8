// scripts/vekha table: the same reading of a table as the page has, for people at a terminal.
import english from "../texts/en/table";
import russian from "../texts/ru/table";
import { TableError } from "./cells";
import { programmeOf, type Decisions, type Who } from "./programme";
import { isLate, readTable, recognise, gapsOfRow, type Row } from "./recognise";

// What was decided by hand: who the parties are, and the first row of each doubtful measure, as it is or corrected.
interface Answers {
  title: string; zone: string; organisationCode: string; basis?: string; year?: number;
  // outside, all_schools, all_authorities, or the code of an organisation
  parties: Record<string, string>;
  confirmed?: Record<string, true | Partial<Pick<Row, "number" | "title" | "parties" | "results" | "after"> & { due: Partial<Row["due"]> }>>;
}

const whoOf = (answer: string): Who => (["outside", "all_schools", "all_authorities"].includes(answer) ? { is: answer as "outside" } : { is: "organisation", code: answer });

function corrected(row: Row, answers: Answers): Row {
  const answer = answers.confirmed?.[String(row.lines[0])];
  if (answer === undefined || answer === true) return row;
  return { ...row, ...answer, due: { ...row.due, ...answer.due } };
}

export function dayText(due: Row["due"]): string {
  const period = [due.from, due.on].filter(Boolean).join(" … ");
  const repeated = [due.every, due.month > 0 ? `${due.day}.${due.month}` : due.day || "", due.until && `… ${due.until}`].filter(Boolean).join(" ");
  const quarter = due.quarter > 0 ? `${due.quarter}/${due.year || "x"}` : "";
  const year = due.kind === "relative_year" ? `${due.day}.${due.month}.x${due.yearOffset ? (due.yearOffset > 0 ? `+${due.yearOffset}` : due.yearOffset) : ""}` : "";
  return due.owner || year || quarter || period || repeated;
}

export interface Asked { bytes: Uint8Array; answers: string; isJson: boolean; today: string; language: string; }

export function run({ bytes, answers, isJson, today, language }: Asked): { out: string; isGood: boolean } {
  const words = language === "en" ? english : russian;
  try {
    const map = recognise(readTable(bytes));
    const rows = [...map.rows].sort((one, other) => Number(other.doubts.length > 0) - Number(one.doubts.length > 0));
    if (isJson) return { out: JSON.stringify(map, null, 2), isGood: true };
    if (!answers) {
      const lines = rows.flatMap((row) => [
        [row.lines.join(", "), row.number, row.title, row.parties.join("; "), row.results.join(" | "), row.due.kind || "round", dayText(row.due), isLate(row.due, today) ? words.late : "", row.due.text].join("\t"),
        ...row.doubts.map((one) => `\t${words.row} ${row.lines[0]}, ${words.column} ${one.column || "—"}: ${words.doubt[one.doubt]}`),
      ]);
      return { out: lines.join("\n"), isGood: true };
    }
    const given = JSON.parse(answers) as Answers;
    const open = map.rows.filter((row) => row.doubts.length > 0 && given.confirmed?.[String(row.lines[0])] === undefined);
    if (open.length > 0)
      return { out: open.flatMap((row) => row.doubts.map((one) => `${words.row} ${row.lines[0]}, ${words.column} ${one.column || "—"}: ${words.doubt[one.doubt]}`)).join("\n"), isGood: false };
    const decisions: Decisions = Object.fromEntries(Object.entries(given.parties).map(([party, answer]) => [party, whoOf(answer)]));
    const settled = map.rows.map((row) => corrected(row, given));
    const { file, refused } = programmeOf(settled, decisions, { title: given.title, zone: given.zone, organisationCode: given.organisationCode, basis: given.basis ?? "", year: given.year ?? map.year }, null);
    const gaps = new Map(settled.map((row) => [row.lines[0], gapsOfRow(row).map((gap) => words.gap[gap]).join(" ")]));
    if (refused.length > 0)
      return { out: refused.map((one) => `${words.row} ${one.line}: ${[words.refusal[one.refusal], one.party, gaps.get(one.line)].filter(Boolean).join(" ")}`).join("\n"), isGood: false };
    return { out: JSON.stringify(file, null, 2), isGood: true };
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    const place = error.line > 0 ? `${words.row} ${error.line}` : "";
    const column = error.trouble === "column_missing" ? words.field[error.column as "due"] : error.column;
    return { out: [place, words.trouble[error.trouble], column && `(${column})`].filter(Boolean).join(" "), isGood: false };
  }
}
