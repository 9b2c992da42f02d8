// Programmes as everybody's pages ask for them: what there is to see of them, how each calls things.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";
import { useAccount } from "../../api/session";

export type Programme = Full<components["schemas"]["Programme"]>;
export type WordKey = "section" | "sections" | "item" | "items" | "reviewer" | "accept" | "reject" | "respondent";

const FRESH_MS = 300_000;

export const useProgramme = (code: string) =>
  useQuery({
    queryKey: ["programmes", code], enabled: code !== "", staleTime: FRESH_MS,
    queryFn: () => reply(api.GET("/api/v1/programmes/{code}", { params: { path: { code } } })),
  });

// How a programme calls a thing, in the reader's language; "" when it has no word of its own for it.
export function useWord(programme: Pick<Programme, "words"> | undefined): (key: WordKey) => string {
  const { i18n } = useTranslation();
  return (key) => {
    const word = programme?.words.find((one) => one.key === key);
    return (i18n.language === "en" ? word?.english : word?.russian) ?? "";
  };
}

export type Offer = "plans" | "roadmap" | "watched";

// Which of the pages that not every programme has there is something to see on.
export function useOffers(): ReadonlySet<Offer> {
  const isRespondent = useAccount().role === "ROLE_RESPONDENT";
  // Not the pages' own question: each of them tells of its trouble when it asks.
  const rounds = useQuery({
    queryKey: ["offers"], enabled: !isRespondent, staleTime: FRESH_MS, queryFn: () => reply(api.GET("/api/v1/reports/rounds")),
  }).data?.rounds ?? [];
  const offers = new Set<Offer>();
  if (rounds.some((round) => round.hasPlans)) offers.add("plans");
  if (rounds.some((round) => round.hasRoadmap)) offers.add("roadmap");
  if (rounds.some((round) => round.hasPlans || round.hasRoadmap)) offers.add("watched");
  return offers;
}
