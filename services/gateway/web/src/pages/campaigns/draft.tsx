// A draft: its words and territory, the table and the letter as they would go out, and to whom.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { api, ifMatch, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";
import { ProblemError } from "../../api/problem";
import { Button, TextField } from "../../parts/controls";
import { formatDate, formatNumber } from "../../parts/format";
import { ConfirmDialog, ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { Units } from "../messages/units";
import { CampaignTable, CampaignTag, Itself } from "./common";
import { putCampaign, type Campaign } from "./data";
import { Repeat } from "./repeat";

type Audience = Full<components["schemas"]["CampaignAudience"]>;
interface Wish { subject: string; words: string; organisationIds: string[]; }

function useAudience({ campaignId, version }: Campaign) {
  return useQuery({
    queryKey: ["campaigns", "audience", campaignId, version],
    staleTime: 0,
    queryFn: () => reply(api.GET("/api/v1/campaigns/{campaignId}/audience", { params: { path: { campaignId } } })),
  });
}

function Reached({ audience }: { audience: Audience }) {
  const { t } = useTranslation("campaigns");
  const missing = audience.organisationsWithoutAddress;
  return (
    <>
      <p>{t("addresses", { count: audience.addresses, formatted: formatNumber(audience.addresses) })} {t("ofOrganisations", { count: audience.organisations, formatted: formatNumber(audience.organisations) })}</p>
      {missing > 0 && (
        <details className="campaign-missing">
          <summary>{t("without", { count: missing, formatted: formatNumber(missing) })}</summary>
          <ul>{audience.withoutAddress.map((one) => <li key={one.organisationId}>{one.name}{one.municipalityName && ` — ${one.municipalityName}`}</li>)}</ul>
          {missing > audience.withoutAddress.length && <p>{t("andMore", { formatted: formatNumber(missing - audience.withoutAddress.length) })}</p>}
        </details>
      )}
      {audience.territories.length > 1 && (
        <details className="campaign-missing">
          <summary>{t("byTerritory")}</summary>
          <table className="campaign-table">
            <thead><tr><th scope="col">{t("territory")}</th><th scope="col">{t("organisations")}</th><th scope="col">{t("addressCount")}</th></tr></thead>
            <tbody>
              {audience.territories.map((one) => (
                <tr key={one.municipalityId}>
                  <th scope="row">{one.name || t("wholeRegion")}</th>
                  <td className="number">{formatNumber(one.organisations)}</td><td className="number">{formatNumber(one.addresses)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </>
  );
}

function Drop({ campaignId }: { campaignId: string }) {
  const { t } = useTranslation("campaigns");
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [isAsking, setAsking] = useState(false);
  const drop = useCommand(
    (id: string, headers) => reply(api.DELETE("/api/v1/campaigns/{campaignId}", { params: { path: { campaignId: id } }, headers })),
    {
      onDone: () => {
        void queries.invalidateQueries({ queryKey: ["campaigns", "list"] });
        go("/campaigns");
      },
    },
  );
  return (
    <>
      <Button kind="quiet" icon="trash" onPress={() => setAsking(true)}>{t("drop")}</Button>
      <ConfirmDialog isOpen={isAsking} onClose={() => setAsking(false)} title={t("dropTitle")} confirm={t("drop")} isDanger isBusy={drop.isPending}
        error={drop.error} onConfirm={() => drop.mutate(campaignId)}>
        <p>{t("dropConsequence")}</p>
      </ConfirmDialog>
    </>
  );
}

function Send({ campaign, onClose }: { campaign: Campaign; onClose: () => void }) {
  const { t } = useTranslation("campaigns");
  const queries = useQueryClient();
  const audience = useAudience(campaign);
  const send = useCommand(
    (version: number, headers) => reply(api.POST("/api/v1/campaigns/{campaignId}:send", {
      params: { path: { campaignId: campaign.campaignId }, header: ifMatch(version) }, headers,
    })),
    { onDone: (sent) => putCampaign(queries, sent) },
  );
  const count = audience.data?.addresses ?? 0;
  return (
    <ConfirmDialog isOpen onClose={onClose} title={t("sendTitle", { count, formatted: formatNumber(count) })} confirm={t("send")}
      isBusy={send.isPending || count === 0} error={send.error} onConfirm={() => send.mutate(campaign.version)}>
      {audience.isPending && <Loading rows={2} />}
      {audience.error ? <ErrorNotice error={audience.error} onRetry={() => void audience.refetch()} /> : null}
      {audience.data && <Reached audience={audience.data} />}
      <p>{t("sendConsequence")}</p>
    </ConfirmDialog>
  );
}

export function Draft({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  const queries = useQueryClient();
  const [wish, setWish] = useState<Wish>({ subject: campaign.subject, words: campaign.words, organisationIds: campaign.organisationIds });
  const [isSending, setSending] = useState(false);
  const audience = useAudience(campaign);
  const save = useCommand(
    (body: Wish & { version: number }, headers) => reply(api.PUT("/api/v1/campaigns/{campaignId}", {
      params: { path: { campaignId: campaign.campaignId }, header: ifMatch(body.version) }, headers,
      body: { subject: body.subject, words: body.words, organisationIds: body.organisationIds },
    })),
    { onDone: (saved) => putCampaign(queries, saved) },
  );
  const problem = save.error instanceof ProblemError ? save.error : null;
  const errorOf = (field: string) => problem?.messageFor(field) ?? "";
  const keep = async () => {
    try {
      await save.mutateAsync({ ...wish, version: campaign.version });
      return true;
    } catch {
      return false;
    }
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await keep()) setSending(true);
  };
  return (
    <div className="campaign">
      <PageHead title={t("draftTitle")} status={<><CampaignTag campaign={campaign} /><Itself campaign={campaign} /><span>{campaign.roundName}, {t("until", { day: formatDate(campaign.dueOn) })}</span></>} />
      <form className="form message-compose" noValidate onSubmit={(event) => void submit(event)}>
        <TextField label={t("subject")} isRequired maxLength={200} value={wish.subject} onChange={(subject) => setWish({ ...wish, subject })} error={errorOf("subject")} />
        <TextField label={t("words")} hint={t("wordsHint")} isMultiline rows={4} maxLength={5000} value={wish.words} onChange={(words) => setWish({ ...wish, words })} error={errorOf("words")} />
        <Units chosen={wish.organisationIds} onChange={(organisationIds) => setWish({ ...wish, organisationIds })} error={errorOf("organisationIds")} />
        {save.error && !(problem && problem.violations.length > 0) ? <ErrorNotice error={save.error} /> : null}
        <div className="message-acts">
          <Button kind="primary" type="submit" icon="send" isDisabled={save.isPending}>{t("checkAndSend")}</Button>
          <Button isDisabled={save.isPending} onPress={() => void keep()}>{t("save")}</Button>
          <Drop campaignId={campaign.campaignId} />
        </div>
      </form>
      <h2>{t("toWhom")}</h2>
      {audience.isPending && <Loading rows={2} />}
      {audience.error && <ErrorNotice error={audience.error} onRetry={() => void audience.refetch()} />}
      {audience.data && <Reached audience={audience.data} />}
      <h2>{t("what", { day: formatDate(campaign.dueOn) })}</h2>
      <CampaignTable campaign={campaign} />
      <h2>{t("letterPreview")}</h2>
      <div className="campaign-letter message-text">{campaign.text}</div>
      <Repeat campaign={campaign} />
      {isSending && <Send campaign={campaign} onClose={() => setSending(false)} />}
    </div>
  );
}
