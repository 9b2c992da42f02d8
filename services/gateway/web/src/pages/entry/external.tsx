// Where the provider leads back to: what it has sent is handed to the server, and the address forgets it.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { api, reply } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { linkOffer, takeErrand, useProviderName, type Errand } from "../../api/provider";
import { session } from "../../api/session";
import { ButtonLink } from "../../parts/controls";
import { ErrorNotice, Loading, Notice } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { EntryFrame } from "./frame";
import { LoginForm } from "./login";

interface Arrival { errand: Errand | null; code: string; state: string; issuer: string; error: string; }

// Read once, however often the page is drawn.
let arrived: Arrival | null = null;

function arrival(): Arrival {
  if (!arrived || window.location.search) {
    const sent = new URLSearchParams(window.location.search);
    const of = (name: string) => sent.get(name) ?? "";
    arrived = { errand: takeErrand(), code: of("code"), state: of("state"), issuer: of("iss"), error: of("error") };
    window.history.replaceState(null, "", window.location.pathname);
  }
  return arrived;
}

function useArrival(came: Arrival) {
  const [, go] = useLocation();
  const queries = useQueryClient();
  const leave = (to: string) => {
    arrived = null;
    go(to, { replace: true });
  };
  const command = useCommand(
    async ({ errand, code, state, issuer }: Arrival, headers) => {
      const body = { code, state, issuer, browserSecret: errand!.secret };
      if (errand!.kind === "enter") return (await reply(api.POST("/api/v1/session:enterByProvider", { body, headers }))).account;
      await reply(api.POST("/api/v1/profile/provider:link", { body, headers }));
      return null;
    },
    {
      onDone: (account) => {
        linkOffer.forget();
        void queries.invalidateQueries({ queryKey: ["profile"] });
        if (account) session.enter(account);
        leave(came.errand!.back);
      },
      onFailed: (error) => {
        if (error instanceof ProblemError && error.code === "provider_not_linked") linkOffer.make();
      },
    },
  );
  const isBegun = useRef(false);
  useEffect(() => {
    if (isBegun.current || !came.errand || !came.code) return;
    isBegun.current = true;
    command.mutate(came);
  });
  return { command, leave };
}

function Refusal({ title, children }: { title?: string; children: ReactNode }) {
  const { t } = useTranslation("entry");
  return (
    <>
      <Notice tone="warning" {...(title ? { title } : {})}>{children}</Notice>
      <ButtonLink href="/" kind="primary">{t("toLogin")}</ButtonLink>
    </>
  );
}

export function ExternalEntry() {
  const { t } = useTranslation("entry");
  const came = arrival();
  const name = useProviderName();
  const { command, leave } = useArrival(came);
  const problem = command.error instanceof ProblemError ? command.error : null;
  let shown = <Loading rows={2} />;
  if (!came.errand || (!came.code && !came.error)) shown = <Refusal>{t("errandLost")}</Refusal>;
  else if (came.error) shown = <Refusal>{t(came.error === "access_denied" ? "enterCancelled" : "enterRefused", { name })}</Refusal>;
  else if (problem?.code === "provider_not_linked")
    shown = (
      <>
        <Notice tone="info" title={t("notLinkedTitle")}>{t("notLinked", { name })}</Notice>
        <LoginForm onEntered={() => leave("/")} />
      </>
    );
  else if (problem?.code.startsWith("provider_") || problem?.code === "account_closed") shown = <Refusal>{problem.message}</Refusal>;
  else if (command.error) shown = <ErrorNotice error={command.error} onRetry={() => command.mutate(came)} />;
  const title = t(came.errand?.kind === "link" ? "linkTitle" : problem?.code === "provider_not_linked" ? "title" : "enteringTitle");
  return <EntryFrame title={title}>{shown}</EntryFrame>;
}
