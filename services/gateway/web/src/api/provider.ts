// Logging in with an account of another system: what this browser keeps while the person is over there.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, reply } from "./client";

export type Errand = { kind: "enter" | "link"; secret: string; back: string };

const ERRAND = "vekha.errand";
const OFFER = "vekha.offer";

// "" while it is not known, and when there is none.
export function useProviderName(isWanted = true): string {
  const { i18n } = useTranslation();
  const question = useQuery({
    queryKey: ["provider", i18n.language],
    enabled: isWanted,
    staleTime: 600_000,
    queryFn: () => reply(api.GET("/api/v1/session/provider")),
    throwOnError: false,
  });
  return (isWanted && question.data?.name) || "";
}

// Leaves the page. `back`: where to go on afterwards.
export async function goToProvider(kind: Errand["kind"], back: string, headers: { "Idempotency-Key": string }): Promise<void> {
  const begun = await reply(
    kind === "enter" ? api.POST("/api/v1/session:beginProviderEntry", { headers }) : api.POST("/api/v1/profile/provider:begin", { headers }),
  );
  sessionStorage.setItem(ERRAND, JSON.stringify({ kind, secret: begun.browserSecret, back } satisfies Errand));
  window.location.assign(begun.address);
}

// Once: the errand ends with it.
export function takeErrand(): Errand | null {
  const kept = sessionStorage.getItem(ERRAND);
  sessionStorage.removeItem(ERRAND);
  return kept ? (JSON.parse(kept) as Errand) : null;
}

// Who has proved an account there that nobody here knows is asked, once logged in, whether to link it.
export const linkOffer = {
  make: () => sessionStorage.setItem(OFFER, "1"),
  isMade: () => sessionStorage.getItem(OFFER) !== null,
  forget: () => sessionStorage.removeItem(OFFER),
};
