// What several of the administrator's pages ask the server for.
import { useQuery } from "@tanstack/react-query";
import type { components } from "../../api/schema";
import { api, reply, type Full } from "../../api/client";

export type Round = Full<components["schemas"]["Round"]>;
export type Programme = Full<components["schemas"]["Programme"]>;
export type Item = Full<components["schemas"]["Item"]>;
export type Organisation = Full<components["schemas"]["Organisation"]>;
export type Account = Full<components["schemas"]["Account"]>;
export type IssuedAccount = Full<components["schemas"]["IssuedAccount"]>;
export type Role = Account["role"];

export const KINDS = ["federation", "region", "municipality", "authority", "school", "superior", "other"] as const;
export type OrganisationKind = (typeof KINDS)[number];
export const ROLES = ["ROLE_RESPONDENT", "ROLE_OPERATOR", "ROLE_COORDINATOR", "ROLE_CURATOR", "ROLE_ADMINISTRATOR"] as const;

const PAGE = 1000;

export function useRounds() {
  return useQuery({ queryKey: ["rounds", "all"], queryFn: () => reply(api.GET("/api/v1/rounds")) });
}

export function useRound(roundId: string) {
  return useQuery({
    queryKey: ["rounds", "one", roundId],
    enabled: roundId !== "",
    staleTime: 0,
    queryFn: () => reply(api.GET("/api/v1/rounds/{roundId}", { params: { path: { roundId } } })),
  });
}

export interface OrganisationQuestion { asOf: string; kind: string; below: string; query: string; }

// All pages, one after the other: a region has a few thousand, and the table needs them all to sort and count.
async function readOrganisations({ asOf, kind, below, query }: OrganisationQuestion): Promise<Organisation[]> {
  const all: Organisation[] = [];
  for (;;) {
    const afterPath = all.at(-1)?.path;
    const page = await reply(api.GET("/api/v1/organisations", {
      params: {
        query: {
          limit: PAGE,
          ...(asOf && { asOf }), ...(kind && { kind }), ...(below && { belowPath: below }), ...(query && { query }),
          ...(afterPath && { afterPath }),
        },
      },
    }));
    all.push(...page.organisations);
    if (page.organisations.length < PAGE) return all;
  }
}

export function useOrganisations(question: OrganisationQuestion, isEnabled = true) {
  return useQuery({
    queryKey: ["organisations", "list", question],
    enabled: isEnabled,
    placeholderData: (before) => before,
    queryFn: () => readOrganisations(question),
  });
}
