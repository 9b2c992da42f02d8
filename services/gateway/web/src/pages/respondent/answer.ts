// What the typed text of an answer means, by the server's own rules: whole-number arithmetic, half up to two decimals.
import i18next from "i18next";
import { formatDecimal } from "../../parts/format";
import type { Assignment } from "./assignments";
import { parseRows } from "../shared/table-rows";
import { hasWrongCell, valueToSend } from "./rows";

export interface Typed {
  value: string;
  secondValue: string;
  comment: string;
  // The author has seen that the part exceeds the whole.
  isConfirmed: boolean;
}

export type Kind = Pick<Assignment, "valueKind" | "decimals" | "evidenceRequired" | "columnKinds">;
export type FieldName = "value" | "secondValue";
export type ProblemCode = "empty" | "notNumber" | "negative" | "tooPrecise" | "whole" | "partOfNothing" | "nothingOfNothing";

export interface Answer {
  value: string;
  secondValue: string;
  // "28.33", "" while it cannot be said, "—" of nothing.
  percent: string;
  problems: Partial<Record<FieldName, ProblemCode>>;
  isPartOverWhole: boolean;
}

const DECIMALS_MAX = 6;

// "1 234,50" -> "1234.50"; null for what is no number.
function readDecimal(text: string): string | null {
  const bare = text.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
  return /^-?\d{1,15}(\.\d{1,6})?$/.test(bare) ? bare : null;
}

function checkDecimal(text: string, decimals: number): { number: string; problem?: ProblemCode } {
  if (text.trim() === "") return { number: "", problem: "empty" };
  const number = readDecimal(text);
  if (number === null) return { number: text, problem: "notNumber" };
  if (number.startsWith("-")) return { number, problem: "negative" };
  const used = (number.split(".")[1] ?? "").replace(/0+$/, "").length;
  if (used > decimals) return { number, problem: decimals > 0 ? "tooPrecise" : "whole" };
  return { number };
}

function scaled(number: string): bigint {
  const [whole = "0", fraction = ""] = number.split(".");
  return BigInt(whole + fraction.padEnd(DECIMALS_MAX, "0"));
}

function percentOf(part: bigint, whole: bigint): string {
  const hundredths = (part * 20000n + whole) / (2n * whole);
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, "0")}`;
}

export function readAnswer(kind: Kind, typed: Typed): Answer {
  const answer: Answer = { value: typed.value, secondValue: "", percent: "", problems: {}, isPartOverWhole: false };
  // Answered by documents alone.
  if (kind.valueKind === "documents") return answer;
  if (kind.valueKind === "table") {
    answer.value = valueToSend(typed.value, kind.columnKinds);
    if (answer.value === "") answer.problems.value = "empty";
    else if (hasWrongCell(parseRows(typed.value), kind.columnKinds)) answer.problems.value = "notNumber";
    return answer;
  }
  if (kind.valueKind === "yes_no") {
    if (!typed.value) answer.problems.value = "empty";
    return answer;
  }
  const first = checkDecimal(typed.value, kind.decimals);
  answer.value = first.number;
  if (first.problem) answer.problems.value = first.problem;
  if (kind.valueKind !== "percent") return answer;
  const second = checkDecimal(typed.secondValue, kind.decimals);
  answer.secondValue = second.number;
  if (second.problem) answer.problems.secondValue = second.problem;
  if (first.problem || second.problem) return answer;
  const part = scaled(first.number), whole = scaled(second.number);
  if (whole === 0n) {
    if (part > 0n) answer.problems.secondValue = "partOfNothing";
    else if (kind.evidenceRequired) answer.problems.secondValue = "nothingOfNothing";
    answer.percent = part > 0n ? "" : "—";
    return answer;
  }
  answer.isPartOverWhole = part > whole;
  answer.percent = percentOf(part, whole);
  return answer;
}

export const isGood = (answer: Answer) => Object.keys(answer.problems).length === 0;

// «Нет» or 0: no document is needed then (S2.31).
export const answersNone = (value: string) => value === "no" || /^0+([.,]0*)?$/.test(value.trim());

// A number as it is shown on leaving its field; what is no number stays as it was typed.
export function tidy(text: string): string {
  const number = readDecimal(text);
  return number === null ? text : formatDecimal(number);
}

const word = (value: string) => (value === "yes" ? i18next.t("yes") : value === "no" ? i18next.t("no") : formatDecimal(value));

// "10 / 40" of a percent, "yes", "1234.5": as the server keeps an answer in one text.
export const showText = (text: string) => text.split(" / ").map(word).join(" / ");

const withUnit = (text: string, unit: string) => (unit ? `${text} ${unit}` : text);

export function showAnswer(answer: Pick<Assignment, "value" | "secondValue" | "percent"> & { valueKind: string; unit: string }): string {
  if (answer.value === "") return "";
  if (answer.valueKind === "table") return i18next.t("respondent:rowCount", { count: parseRows(answer.value).length });
  if (answer.valueKind !== "percent") return answer.valueKind === "yes_no" ? word(answer.value) : withUnit(word(answer.value), answer.unit);
  const arithmetic = `${formatDecimal(answer.value)} / ${formatDecimal(answer.secondValue)}`;
  return `${arithmetic} = ${showPercent(answer.percent || "—")}`;
}

export const showPercent = (percent: string) => (percent === "—" ? "—" : `${formatDecimal(percent)} %`);
