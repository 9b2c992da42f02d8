// A programme as a reference book: its file as it counts now, what differs between two files, and how one is changed.
import { useQuery } from "@tanstack/react-query";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";

export type Version = Full<components["schemas"]["ProgrammeVersion"]>;
export type Book = Version["file"];
export type Section = Book["sections"][number];
export type Item = Section["items"][number];
export type Versions = Full<components["schemas"]["ListProgrammeVersionsReply"]>["versions"];

const FRESH_MS = 60_000;

// A version never changes. `isFollowed`: what stands in its place is shown until the next one is here.
export const useVersion = (code: string, number: number, isFollowed = false) =>
  useQuery({
    placeholderData: (before: Version | undefined) => (isFollowed ? before : undefined),
    queryKey: ["programmes", code, "versions", number], enabled: code !== "" && number > 0, staleTime: Infinity,
    queryFn: () => reply(api.GET("/api/v1/programmes/{code}/versions/{number}", { params: { path: { code, number } } })),
  });

export const useVersions = (code: string) =>
  useQuery({
    queryKey: ["programmes", code, "versions"], enabled: code !== "", staleTime: FRESH_MS,
    queryFn: () => reply(api.GET("/api/v1/programmes/{code}/versions", { params: { path: { code } } })),
  });

export type Field =
  | "title" | "number" | "significance" | "demo" | "byChoice" | "due" | "responsible" | "dependsOn" | "series"
  | "question" | "secondQuestion" | "valueKind" | "unit" | "evidence" | "evidenceRequired" | "participants" | "decimals" | "stage" | "columns" | "form"
  | "shortTitle" | "helpContact" | "zone" | "reviewer" | "words" | "document" | "year" | "place";

export interface FieldChange { field: Field; was: string; is: string; }
export interface Change {
  key: string;
  act: "added" | "retired" | "changed" | "moved";
  of: "programme" | "section" | "item";
  name: string;
  fields: FieldChange[];
}

const PROGRAMME_FIELDS = ["title", "shortTitle", "year", "helpContact", "zone", "reviewer", "words", "document"] as const;
const SECTION_FIELDS = ["title", "number", "significance", "demo", "byChoice", "due", "responsible", "dependsOn", "series"] as const;
const ITEM_FIELDS = ["question", "secondQuestion", "valueKind", "unit", "evidence", "evidenceRequired", "participants", "decimals", "stage", "columns", "form", "demo", "due"] as const;

export type Form = NonNullable<Item["form"]>;
export const NO_FORM: Form = { title: "", owner: "", organisationCode: "", basis: "", address: "", documentId: "", fileName: "" };
const isForm = (value: unknown): value is Form => typeof value === "object" && value !== null && "organisationCode" in value && "address" in value;

// Nothing of it is left: there is no form.
export function withForm(item: Item, part: Partial<Form>): Item {
  const { form, ...bare } = item;
  const next = { ...NO_FORM, ...form, ...part };
  return (Object.values(next).some((text) => text !== "") ? { ...bare, form: next } : bare) as Item;
}

// "" for whatever is shown as changed without its words.
function textOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string" || typeof value === "number") return value === 0 ? "" : String(value);
  if (isForm(value)) return [value.owner, value.title, value.basis, value.fileName || value.documentId, value.address].filter(Boolean).join(", ");
  return Array.isArray(value) && value.every((one) => typeof one === "object" && one && "title" in one)
    ? value.map((one) => (one as { title: string }).title).join(" | ") : "";
}

function fieldChanges<Thing extends object>(was: Thing, is: Thing, fields: readonly (keyof Thing & Field)[]): FieldChange[] {
  return fields.filter((field) => JSON.stringify(was[field] ?? null) !== JSON.stringify(is[field] ?? null))
    .map((field) => ({ field, was: textOf(was[field]), is: textOf(is[field]) }));
}

const codesOf = (things: { code: string }[]) => things.map((thing) => thing.code);

// Whether those that both have stand in another order.
function isReordered(was: { code: string }[], is: { code: string }[]): boolean {
  const before = new Set(codesOf(was)), after = new Set(codesOf(is));
  return codesOf(was).filter((code) => after.has(code)).join("\n") !== codesOf(is).filter((code) => before.has(code)).join("\n");
}

