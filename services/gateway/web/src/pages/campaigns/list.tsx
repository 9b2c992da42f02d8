// Mailings of my territory, and a new one for a collection period (S2.3).
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { api, reply } from "../../api/client";
import { Button, Select } from "../../parts/controls";
import { formatDate, formatDateTime, formatNumber } from "../../parts/format";
import { EmptyState, ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { CampaignTag, Itself } from "./common";
import { putCampaign, type Campaign } from "./data";

const PAGE = 50;

function useCampaigns() {
  return useInfiniteQuery({
    queryKey: ["campaigns", "list"],
    initialPageParam: null as Campaign | null,
    queryFn: ({ pageParam }) => reply(api.GET("/api/v1/campaigns", {
      params: { query: { limit: PAGE, ...(pageParam && { beforeAt: pageParam.changedAt, beforeCampaignId: pageParam.campaignId }) } },
    })),
    getNextPageParam: (page) => (page.campaigns.length === PAGE ? page.campaigns.at(-1)! : undefined),
    staleTime: 0,
  });
}

function Begin() {
  const { t } = useTranslation("campaigns");
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [chosen, setChosen] = useState("");
  const rounds = useQuery({ queryKey: ["report-rounds"], queryFn: () => reply(api.GET("/api/v1/reports/rounds")) });
  const open = rounds.data?.rounds ?? [];
  const roundId = open.some((one) => one.roundId === chosen) ? chosen : open[0]?.roundId ?? "";
  const create = useCommand(
    (round: string, headers) => reply(api.POST("/api/v1/campaigns", { body: { roundId: round }, headers })),
    { onDone: (campaign) => { putCampaign(queries, campaign); go(`/campaigns/${campaign.campaignId}`); } },
  );
  if (rounds.error) return <ErrorNotice error={rounds.error} onRetry={() => void rounds.refetch()} />;
  if (rounds.data && open.length === 0) return <p className="hint">{t("noRounds")}</p>;
  return (
    <>
      <div className="campaign-begin">
        <Select label={t("round")} value={roundId} onChange={setChosen}
          choices={open.map((one) => ({ id: one.roundId, text: t("roundUntil", { name: one.name, day: formatDate(one.dueAt, one.zone) }) }))} />
        <Button kind="primary" icon="edit" isDisabled={!roundId || create.isPending} onPress={() => create.mutate(roundId)}>{t("create")}</Button>
      </div>
      {create.error ? <ErrorNotice error={create.error} /> : null}
    </>
  );
}

function Entry({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  const { letters, sent, unconfirmed, failed } = campaign.progress;
  return (
    <li className="message-entry">
      <div className="message-entry-body">
        <h2 className="message-subject"><Link href={`/campaigns/${campaign.campaignId}`}>{campaign.subject}</Link><CampaignTag campaign={campaign} /></h2>
        <p className="message-line">
          <Itself campaign={campaign} />
          <span>{campaign.roundName}</span>
          <span>{t("until", { day: formatDate(campaign.dueOn) })}</span>
          <span>{[campaign.authorOrganisationName, campaign.authorName].filter(Boolean).join(", ")}</span>
        </p>
      </div>
      <div className="message-entry-end">
        <span className="muted nowrap">{formatDateTime(campaign.sentAt || campaign.changedAt)}</span>
        {campaign.state !== "draft" && (
          <span>{t("sentOf", { sent: formatNumber(sent + unconfirmed), all: formatNumber(letters) })}{failed > 0 && ` ${t("cameBack", { count: failed, formatted: formatNumber(failed) })}`}</span>
        )}
      </div>
    </li>
  );
}

export function CampaignsPage() {
  const { t } = useTranslation(["campaigns", "common"]);
  const list = useCampaigns();
  const all = list.data?.pages.flatMap((page) => page.campaigns) ?? [];
  return (
    <div className="messages">
      <PageHead title={t("title")} status={t("about")} />
      <Begin />
      {list.isPending && <Loading rows={4} />}
      {list.error && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && all.length === 0 && <EmptyState icon="mail" title={t("emptyTitle")}>{t("empty")}</EmptyState>}
      {all.length > 0 && <ul className="message-list" aria-label={t("title")}>{all.map((one) => <Entry key={one.campaignId} campaign={one} />)}</ul>}
      {list.hasNextPage && <Button onPress={() => void list.fetchNextPage()} isDisabled={list.isFetchingNextPage}>{t("common:more")}</Button>}
    </div>
  );
}
