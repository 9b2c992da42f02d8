// What the pages of mailings ask and keep.
import { useQuery, type QueryClient } from "@tanstack/react-query";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";

export type Campaign = Full<components["schemas"]["Campaign"]>;
export type Letter = Full<components["schemas"]["CampaignLetter"]>;
export type Counts = Campaign["progress"];

export const LETTER_STATES = ["waiting", "retrying", "sending", "sent", "unconfirmed", "failed", "stopped"] as const;
export type LetterState = (typeof LETTER_STATES)[number];

const WATCH_MS = 1000;

export const keyOf = (campaignId: string) => ["campaigns", "one", campaignId];

// Of these letters something is still to come.
export const isMoving = (campaign: Campaign) =>
  campaign.state !== "draft" && campaign.progress.waiting + campaign.progress.sending + (campaign.state === "sending" ? campaign.progress.retrying : 0) > 0;

export function useCampaign(campaignId: string) {
  return useQuery({
    queryKey: keyOf(campaignId),
    queryFn: () => reply(api.GET("/api/v1/campaigns/{campaignId}", { params: { path: { campaignId } } })),
    refetchInterval: (query) => (query.state.data && isMoving(query.state.data) ? WATCH_MS : false),
  });
}

// What a command answered is what there is; lists, letters and the audience are asked anew.
export function putCampaign(queries: QueryClient, campaign: Campaign): void {
  queries.setQueryData(keyOf(campaign.campaignId), campaign);
  void queries.invalidateQueries({ queryKey: ["campaigns", "list"] });
  void queries.invalidateQueries({ queryKey: ["campaigns", "letters", campaign.campaignId] });
}
