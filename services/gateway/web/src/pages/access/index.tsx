// Letters with access to accounts that were issued: who has got one, what came back, sending (S2.13).
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";
import { useParameter, useTyped } from "../../parts/address";
import { Button, SearchField, Select } from "../../parts/controls";
import { formatDateTime, formatNumber } from "../../parts/format";
import { Icon, type IconName } from "../../parts/icons";
import { ConfirmDialog, EmptyState, ErrorNotice, Loading, Notice, PageHead } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import "../../styles/messages.css";
import "../../styles/campaigns.css";

type Letter = Full<components["schemas"]["AccessLetter"]>;

const PAGE = 100;
const WATCH_MS = 2000;
const STATES = ["none", "no_address", "waiting", "retrying", "sending", "sent", "unconfirmed", "failed", "entered"] as const;
type State = (typeof STATES)[number];
const TONES: Record<State, string> = {
  none: "draft", no_address: "due", waiting: "draft", retrying: "due", sending: "in_review", sent: "accepted", unconfirmed: "due", failed: "rejected", entered: "closed",
};
const ICONS: Record<State, IconName> = {
  none: "mail", no_address: "help", waiting: "clock", retrying: "clock", sending: "send", sent: "check", unconfirmed: "help", failed: "cross", entered: "person",
};
const CAN_GET: string[] = ["none", "sent", "unconfirmed", "failed"];

function useLetters(state: string, search: string) {
  return useInfiniteQuery({
    queryKey: ["access", state, search],
    initialPageParam: "",
    queryFn: ({ pageParam }) => reply(api.GET("/api/v1/accessLetters", {
      params: { query: { limit: PAGE, ...(state !== "all" && { state }), ...(search && { query: search }), ...(pageParam && { afterLogin: pageParam }) } },
    })),
    getNextPageParam: (page) => (page.letters.length === PAGE ? page.letters.at(-1)!.login : undefined),
    placeholderData: (before) => before,
    staleTime: 0,
    refetchInterval: (query) => ((query.state.data?.pages[0]?.coming ?? 0) > 0 ? WATCH_MS : false),
  });
}

function Entry({ letter, isBusy, onSend }: { letter: Letter; isBusy: boolean; onSend: () => void }) {
  const { t } = useTranslation(["access", "common"]);
  const state = letter.state as State;
  return (
    <li className="message-entry">
      <div className="message-entry-body">
        <p className="campaign-address">
          <span><strong>{letter.login}</strong> {letter.address}</span>
          <span className={`state ${TONES[state]}`}><Icon name={ICONS[state]} size={16} />{t(`state.${state}`)}</span>
        </p>
        <p className="message-line"><span>{letter.organisationName}</span><span>{t(`common:role.${letter.role as "ROLE_RESPONDENT"}`)}</span></p>
        {letter.problem && <p className="campaign-problem">{t("serverSays")} <span lang="en">{letter.problem}</span></p>}
      </div>
      <div className="message-entry-end">
        {letter.at && <span className="muted nowrap">{formatDateTime(letter.at)}</span>}
        {CAN_GET.includes(state) && (
          <Button isSmall isDisabled={isBusy} onPress={onSend} aria-label={t("sendTo", { login: letter.login })}>{t(state === "none" ? "sendOne" : "sendAgain")}</Button>
        )}
      </div>
    </li>
  );
}

export function AccessPage() {
  const { t } = useTranslation(["access", "common"]);
  const queries = useQueryClient();
  const [state, setState] = useParameter("state", "all");
  const [search, setSearch] = useTyped("search");
  const [kept] = useParameter("search");
  const [isAsking, setAsking] = useState(false);
  const [written, setWritten] = useState(0);
  const list = useLetters(state, kept.trim());
  const first = list.data?.pages[0];
  const letters = list.data?.pages.flatMap((page) => page.letters) ?? [];
  const send = useCommand(
    (accountIds: string[], headers) => reply(api.POST("/api/v1/accessLetters:send", { body: { accountIds }, headers })),
    {
      onDone: (done, accountIds) => {
        void queries.invalidateQueries({ queryKey: ["access"] });
        setWritten(done.letters);
        // All: as many calls as it takes.
        if (accountIds.length === 0 && done.letters > 0 && done.withoutLetter > 0) return send.mutate([]);
        setAsking(false);
      },
    },
  );
  const waiting = first?.withoutLetter ?? 0;
  return (
    <div className="campaign">
      <PageHead title={t("title")} status={first && t("counts", { sent: formatNumber(first.sent), without: formatNumber(waiting), failed: formatNumber(first.failed), entered: formatNumber(first.entered) })}
        actions={waiting > 0 && <Button kind="primary" icon="send" onPress={() => setAsking(true)}>{t("sendAll", { count: waiting, formatted: formatNumber(waiting) })}</Button>} />
      <p className="hint">{t("about")}</p>
      {written > 0 && <Notice tone="good">{t("written", { count: written, formatted: formatNumber(written) })}</Notice>}
      {send.error && !isAsking ? <ErrorNotice error={send.error} /> : null}
      {first && first.withoutAddress > 0 && <Notice tone="warning">{t("without", { count: first.withoutAddress, formatted: formatNumber(first.withoutAddress) })}</Notice>}
      <div className="toolbar campaign-filters">
        <SearchField label={t("find")} value={search} onChange={setSearch} />
        <Select label={t("stateFilter")} isLabelHidden value={state} onChange={setState}
          choices={[{ id: "all", text: t("anyState") }, ...STATES.map((id) => ({ id, text: t(`state.${id}`) }))]} />
        {first && <span className="muted" role="status">{t("found", { count: first.total, formatted: formatNumber(first.total) })}</span>}
      </div>
      {list.isPending && <Loading rows={4} />}
      {list.error && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && letters.length === 0 && <EmptyState icon="mail">{t("noneFound")}</EmptyState>}
      {letters.length > 0 && (
        <ul className="message-list" aria-label={t("title")}>
          {letters.map((one) => <Entry key={one.accountId} letter={one} isBusy={send.isPending} onSend={() => send.mutate([one.accountId])} />)}
        </ul>
      )}
      {list.hasNextPage && <Button onPress={() => void list.fetchNextPage()} isDisabled={list.isFetchingNextPage}>{t("common:more")}</Button>}
      <ConfirmDialog isOpen={isAsking} onClose={() => setAsking(false)} title={t("sendAllTitle", { count: waiting, formatted: formatNumber(waiting) })} confirm={t("send")}
        isBusy={send.isPending} error={send.error} onConfirm={() => send.mutate([])}>
        <p>{t("consequence")}</p>
      </ConfirmDialog>
    </div>
  );
}
