// Days in the words of a document: «29 декабря 2023 года», «01.09.2024», «2024-09-01», «с 1 по 15 марта 2024».

export interface FoundDay {
  from: number;
  to: number;
  year: number; // 0: not said
  month: number;
  day: number;
  // «03/04/2024»: two readings.
  isAmbiguous: boolean;
  // «01.09.24»
  isShort: boolean;
}

const MONTHS = ["январ", "феврал", "март", "апрел", "ма[йяе]", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр"];
const SHORT = ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"];
export const MONTH = `(?:${MONTHS.map((month) => `${month}[а-я]{0,2}`).join("|")}|(?:${SHORT.join("|")}|сент|нояб|февр)\\.?)(?![а-я])`;

export function monthOf(word: string): number {
  const full = MONTHS.findIndex((month) => new RegExp(`^${month}`).test(word));
  return (full >= 0 ? full : SHORT.findIndex((month) => word.startsWith(month))) + 1;
}

// In small letters, «ё» as «е», every dash and space alike; as long as it was, so that places stay.
export const plain = (text: string) => text.toLowerCase().replace(/ё/g, "е").replace(/[‐‑‒–—−]/g, "-").replace(/\s/g, " ");

export const iso = (year: number, month: number, day: number) =>
  `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;

export const lastDayOf = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();

// Of a day without a year any year may be meant, a leap year too.
export const exists = (year: number, month: number, day: number) => month >= 1 && month <= 12 && day >= 1 && day <= lastDayOf(year || 2024, month);

const century = (year: string) => (year.length === 4 ? Number(year) : 2000 + Number(year));

const PATTERNS: { pattern: RegExp; read: (found: RegExpExecArray) => Omit<FoundDay, "from" | "to"> }[] = [
  {
    pattern: new RegExp(`(?<![\\d.])["«“]?(\\d{1,2})(?:-?(?:го|е|ое))?["»”]?\\s*(${MONTH})\\s*(?:(\\d{4})(?!\\d)|(\\d{2})(?=\\s*г))?`, "g"),
    read: ([, day, month, year, short]) => ({ year: year || short ? century((year ?? short)!) : 0, month: monthOf(month!), day: Number(day), isAmbiguous: false, isShort: Boolean(short) }),
  },
  {
    pattern: /(?<![\d.])(\d{4})-(\d{2})-(\d{2})(?!\d)/g,
    read: ([, year, month, day]) => ({ year: Number(year), month: Number(month), day: Number(day), isAmbiguous: false, isShort: false }),
  },
  {
    pattern: /(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})(?!\d)/g,
    read: ([, day, month, year]) => ({ year: century(year!), month: Number(month), day: Number(day), isAmbiguous: false, isShort: year!.length === 2 }),
  },
  {
    pattern: /(?<![\d.])(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})(?!\d)/g,
    read: ([, first, second, year]) => {
      const isSwapped = Number(second) > 12;
      return {
        year: century(year!), month: Number(isSwapped ? first : second), day: Number(isSwapped ? second : first),
        isAmbiguous: Number(first) <= 12 && Number(second) <= 12 && first !== second, isShort: year!.length === 2,
      };
    },
  },
  {
    pattern: /(?<![\d.])(\d{1,2})\.(\d{2})(?![\d.]*\d)/g,
    read: ([, day, month]) => ({ year: 0, month: Number(month), day: Number(day), isAmbiguous: false, isShort: false }),
  },
];

// In the order of the text; what one pattern has taken no other takes again.
export function findDays(text: string): FoundDay[] {
  const found: FoundDay[] = [];
  for (const { pattern, read } of PATTERNS)
    for (const match of text.matchAll(pattern)) {
      const from = match.index;
      const to = from + match[0].trimEnd().length;
      if (!found.some((one) => from < one.to && one.from < to)) found.push({ from, to, ...read(match as RegExpExecArray) });
    }
  return found.sort((one, other) => one.from - other.from);
}
