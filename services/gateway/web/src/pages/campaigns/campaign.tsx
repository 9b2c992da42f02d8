// One mailing: a draft is written here, a mailing that was sent is watched here.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "wouter";
import { api, reply } from "../../api/client";
import { Button } from "../../parts/controls";
import { formatDate, formatDateTime, formatNumber } from "../../parts/format";
import { ConfirmDialog, ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { CampaignTable, CampaignTag, Sending } from "./common";
import { putCampaign, useCampaign, type Campaign } from "./data";
import { Draft } from "./draft";
import { Letters } from "./letters";
import { Repeat } from "./repeat";

type Act = "stop" | "resume" | "retry" | "retryUnconfirmed";

function useAct(campaignId: string) {
  const queries = useQueryClient();
  const params = { path: { campaignId } };
  return useCommand(
    (act: Act, headers) => {
      if (act === "stop") return reply(api.POST("/api/v1/campaigns/{campaignId}:stop", { params, headers }));
      if (act === "resume") return reply(api.POST("/api/v1/campaigns/{campaignId}:resume", { params, headers }));
      return reply(api.POST("/api/v1/campaigns/{campaignId}:retry", { params, headers, body: { includeUnconfirmed: act === "retryUnconfirmed" } }));
    },
    { onDone: (campaign) => putCampaign(queries, campaign) },
  );
}

function Acts({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  const act = useAct(campaign.campaignId);
  const [isAsking, setAsking] = useState(false);
  const { waiting, sending, retrying, failed, unconfirmed } = campaign.progress;
  const isSending = campaign.state === "sending";
  const mayStop = isSending && waiting + sending + retrying > 0;
  if (!mayStop && isSending && failed + unconfirmed === 0) return null;
  return (
    <>
      <div className="message-acts">
        {mayStop && <Button icon="lock" isDisabled={act.isPending} onPress={() => act.mutate("stop")}>{t("stop")}</Button>}
        {campaign.state === "stopped" && <Button kind="primary" icon="send" isDisabled={act.isPending} onPress={() => act.mutate("resume")}>{t("resume")}</Button>}
        {isSending && failed + retrying > 0 && (
          <Button isDisabled={act.isPending} onPress={() => act.mutate("retry")}>{t("retry", { count: failed + retrying, formatted: formatNumber(failed + retrying) })}</Button>
        )}
        {isSending && unconfirmed > 0 && (
          <Button isDisabled={act.isPending} onPress={() => setAsking(true)}>{t("retryUnconfirmed", { count: unconfirmed, formatted: formatNumber(unconfirmed) })}</Button>
        )}
      </div>
      {act.error && !isAsking ? <ErrorNotice error={act.error} /> : null}
      <ConfirmDialog isOpen={isAsking} onClose={() => setAsking(false)} title={t("unconfirmedTitle")} confirm={t("sendAgain")} isBusy={act.isPending}
        error={act.error} onConfirm={() => act.mutate("retryUnconfirmed", { onSuccess: () => setAsking(false) })}>
        <p>{t("unconfirmedConsequence")}</p>
      </ConfirmDialog>
    </>
  );
}

function Sent({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  return (
    <div className="campaign">
      <PageHead title={campaign.subject} status={<><CampaignTag campaign={campaign} /><span>{t("sentBy", { moment: formatDateTime(campaign.sentAt), name: campaign.authorName })}</span></>} />
      <Sending campaign={campaign} />
      <Acts campaign={campaign} />
      <h2>{t("what", { day: formatDate(campaign.dueOn) })}</h2>
      <CampaignTable campaign={campaign} />
      <details className="campaign-letter"><summary>{t("letterText")}</summary><p className="message-text">{campaign.text}</p></details>
      <Repeat campaign={campaign} />
      <Letters campaign={campaign} />
    </div>
  );
}

export function CampaignPage() {
  const { t } = useTranslation("campaigns");
  const { campaignId = "" } = useParams<{ campaignId: string }>();
  const query = useCampaign(campaignId);
  if (query.data?.state === "draft") return <Draft key={campaignId} campaign={query.data} />;
  if (query.data) return <Sent campaign={query.data} />;
  return (
    <>
      <PageHead title={t("title")} />
      {query.isPending && <Loading />}
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
    </>
  );
}