export function differences(was: Book, is: Book): Change[] {
  const changes: Change[] = [];
  const about = fieldChanges(was, is, PROGRAMME_FIELDS);
  if (about.length > 0) changes.push({ key: "programme", act: "changed", of: "programme", name: is.title, fields: about });
  if (isReordered(was.sections, is.sections)) changes.push({ key: "order", act: "moved", of: "programme", name: is.title, fields: [] });
  const formerSections = new Map(was.sections.map((section) => [section.code, section]));
  const formerItems = new Map(was.sections.flatMap((section) => section.items.map((item) => [item.code, { item, section }] as const)));
  for (const section of is.sections) {
    const former = formerSections.get(section.code);
    const key = `section ${section.code}`;
    if (!former) changes.push({ key, act: "added", of: "section", name: section.title, fields: [] });
    else {
      const fields = fieldChanges(former, section, SECTION_FIELDS);
      if (fields.length > 0) changes.push({ key, act: "changed", of: "section", name: section.title, fields });
      if (isReordered(former.items, section.items)) changes.push({ key: `${key} order`, act: "moved", of: "section", name: section.title, fields: [] });
    }
    for (const item of section.items) changes.push(...itemChanges(section, item, formerItems.get(item.code)));
  }
  const keptSections = new Set(codesOf(is.sections)), keptItems = new Set(is.sections.flatMap((section) => codesOf(section.items)));
  for (const section of was.sections) {
    if (!keptSections.has(section.code)) changes.push({ key: `gone ${section.code}`, act: "retired", of: "section", name: section.title, fields: [] });
    for (const item of section.items)
      if (!keptItems.has(item.code)) changes.push({ key: `gone item ${item.code}`, act: "retired", of: "item", name: item.question, fields: [] });
  }
  return changes;
}

function itemChanges(section: Section, item: Item, former: { item: Item; section: Section } | undefined): Change[] {
  const base = { key: `item ${item.code}`, of: "item", name: item.question } as const;
  if (!former) return [{ ...base, act: "added", fields: [] }];
  const fields = fieldChanges(former.item, item, ITEM_FIELDS);
  if (former.section.code !== section.code) fields.push({ field: "place", was: former.section.title, is: section.title });
  return fields.length > 0 ? [{ ...base, act: "changed", fields }] : [];
}

const CODE_TAIL = 6;
const freshCode = (stem: string) => `${stem}-${crypto.randomUUID().replace(/-/g, "").slice(0, CODE_TAIL)}`;

export function moved<Thing>(things: Thing[], index: number, by: -1 | 1): Thing[] {
  const next = [...things];
  const [thing] = next.splice(index, 1);
  next.splice(index + by, 0, thing!);
  return next;
}

export const replaced = <Thing>(things: Thing[], index: number, thing: Thing): Thing[] => things.map((one, at) => (at === index ? thing : one));
export const without = <Thing>(things: Thing[], index: number): Thing[] => things.filter((_, at) => at !== index);

const PLAIN = { itemId: "", question: "", secondQuestion: "", unit: "", evidence: "", evidenceRequired: false, demo: true, decimals: 0, stage: "", columns: [] };

// Asked of the same organisations, and due in the same way, as what stands nearest to it.
export function freshItem(book: Book, section: Section, valueKind: "table" | "documents"): Item {
  const all = [...section.items, ...book.sections.flatMap((one) => one.items)];
  const model = all.find((item) => item.valueKind === valueKind) ?? all[0];
  const columns = valueKind === "table" ? (model?.valueKind === "table" ? model.columns : [{ title: "", kind: "" }]) : [];
  return {
    ...PLAIN, code: freshCode(section.code.slice(0, 50)), valueKind, columns,
    participants: model?.participants ?? { selector: "all_schools", codes: [], attribute: "" },
    ...(model?.due ? { due: model.due } : {}),
  } as Item;
}

export function freshSection(book: Book): Section {
  const model = book.sections.find((section) => section.byChoice) ?? book.sections[0];
  return {
    code: freshCode("section"), title: "", items: [], demo: true, number: "", byChoice: model?.byChoice ?? false, significance: "",
    responsible: [], dependsOn: [], series: "", ...(model?.due ? { due: model.due } : {}),
  } as unknown as Section;
}
