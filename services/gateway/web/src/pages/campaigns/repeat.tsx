// Whether a mailing comes again with each next collection period of its programme, and whether it goes out by itself.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { Button, RadioGroup, Select } from "../../parts/controls";
import { ErrorNotice, useToast } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { putCampaign, type Campaign } from "./data";

const HOURS = Array.from({ length: 13 }, (_, at) => at + 8);
const FIRST_HOUR = 10;
const NEVER = "never";

export function Repeat({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  const queries = useQueryClient();
  const { toast, show } = useToast();
  const kept = campaign.repeatMode || NEVER;
  const [mode, setMode] = useState(kept);
  const [hour, setHour] = useState(campaign.repeatMode === "send" ? campaign.repeatHour : FIRST_HOUR);
  const save = useCommand(
    (_: { mode: string; hour: number }, headers) => reply(api.PUT("/api/v1/campaigns/{campaignId}/repeat", {
      params: { path: { campaignId: campaign.campaignId } }, headers, body: { mode: mode === NEVER ? "" : mode, hour },
    })),
    {
      onDone: (saved) => {
        putCampaign(queries, saved);
        show(t("repeat.saved"));
      },
    },
  );
  if (!campaign.mayRepeat) return null;
  const isSame = mode === kept && (mode !== "send" || hour === campaign.repeatHour);
  return (
    <section className="form campaign-repeat" aria-labelledby="campaign-repeat">
      <h2 id="campaign-repeat">{t("repeat.title")}</h2>
      <p className="muted">{t("repeat.about")} {campaign.repeatAuthorName && t("repeat.setBy", { name: campaign.repeatAuthorName })}</p>
      <RadioGroup label={t("repeat.mode")} value={mode} onChange={setMode}
        choices={[NEVER, "prepare", "send"].map((id) => ({ id, text: t(`repeat.${id as "never" | "prepare" | "send"}`) }))} />
      {mode === "send" && (
        <Select label={t("repeat.hour")} hint={t("repeat.hourHint")} value={String(hour)} onChange={(chosen) => setHour(Number(chosen))}
          choices={HOURS.map((one) => ({ id: String(one), text: `${one}:00` }))} />
      )}
      {save.error ? <ErrorNotice error={save.error} /> : null}
      <div className="message-acts">
        <Button isDisabled={save.isPending || isSame} onPress={() => save.mutate({ mode, hour })}>{t("repeat.save")}</Button>
      </div>
      {toast}
    </section>
  );
}
