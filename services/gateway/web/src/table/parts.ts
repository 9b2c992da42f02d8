// What one cell says of several: responsible parties, numbered results, which evidence a result asks for and on whose form.
import { oneLine, tidy } from "./cells";
import { plain } from "./days";
import { partyNamed } from "./due";

export interface Party { title: string; isSaidOutside: boolean; }

const AGREED = /\(?\s*по согласованию\s*\)?/i;

// A comma parts two of them only before a capital letter: «Комитет общего, профессионального образования» is one.
export function splitParties(text: string): Party[] {
  return tidy(text).replace(/([а-яё,])\n(?=[а-яё])/g, "$1 ").split(/[;\n]|,\s*(?=[A-ZА-ЯЁ«"])/)
    .map((part) => part.replace(/^\s*(?:\d{1,2}[.)]|[-–—•*])\s*/, "").replace(/[,.]\s*$/, "").trim()).filter((part) => part !== "")
    .map((title) => ({ title: oneLine(title.replace(AGREED, " ")).replace(/\s+$/, "") || title, isSaidOutside: AGREED.test(title) }));
}

// «1. …; 2. …» in one cell: numbers that go up one by one, at the cell's start and after the end of what stands before.
function numberedAt(text: string): number[] {
  const places: number[] = [];
  for (const match of text.matchAll(/(^|[\s;])(\d{1,2})[.)]\s*(?=[^\d\s])/g)) {
    const at = match.index + match[1]!.length;
    if (Number(match[2]) === places.length + 1 && (places.length > 0 || text.slice(0, at).trim() === "")) places.push(at);
  }
  return places;
}

export interface Results { texts: string[]; isUnsure: boolean; }

export function splitResults(text: string): Results {
  const whole = tidy(text);
  if (whole === "") return { texts: [], isUnsure: false };
  const places = numberedAt(whole);
  if (places.length > 1)
    return { texts: places.map((from, index) => oneLine(whole.slice(from, places[index + 1]))), isUnsure: false };
  const lines = whole.split(/\n(?=\s*(?:[-–—•]\s*|[A-ZА-ЯЁ«"]))|;\s*(?=[A-ZА-ЯЁ«"])/).map((line) => oneLine(line).replace(/^[-–—•]\s*/, "")).filter(Boolean);
  return { texts: lines.length > 1 ? lines : [oneLine(whole)], isUnsure: lines.length > 1 };
}

const EVIDENCE: [RegExp, string][] = [
  [/^(?:по )?форм/, "Документ по форме"], [/письм/, "Письмо"], [/реестр/, "Реестр"], [/распорядительн[а-я]+ акт|распоряжени|приказ|постановлени/, "Распорядительный акт"],
  [/протокол/, "Протокол"], [/отчет/, "Отчёт"], [/договор|контракт|соглашени/, "Договор"], [/(?:^|\s)акт/, "Акт"], [/справк/, "Справка"], [/план/, "План"], [/график/, "График"],
];

// The slot that a result's document goes to (S3.16): named by the word that comes first in it.
export function evidenceOf(result: string): string {
  const words = plain(result).replace(/^\d{1,2}[.)]\s*/, "");
  const found = EVIDENCE.map(([pattern, name]) => ({ at: words.search(pattern), name })).filter((one) => one.at >= 0).sort((one, other) => one.at - other.at)[0];
  return found?.name ?? "Документ";
}

// owner: empty when the words do not say whose form it is.
export interface NamedForm { owner: string; title: string; }

const ON_FORM = /(?:^|[\s(])по\s+(?:[а-яё]+(?:ой|ей)\s+)?форм(?:е|ам)(?![а-яё])[,:]?\s*(?:(?:определ|утвержд|устан|разраб|рекоменд|предлаг|предостав|направл|довод)[а-яё]*\s+)?([^();.,]*)/i;
// What stands where an owner would, and is none: «согласно приложению», «№ 2».
const NO_OWNER = /^(?:согласно|в соответствии|соглас|прил|к\s|№|\d|настоящ|указан|ниже|таблиц)/i;

// «Реестр извещений (по форме Центра проектного сопровождения)» (S3.17): who has to issue the form, as the table's parties
// are called where it is one of them. null: no form is asked for.
export function formOf(result: string, parties: readonly string[]): NamedForm | null {
  const words = oneLine(result);
  const found = ON_FORM.exec(words);
  if (!found) return null;
  const after = found[1]!.trim().replace(/\s+(?:по|до|не позднее|в срок)\s.*$/, "");
  const owner = after === "" || NO_OWNER.test(after) ? "" : after.split(/\s+или\s+/).map((one) => partyNamed(one, parties) || one).join(" или ");
  const before = words.slice(0, found.index).replace(/^\d{1,2}[.)]\s*/, "").replace(/[\s,;:(]+$/, "");
  return { owner, title: before };
}
