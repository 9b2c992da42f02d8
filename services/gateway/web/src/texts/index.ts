// Russian first, English by choice; the chosen language is kept on this computer and loaded alone.
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { ruTexts } from "./ru";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: typeof ruTexts & { [Area in LaterArea]: Awaited<ReturnType<(typeof LATER)["ru"][Area]>>["default"] };
  }
}

export type Language = "ru" | "en";

// Areas that come with their pages, not with the first one.
const LATER = {
  ru: {
    access: () => import("./ru/access"),
    book: () => import("./ru/book"),
    calendar: () => import("./ru/calendar"),
    campaigns: () => import("./ru/campaigns"),
    document: () => import("./ru/document"),
    feed: () => import("./ru/feed"),
    files: () => import("./ru/files"),
    forecast: () => import("./ru/forecast"),
    form: () => import("./ru/form"),
    help: () => import("./ru/help"),
    messages: () => import("./ru/messages"),
    plan: () => import("./ru/plan"),
    roadmaps: () => import("./ru/roadmaps"),
    slices: () => import("./ru/slices"),
    table: () => import("./ru/table"),
    wall: () => import("./ru/wall"),
  },
  en: {
    access: () => import("./en/access"),
    book: () => import("./en/book"),
    calendar: () => import("./en/calendar"),
    campaigns: () => import("./en/campaigns"),
    document: () => import("./en/document"),
    feed: () => import("./en/feed"),
    files: () => import("./en/files"),
    forecast: () => import("./en/forecast"),
    form: () => import("./en/form"),
    help: () => import("./en/help"),
    messages: () => import("./en/messages"),
    plan: () => import("./en/plan"),
    roadmaps: () => import("./en/roadmaps"),
    slices: () => import("./en/slices"),
    table: () => import("./en/table"),
    wall: () => import("./en/wall"),
  },
} as const;
type LaterArea = keyof (typeof LATER)["ru"];
const used = new Set<LaterArea>();

const KEY = "vekha.language";

function chosenLanguage(): Language {
  const kept = localStorage.getItem(KEY);
  return kept === "en" || kept === "ru" ? kept : "ru";
}

const load = (language: Language) =>
  language === "ru" ? import("./ru").then((texts) => texts.ruTexts) : import("./en").then((texts) => texts.enTexts);

async function addArea(language: Language, area: LaterArea): Promise<void> {
  i18next.addResourceBundle(language, area, (await LATER[language][area]()).default, true, true);
}

// What a page shows together with the texts that only it needs.
export async function withTexts<Module>(area: LaterArea, page: Promise<Module>): Promise<Module> {
  used.add(area);
  await addArea(i18next.language as Language, area);
  return page;
}

export async function startTexts(): Promise<void> {
  const language = chosenLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: "common",
    interpolation: { escapeValue: false },
    resources: { [language]: await load(language) },
    returnNull: false,
    showSupportNotice: false,
  });
  document.documentElement.lang = language;
}

// Logging out empties this browser's storage; the language is the reader's and stays.
export function keepLanguage(): void {
  localStorage.setItem(KEY, i18next.language);
}

export async function chooseLanguage(language: Language): Promise<void> {
  const texts = await load(language);
  for (const [area, bundle] of Object.entries(texts)) i18next.addResourceBundle(language, area, bundle, true, true);
  await Promise.all([...used].map((area) => addArea(language, area)));
  localStorage.setItem(KEY, language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}
