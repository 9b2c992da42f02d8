// A due date out of its words (S3.14, B24): which kind, which day, and what a person has to look at before it counts.
import { exists, findDays, iso, lastDayOf, MONTH, monthOf, plain, type FoundDay } from "./days";

export type DueKind = "" | "exact" | "not_later" | "period" | "by_schedule" | "by_executor" | "relative_year" | "recurring" | "quarter";

export interface Due {
  kind: DueKind;
  on: string;
  from: string;
  until: string;
  owner: string;
  every: "" | "month" | "quarter" | "year";
  month: number;
  day: number;
  quarter: number;
  yearOffset: number;
  // Of a quarter: its own year; 0: that of the round.
  year: number;
  // The source's own words.
  text: string;
  footnote: string;
}

export type DueDoubt =
  | "no_due" | "unknown_kind" | "two_dates" | "ambiguous_date" | "short_year" | "no_year" | "impossible_day" | "backwards" | "words_left" | "no_day" | "counts_from_event" | "owner_unknown";

export interface Understood { due: Due; doubts: DueDoubt[]; }

export const dueOf = (kind: DueKind, more: Partial<Due> = {}): Due => ({
  kind, on: "", from: "", until: "", owner: "", every: "", month: 0, day: 0, quarter: 0, yearOffset: 0, year: 0, text: "", footnote: "", ...more,
});

// Words around a date that say nothing else.
const FILLERS = new Set(`г гг год года году годов годы не позднее позже до в во с со по срок сроки включительно к числа числу число числам дня дней месяца месяце месяц месяцев
  следующего следующим за отчетным отчетного отчетный кварталом квартала квартал кварталы каждого каждый каждое период периода всего весь течение конец конца концу`.split(/\s+/));

// Takes what it understood out of the text, so that what stays can be asked about.
class Rest {
  constructor(public text: string) {}
  take(pattern: RegExp): RegExpExecArray | null {
    const match = pattern.exec(this.text);
    if (match) this.cut(match.index, match.index + match[0].length);
    return match;
  }
  cut(from: number, to: number): void {
    this.text = this.text.slice(0, from) + " ".repeat(to - from) + this.text.slice(to);
  }
  get isLeft(): boolean {
    return (this.text.match(/[a-zа-я0-9]+/g) ?? []).some((word) => !FILLERS.has(word));
  }
}

type Reader = (rest: Rest, source: string, parties: readonly string[]) => Understood | null;

const understood = (due: Due, ...doubts: (DueDoubt | false)[]): Understood => ({ due, doubts: doubts.filter((one): one is DueDoubt => one !== false) });

const doubtsOf = (day: FoundDay): DueDoubt[] => [
  ...(exists(day.year, day.month, day.day) ? [] : ["impossible_day" as const]),
  ...(day.isAmbiguous ? ["ambiguous_date" as const] : []), ...(day.isShort ? ["short_year" as const] : []),
];
const isoOf = (day: FoundDay) => (exists(day.year, day.month, day.day) ? iso(day.year, day.month, day.day) : "");

// «Центра проектного сопровождения» is the party «Центр проектного сопровождения»: words that begin alike, in order.
export function partyNamed(words: string, parties: readonly string[]): string {
  const stems = (text: string) => (plain(text).match(/[a-zа-я0-9]+/g) ?? []).map((word) => word.slice(0, Math.max(3, word.length - 3)));
  const asked = stems(words);
  const fits = parties.filter((party) => {
    const known = stems(party);
    return known.length === asked.length && known.every((stem, at) => stem.startsWith(asked[at]!) || asked[at]!.startsWith(stem));
  });
  return fits.length === 1 ? fits[0]! : "";
}

