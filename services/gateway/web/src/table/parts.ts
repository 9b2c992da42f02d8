// What one cell says of several: responsible parties, numbered results, and which evidence a result asks for.
import { oneLine, tidy } from "./cells";
import { plain } from "./days";

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
