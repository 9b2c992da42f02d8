// Programmes as everybody's pages ask for them: which there are, which one the address names, how it calls things.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";
import { useAccount } from "../../api/session";
import { useParameter } from "../../parts/address";

export type Programme = Full<components["schemas"]["Programme"]>;
export type ProgrammeEntry = Full<components["schemas"]["ProgrammeEntry"]>;
export type Round = Full<components["schemas"]["Round"]>;
export type WordKey = "section" | "sections" | "item" | "items" | "reviewer" | "accept" | "reject" | "respondent";

const FRESH_MS = 60_000;
const REPORTS_FRESH_MS = 300_000;
export const PARAMETER = "programme";

export const useProgrammes = () =>
  useQuery({ queryKey: ["programmes"], queryFn: () => reply(api.GET("/api/v1/programmes")) });

export const useProgramme = (code: string) =>
  useQuery({
    queryKey: ["programmes", code], enabled: code !== "",
    queryFn: () => reply(api.GET("/api/v1/programmes/{code}", { params: { path: { code } } })),
  });

// What the frame around the pages stands on is asked apart: a page that cannot load its own says so.
const useFrameProgrammes = () =>
  useQuery({ queryKey: ["frame", "programmes"], staleTime: FRESH_MS, queryFn: () => reply(api.GET("/api/v1/programmes")) });

// Only a respondent's list says in which of them its organisation is asked.
function useFrameRounds() {
  const isRespondent = useAccount().role === "ROLE_RESPONDENT";
  return useQuery({ queryKey: ["frame", "rounds"], enabled: isRespondent, staleTime: FRESH_MS, queryFn: () => reply(api.GET("/api/v1/rounds")) });
}

export const nameOf = (programme: { shortTitle: string; title: string }) => programme.shortTitle || programme.title;

// The programmes in which the respondent's organisation is asked now; nothing while that is not known.
export function useOwnProgrammes(): ProgrammeEntry[] {
  const rounds = useFrameRounds().data?.rounds ?? [];
  const programmes = useFrameProgrammes().data?.programmes ?? [];
  const codes = new Set(rounds.filter((round) => round.asksMe).map((round) => round.programmeCode));
  return programmes.filter((programme) => codes.has(programme.code));
}

// The programme that the head of every page names. Of a respondent's several the chooser beside it names one.
export function useHeadProgramme(): { isKnown: boolean; programme: ProgrammeEntry | undefined } {
  const isRespondent = useAccount().role === "ROLE_RESPONDENT";
  const [chosen] = useParameter(PARAMETER);
  const rounds = useFrameRounds(), programmes = useFrameProgrammes();
  const own = useOwnProgrammes();
  const list = isRespondent ? own : (programmes.data?.programmes ?? []);
  const named = isRespondent ? undefined : list.find((one) => one.code === chosen);
  const isKnown = !programmes.isPending && (!isRespondent || !rounds.isPending);
  return { isKnown, programme: named ?? (list.length === 1 ? list[0] : undefined) };
}

export type Offer = "plan" | "document" | "plans" | "roadmap" | "watched";

// What a round's reports can show, for those who read them.
function useReportRounds() {
  const isRespondent = useAccount().role === "ROLE_RESPONDENT";
  return useQuery({
    queryKey: ["offers"], enabled: !isRespondent, staleTime: REPORTS_FRESH_MS, queryFn: () => reply(api.GET("/api/v1/reports/rounds")),
  }).data?.rounds ?? [];
}

// Which rounds have road maps, as far as that is known.
export function useRoundsWithPlans(): ReadonlySet<string> {
  return new Set(useReportRounds().filter((round) => round.hasPlans).map((round) => round.roundId));
}

// What a round's programme is called in short, as far as that is known.
export function useProgrammeName(): (round: { programmeCode: string; programmeTitle: string }) => string {
  const programmes = useFrameProgrammes().data?.programmes ?? [];
  return ({ programmeCode, programmeTitle }) => programmes.find((one) => one.code === programmeCode)?.shortTitle || programmeTitle;
}

// Which of the pages that not every programme has there is something to see on.
export function useOffers(): ReadonlySet<Offer> {
  const reported = useReportRounds();
  const offers = new Set<Offer>();
  if (useFrameRounds().data?.rounds.some((round) => round.hasPlan)) offers.add("plan");
  if (useFrameProgrammes().data?.programmes.some((programme) => programme.hasDocument)) offers.add("document");
  if (reported.some((round) => round.hasPlans)) offers.add("plans");
  if (reported.some((round) => round.hasRoadmap)) offers.add("roadmap");
  if (reported.some((round) => round.hasPlans || round.hasRoadmap)) offers.add("watched");
  return offers;
}

// How a programme calls a thing, in the reader's language; "" when it has no word of its own for it.
export function useWord(programme: Pick<Programme, "words"> | undefined): (key: WordKey) => string {
  const { i18n } = useTranslation();
  return (key) => {
    const word = programme?.words.find((one) => one.key === key);
    return (i18n.language === "en" ? word?.english : word?.russian) ?? "";
  };
}