const bySchedule: Reader = (rest, source, parties) => {
  const match = rest.take(/(?:(?:в соответствии с|согласно|по)\s+)?(?:[а-я]+\s+){0,2}график[а-я]*/);
  if (!match) return null;
  const after = source.slice(match.index + match[0].length).replace(/[.;,\s*]+$/, "").trim();
  const owner = partyNamed(after, parties) || after;
  const isSure = owner !== after || parties.includes(after);
  const isMixed = findDays(rest.text).length > 0;
  rest.text = "";
  return understood(dueOf("by_schedule", { owner }), !isSure && "owner_unknown", isMixed && "two_dates");
};

const DAY_OF_MONTH = /(?:до|не позднее|не позже|к)?\s*(\d{1,2})(?:-?(?:го|му|е|ого))?\s+(?:числа|числу|число|дня)/;

const recurring: Reader = (rest) => {
  const match = rest.take(/ежемесячн[а-я]*|(?:один |1 )?раз в месяц|кажд[а-я]+ месяц[а-я]*|ежеквартальн[а-я]*|(?:один |1 )?раз в квартал|кажд[а-я]+ квартал[а-я]*|ежегодн[а-я]*|(?:один |1 )?раз в год|кажд[а-я]+ год[а-я]*/);
  if (!match) return null;
  const every = /месяц|ежемес/.test(match[0]) ? "month" : /кварт/.test(match[0]) ? "quarter" : "year";
  const number = rest.take(DAY_OF_MONTH);
  const isLast = !number && rest.take(/(?:в )?(?:последн[а-я]+ день|(?:до )?кон[а-я]+) (?:каждого |отчетного )?(?:месяца|квартала|года)/) !== null;
  const days = findDays(rest.text);
  for (const day of days) rest.cut(day.from, day.to);
  const until = days.filter((day) => day.year > 0).at(-1);
  const own = every === "year" ? days.find((day) => day.year === 0) : undefined;
  // Without a day: the last of the month, of the quarter, of the year.
  const day = own?.day ?? (number ? Number(number[1]) : 31);
  const month = own?.month ?? (every === "year" ? 12 : every === "quarter" && !number ? 3 : 0);
  const doubts: (DueDoubt | false)[] = [!number && !isLast && !own && "no_day", (day < 1 || day > 31) && "impossible_day", ...days.flatMap(doubtsOf), days.length > 1 && "two_dates"];
  return understood(dueOf("recurring", { every, day: Math.min(day, 31), month, until: until ? isoOf(until) : "" }), ...doubts);
};

// «В течение 10 дней со дня …»: whoever carries it out knows the day, nobody before.
const fromEvent: Reader = (rest) => {
  const match = /(?:в течение|не позднее(?: чем)?(?: через)?|через|за)\s+(?:\d+|[а-я]+(?:ти|и|х)?)\s*(?:-?(?:ти|и|х))?\s*(?:\([а-я ]+\)\s*)?(?:календарн[а-я]+ |рабоч[а-я]+ )?(?:дн[а-я]+|месяц[а-я]*|недел[а-я]+)\s+(?:со дня|с момента|с даты|после|от|до|с )/.exec(rest.text);
  if (!match) return null;
  rest.text = "";
  return understood(dueOf("by_executor"), "counts_from_event");
};

const ROMAN: Record<string, number> = { i: 1, ii: 2, iii: 3, iv: 4, "1": 1, "2": 2, "3": 3, "4": 4 };

const quarters: Reader = (rest) => {
  const number = "(iii|ii|iv|i|[1-4])(?:-?(?:й|ый|ой|го|ого|м))?";
  const match = rest.take(new RegExp(`(?<![a-zа-я0-9])${number}(?:\\s*(?:-|и|,)\\s*${number})?\\s*(?:квартал[а-я]*|кв\\.)\\s*(\\d{4})?`));
  if (!match) return null;
  const year = Number(match[3] ?? 0);
  const first = ROMAN[match[1]!]!;
  if (!match[2]) return understood(dueOf("quarter", { quarter: first, year }));
  const last = ROMAN[match[2]]!;
  if (!year) return understood(dueOf("quarter", { quarter: last }), "no_year");
  const from = iso(year, first * 3 - 2, 1);
  const on = iso(year, last * 3, lastDayOf(year, last * 3));
  return understood(dueOf("period", { from, on }), from > on && "backwards");
};

