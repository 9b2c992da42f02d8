// The respondent's indicators as a table to be filled in, and what a filled one would change.
import type { TFunction } from "i18next";
import { TableError, type Line } from "../../table/cells";
import { readTable } from "../../table/recognise";
import { isOpen, type Assignment } from "../respondent/assignments";

type Texts = TFunction<"form">;
type Field = "value" | "whole" | "comment" | "code";

export interface Change { line: number; assignment: Assignment; value: string; secondValue: string; comment: string; }
export interface Remark { line: number; question: string; why: "unknown" | "closed" | "twice"; }
export interface Reading { changes: Change[]; remarks: Remark[]; same: number; }

// Headings in both languages: a form may be filled in by somebody who reads the other one.
const HEADINGS: Record<Field, string[]> = {
  value: ["значение", "value"], whole: ["всего", "total"], comment: ["комментарий", "comment"], code: ["код строки", "row code"],
};
const YES = ["да", "yes"];
const NO = ["нет", "no"];
// A spreadsheet would take such a text for a formula.
const FORMULA = /^[=+\-@\t\r]/;
const MARK = "\ufeff";

export const isInForm = (assignment: Assignment) => assignment.valueKind !== "documents" && assignment.valueKind !== "table";

const cellOf = (text: string) => `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
const plainOf = (text: string) => (text.startsWith("'") && FORMULA.test(text.slice(1)) ? text.slice(1) : text);
const numberOf = (text: string) => text.replaceAll(".", ",");

function shownValue(t: Texts, assignment: Assignment): string {
  if (assignment.valueKind !== "yes_no") return numberOf(assignment.value);
  return assignment.value === "" ? "" : assignment.value === "yes" ? t("yes") : t("no");
}

export function makeForm(t: Texts, assignments: Assignment[]): string {
  const columns = ["section", "question", "unit", "value", "whole", "comment", "code"] as const;
  const rows = assignments.filter((one) => isInForm(one) && isOpen(one)).map((one) => [
    one.sectionTitle,
    one.valueKind === "percent" ? `${one.question} / ${t("total", { question: one.secondQuestion })}` : one.question,
    one.valueKind === "yes_no" ? t("yesNo") : one.unit,
    shownValue(t, one), numberOf(one.secondValue), one.comment, one.assignmentId,
  ]);
  return MARK + [columns.map((column) => t(`column.${column}`)), ...rows].map((row) => row.map(cellOf).join(";")).join("\r\n") + "\r\n";
}

function findColumns(lines: Line[]): { at: number; columns: Record<Field, number> } {
  for (const [at, line] of lines.entries()) {
    const titles = line.cells.map((cell) => cell.text.trim().toLowerCase());
    const placeOf = (field: Field) => titles.findIndex((title) => HEADINGS[field].includes(title));
    const columns = { value: placeOf("value"), whole: placeOf("whole"), comment: placeOf("comment"), code: placeOf("code") };
    if (columns.value >= 0 && columns.code >= 0) return { at, columns };
  }
  throw new TableError("no_header");
}

// Spaces between thousands and the comma are how people write; the server has the last word on what is a number.
function answerOf(assignment: Assignment, text: string): string {
  const plain = text.replace(/\s/g, "").replace(",", ".");
  if (assignment.valueKind !== "yes_no") return plain;
  return YES.includes(plain.toLowerCase()) ? "yes" : NO.includes(plain.toLowerCase()) ? "no" : text;
}

const isSame = (one: string, other: string) => one === other || (one !== "" && other !== "" && Number(one) === Number(other));

export function readForm(bytes: Uint8Array, assignments: Assignment[]): Reading {
  const sheet = readTable(bytes).find((one) => one.lines.length > 0);
  if (!sheet) throw new TableError("empty");
  const { at, columns } = findColumns(sheet.lines);
  const known = new Map(assignments.filter(isInForm).map((one) => [one.assignmentId, one]));
  const seen = new Set<string>();
  const reading: Reading = { changes: [], remarks: [], same: 0 };
  for (const line of sheet.lines.slice(at + 1)) {
    const text = (field: Field) => plainOf(line.cells[columns[field]]?.text.trim() ?? "");
    const code = text("code").toLowerCase();
    if (text("value") === "" || (code === "" && text("comment") === "" && text("whole") === "")) continue;
    const assignment = known.get(code);
    const refuse = (why: Remark["why"]) => reading.remarks.push({ line: line.number, question: assignment?.question ?? text("code"), why });
    if (!assignment) { refuse("unknown"); continue; }
    if (seen.has(code)) { refuse("twice"); continue; }
    seen.add(code);
    const change: Change = { line: line.number, assignment, value: answerOf(assignment, text("value")), secondValue: answerOf(assignment, text("whole")), comment: text("comment") };
    if (isSame(change.value, assignment.value) && isSame(change.secondValue, assignment.secondValue) && change.comment === assignment.comment) reading.same++;
    else if (!isOpen(assignment)) refuse("closed");
    else reading.changes.push(change);
  }
  return reading;
}
