// A programme file out of the rows of a table and of what was decided beside it.
import type { paths } from "../api/schema";
import type { Due } from "./due";
import { evidenceOf, formOf } from "./parts";
import { gapsOfRow, sameTitle, type Row } from "./recognise";

export type ProgrammeFile = paths["/api/v1/programmes/{code}"]["put"]["requestBody"]["content"]["application/json"];
type Section = NonNullable<ProgrammeFile["sections"]>[number];
type Item = NonNullable<Section["items"]>[number];
type Participants = NonNullable<Item["participants"]>;

// Who a responsible party is in this system: nobody, one organisation, or all of a kind.
export type Who = { is: "undecided" } | { is: "outside" } | { is: "organisation"; code: string } | { is: "all_schools" } | { is: "all_authorities" };
export type Decisions = Record<string, Who>;

export interface Settings { title: string; zone: string; organisationCode: string; basis: string; year: number; }

export type Refusal = "undecided" | "nobody_inside" | "mixed" | "code_twice" | "gaps" | "not_before";
export interface RefusedRow { line: number; refusal: Refusal; party: string; }

// Only what is said: a version read back from the server names every field there is.
function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, said(part)] as const)
    .filter(([, part]) => !["", 0, false, null, undefined].includes(part as "") && !(Array.isArray(part) && part.length === 0)));
}

function fileDue({ year, ...due }: Due, ofYear: number): NonNullable<Section["due"]> {
  return { ...due, yearOffset: due.kind === "quarter" && year > 0 && ofYear > 0 ? year - ofYear : due.yearOffset };
}

function participantsOf(row: Row, decisions: Decisions): Participants | Refusal {
  const inside = row.parties.map((party) => decisions[party] ?? { is: "undecided" as const }).filter((who) => who.is !== "outside");
  if (inside.length === 0) return "nobody_inside";
  if (new Set(inside.map((who) => who.is)).size > 1) return "mixed";
  const kind = inside[0]!.is;
  if (kind !== "organisation") return { selector: kind };
  return { selector: "listed", codes: [...new Set(inside.flatMap((who) => (who.is === "organisation" ? [who.code] : [])))] };
}

export const codeOfRow = (row: Row, index: number) => `m${row.number.replace(/[^0-9]+/g, "-").replace(/^-+|-+$/g, "") || index + 1}`;

// Whose form it is, when the words say so: the organisation's code too, when it is one of the parties that are inside.
function itemForm(question: string, parties: readonly string[], decisions: Decisions): Item["form"] {
  const found = formOf(question, parties);
  if (!found?.owner) return undefined;
  const who = decisions[found.owner];
  return { owner: found.owner, ...(found.title && { title: found.title }), ...(who?.is === "organisation" && { organisationCode: who.code }) };
}

// An item that the table still asks with the same words stays as it was; what no table of an order says (numbers, tables
// of figures) stays too.
function itemsOf(row: Row, code: string, participants: Participants, before: Section | undefined, formAt: (question: string) => Item["form"]): Item[] {
  const known = new Map((before?.items ?? []).map((item) => [item.code, item]));
  const asked = row.results.map((question, index): Item => {
    const kept = known.get(`${code}-${index + 1}`);
    const fresh = { code: `${code}-${index + 1}`, question, valueKind: "documents", evidence: evidenceOf(question), participants };
    const form = formAt(question);
    // What was published of it meanwhile stays, too.
    const own = kept?.form && (!form || kept.form.owner === form.owner) ? kept.form : form;
    return { ...(kept?.question === question ? { ...kept, participants } : fresh), ...(own && { form: own }) };
  });
  const codes = new Set(asked.map((item) => item.code));
  return [...asked, ...(before?.items ?? []).filter((item) => item.valueKind !== "documents" && !codes.has(item.code))];
}

const bare = (number: string) => number.replace(/[\s.]+$/, "");

// Codes of the measures named as coming before, and the names of which no earlier row has the number.
function afterOf(rows: readonly Row[], codes: readonly string[], index: number): { known: string[]; unknown: string[] } {
  const numbers = rows.slice(0, index).map((row) => bare(row.number));
  const places = (rows[index]!.after ?? []).map((number) => ({ number, at: numbers.indexOf(bare(number)) }));
  return { known: [...new Set(places.filter(({ at }) => at >= 0).map(({ at }) => codes[at]!))], unknown: places.filter(({ at }) => at < 0).map(({ number }) => number) };
}

function refusalsOf(rows: readonly Row[], decisions: Decisions): RefusedRow[] {
  const codes = rows.map(codeOfRow);
  return rows.flatMap((row, index): RefusedRow[] => {
    const refuse = (refusal: Refusal, party = ""): RefusedRow[] => [{ line: row.lines[0]!, refusal, party }];
    if (gapsOfRow(row).length > 0) return refuse("gaps");
    if (codes.indexOf(codes[index]!) !== index) return refuse("code_twice");
    const undecided = row.parties.find((party) => (decisions[party]?.is ?? "undecided") === "undecided" || (decisions[party]?.is === "organisation" && !(decisions[party] as { code: string }).code));
    if (undecided !== undefined) return refuse("undecided", undecided);
    const { unknown } = afterOf(rows, codes, index);
    if (unknown.length > 0) return refuse("not_before", unknown.join(", "));
    const participants = participantsOf(row, decisions);
    return typeof participants === "string" ? refuse(participants) : [];
  });
}

// before: the version of this programme that counts now, when there is one: its act and its words stay.
export function programmeOf(rows: readonly Row[], decisions: Decisions, settings: Settings, before: ProgrammeFile | null): { file: ProgrammeFile; refused: RefusedRow[] } {
  const series = new Map<string, string[]>();
  const codes = rows.map(codeOfRow);
  rows.forEach((row, index) => series.set(sameTitle(row.title), [...(series.get(sameTitle(row.title)) ?? []), codes[index]!]));
  const parties = [...new Set(rows.flatMap((row) => row.parties))];
  const known = new Map((before?.sections ?? []).map((section) => [section.code, section]));
  const sections = rows.map((row, index): Section => {
    const code = codes[index]!;
    const kept = known.get(code);
    const participants = participantsOf(row, decisions);
    const together = series.get(sameTitle(row.title)) ?? [];
    const after = row.after ? afterOf(rows, codes, index).known : (kept?.dependsOn ?? []).filter((one) => codes.indexOf(one) >= 0 && codes.indexOf(one) < index);
    return {
      code, number: row.number, title: row.title, due: fileDue(row.due, settings.year),
      responsible: row.parties.map((title) => {
        const who = decisions[title];
        return who?.is === "organisation" ? { title, organisationCode: who.code } : { title };
      }),
      items: itemsOf(row, code, typeof participants === "string" ? { selector: "listed", codes: [] } : participants, kept, (question) => itemForm(question, parties, decisions)),
      ...(after.length > 0 && { dependsOn: after }),
      ...(together.length > 1 && { series: kept?.series || together[0]! }),
    };
  });
  const file = said({ ...before, code: "", title: settings.title, zone: settings.zone, organisationCode: settings.organisationCode, basis: settings.basis, sections, dryRun: false }) as ProgrammeFile;
  return { file, refused: refusalsOf(rows, decisions) };
}