// «25 августа X - 1 года» (B19)
const ofAnotherYear: Reader = (rest) => {
  const match = rest.take(new RegExp(`(\\d{1,2})\\s+(${MONTH})\\s+(?:года\\s+)?[xх](?:\\s*([-+])\\s*(\\d{1,2}))?(?![a-zа-я])`));
  if (!match) return null;
  const [, day, word, sign, years] = match;
  const month = monthOf(word!);
  return understood(dueOf("relative_year", { day: Number(day), month, yearOffset: years ? Number(`${sign}${years}`) : 0 }), !exists(0, month, Number(day)) && "impossible_day");
};

// «с 1 марта по 25 августа 2024», «1-15 марта 2024», «01.03.2024 - 25.08.2024»
const interval: Reader = (rest) => {
  const days = findDays(rest.text);
  if (days.length === 1) {
    const [last] = days as [FoundDay];
    const before = /(?:^|[^\d.])(?:с\s+)?(\d{1,2})(?:-?го)?\s*(?:-|по|до)\s*$/.exec(rest.text.slice(0, last.from));
    if (!before || !last.year) return null;
    const first = { ...last, day: Number(before[1]) };
    rest.cut(before.index, last.to);
    return understood(dueOf("period", { from: isoOf(first), on: isoOf(last) }), ...doubtsOf(last), ...doubtsOf(first), first.day > last.day && "backwards");
  }
  if (days.length !== 2) return null;
  const [first, last] = days as [FoundDay, FoundDay];
  const between = rest.text.slice(first.to, last.from).replace(/года?|г\.?/g, "").trim();
  const isFrom = /(?:^|\s)с\s*$/.test(rest.text.slice(0, first.from));
  if (between !== "-" && !(isFrom && ["по", "до"].includes(between))) return null;
  const begin = { ...first, year: first.year || last.year };
  rest.cut(first.from, last.to);
  if (!last.year) return understood(dueOf("relative_year", { month: last.month, day: last.day }), "no_year", ...doubtsOf(last));
  return understood(dueOf("period", { from: isoOf(begin), on: isoOf(last) }), ...doubtsOf(begin), ...doubtsOf(last), isoOf(begin) > isoOf(last) && "backwards");
};

const oneDay: Reader = (rest) => {
  const days = findDays(rest.text);
  if (days.length === 0) return null;
  const last = days.at(-1)!;
  const before = rest.text.slice(0, last.from);
  const isOpenEnded = /(?:^|\s)(?:с|после|начиная с)\s*$/.test(before);
  const isNotLater = /(?:не позднее|не позже|до|в срок до|к|по)\s*["«]?$/.test(before.trimEnd());
  const isTwo = new Set(days.map((day) => `${day.year}-${day.month}-${day.day}`)).size > 1;
  for (const day of days) rest.cut(day.from, day.to);
  const doubts: (DueDoubt | false)[] = [isTwo && "two_dates", isOpenEnded && "unknown_kind", ...days.flatMap(doubtsOf)];
  // The other words of a cell with two dates are looked at together with them.
  if (isTwo) rest.text = "";
  if (!last.year) return understood(dueOf("relative_year", { month: last.month, day: last.day }), "no_year", ...doubts);
  return understood(dueOf(isNotLater ? "not_later" : "exact", { on: isoOf(last) }), ...doubts);
};

const months: Reader = (rest) => {
  const match = rest.take(new RegExp(`(до конца |конец |концу |до )?(${MONTH})(?:\\s*(\\d{4}))?(?:\\s*г(?:ода|\\.)?)?(?:\\s*(?:-|по|и)\\s*(${MONTH})(?:\\s*(\\d{4}))?)?`));
  if (!match) return null;
  const [, end, firstWord, firstYear, lastWord, lastYear] = match;
  const first = monthOf(firstWord!);
  const last = lastWord ? monthOf(lastWord) : first;
  const year = Number(lastYear ?? firstYear ?? 0);
  if (!year) return understood(dueOf("relative_year", { month: last, day: lastDayOf(2023, last) }), "no_year");
  const on = iso(year, last, lastDayOf(year, last));
  // «до августа» leaves open whether August counts.
  if (end) return understood(dueOf("not_later", { on }), end.trim() === "до" && "ambiguous_date");
  const from = iso(Number(firstYear ?? year), first, 1);
  return understood(dueOf("period", { from, on }), from > on && "backwards");
};

const years: Reader = (rest) => {
  const match = rest.take(/(до конца |конец )?(?<!\d)(\d{4})(?:\s*(?:год[а-я]*|гг?\.?))?(?:\s*-\s*(\d{4}))?/);
  if (!match) return null;
  const [, end, first, last] = match;
  const on = `${last ?? first}-12-31`;
  if (end) return understood(dueOf("not_later", { on }));
  return understood(dueOf("period", { from: `${first}-01-01`, on }), `${first}-01-01` > on && "backwards");
};

// Without an end of its own it ends with the round.
const always: Reader = (rest) => {
  const match = rest.take(/на постоянной основе|постоянно|непрерывно|(?:в течение|на протяжении|весь) (?:всего )?(?:периода?|год[а]?|учебного года|срока)(?: (?:реализации|действия)(?: [а-я]+){0,2})?/);
  return match && !/\d{4}/.test(rest.text) ? understood(dueOf("")) : null;
};

const READERS: readonly Reader[] = [bySchedule, fromEvent, recurring, ofAnotherYear, quarters, interval, oneDay, months, always, years];

// parties: who is responsible anywhere in the table, as the table writes them.
export function understandDue(source: string, parties: readonly string[]): Understood {
  const text = source.replace(/\n/g, " ").trim();
  const keep = (found: Understood): Understood => ({ due: { ...found.due, text }, doubts: [...new Set(found.doubts)] });
  if (text === "") return keep(understood(dueOf(""), "no_due"));
  // Marks of footnotes stand inside of dates too: «10 ноября 2020* года» (B20).
  const readable = plain(text).replace(/[*¹²³⁴⁵]/g, " ");
  for (const reader of READERS) {
    const rest = new Rest(readable);
    const found = reader(rest, text, parties);
    if (found) return keep(rest.isLeft ? understood(found.due, ...found.doubts, "words_left") : found);
  }
  return keep(understood(dueOf(""), "unknown_kind"));
}

const FIELDS: Record<DueKind, readonly (keyof Due)[]> = {
  "": [], by_executor: [], exact: ["on"], not_later: ["on"], period: ["from", "on"], by_schedule: ["owner"], relative_year: ["month", "day", "yearOffset"],
  quarter: ["quarter", "year", "yearOffset"], recurring: ["every", "day", "month", "until"],
};

// Without what was said of it while it was of another kind.
export const onlyOf = (due: Due): Due =>
  dueOf(due.kind, Object.fromEntries([...FIELDS[due.kind], "text", "footnote"].map((name) => [name, due[name as keyof Due]])) as Partial<Due>);

// What a due of this kind cannot be without.
export type DueGap = "on" | "from" | "owner" | "day" | "quarter" | "every";
export function gapsOf(due: Due): DueGap[] {
  const isDay = exists(0, due.month, due.day);
  switch (due.kind) {
    case "exact": case "not_later": return due.on ? [] : ["on"];
    case "period": return [...(due.from && due.from <= (due.on || "9999") ? [] : ["from" as const]), ...(due.on ? [] : ["on" as const])];
    case "by_schedule": return due.owner.trim() ? [] : ["owner"];
    case "relative_year": return isDay ? [] : ["day"];
    case "quarter": return due.quarter >= 1 && due.quarter <= 4 ? [] : ["quarter"];
    case "recurring": return !due.every ? ["every"] : due.every === "year" ? (isDay ? [] : ["day"]) : due.day >= 1 && due.day <= 31 ? [] : ["day"];
    default: return [];
  }
}
