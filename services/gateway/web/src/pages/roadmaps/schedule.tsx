// The owner of a schedule has named a day, or moved it: entered with the reason, for everybody at once (S3.14).
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { isStale, ProblemError } from "../../api/problem";
import { Button, TextField } from "../../parts/controls";
import { formatDate } from "../../parts/format";
import { Dialog, ErrorNotice, Notice } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import type { ReportRound } from "../coordinator/round";
import { DayOffWarning } from "../shared/days-off";
import type { RoadmapSection } from "./roadmap";

const TRIES = 20;
const TRY_AGAIN_MS = 250;

interface Props {
  section: RoadmapSection;
  round: ReportRound;
  onClose: () => void;
  onDone: (section: RoadmapSection, day: string) => void;
}

export function ScheduleDialog({ section, round, onClose, onDone }: Props) {
  const { t } = useTranslation("roadmaps");
  const queries = useQueryClient();
  const [day, setDay] = useState(section.dueOn);
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState<{ day?: string; reason?: string }>({});
  const isMove = section.dueOn !== "";
  // The report hears of it as an event: asked until it has.
  const follow = async (named: string) => {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const map = await reply(api.GET("/api/v1/reports/roadmap", { params: { query: { roundId: round.roundId } } })).catch(() => null);
      if (map?.sections.some((one) => one.code === section.code && one.dueOn === named)) break;
      await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
    }
    await queries.invalidateQueries({ queryKey: ["report-roadmap"] });
  };
  const set = useCommand(
    ({ dueOn, why }: { dueOn: string; why: string }, headers) =>
      reply(api.POST("/api/v1/rounds/{roundId}/sections/{sectionCode}:schedule", {
        params: { path: { roundId: round.roundId, sectionCode: section.code } },
        body: { dueOn, reason: why, ...(isMove ? { previousOn: section.dueOn } : {}) }, headers,
      })),
    {
      onDone: (_, { dueOn }) => { void follow(dueOn); onDone(section, dueOn); },
      onFailed: (error) => { if (isStale(error)) void queries.invalidateQueries({ queryKey: ["report-roadmap"] }); },
    },
  );
  const problem = set.error instanceof ProblemError ? set.error : null;
  const send = () => {
    const found = {
      ...(day.length !== 10 ? { day: t("schedule.dayMissing") } : day === section.dueOn ? { day: t("schedule.daySame") } : {}),
      ...(!reason.trim() ? { reason: t("schedule.reasonMissing") } : {}),
    };
    setMissing(found);
    if (Object.keys(found).length === 0) set.mutate({ dueOn: day, why: reason.trim() });
  };
  const ofDay = missing.day ?? problem?.messageFor("dueOn") ?? problem?.messageFor("previousOn") ?? "";
  const ofReason = missing.reason ?? problem?.messageFor("reason") ?? "";
  return (
    <Dialog isOpen onClose={onClose} title={t(isMove ? "schedule.moveTitle" : "schedule.nameTitle")}>
      <p><strong>{[section.number, section.title].filter(Boolean).join(" ")}</strong></p>
      <p><q>{section.dueText}</q>{section.dueOwner && <span className="muted"> — {section.dueOwner}</span>}</p>
      {isMove && <p>{t("schedule.known", { day: formatDate(section.dueOn) })}</p>}
      <TextField label={t("schedule.day")} type="date" value={day} onChange={setDay} error={ofDay} isRequired />
      <DayOffWarning day={day} onTake={setDay} />
      <TextField label={t("schedule.reason")} hint={t("schedule.reasonHint")} value={reason} onChange={setReason} isMultiline maxLength={1000} error={ofReason} isRequired />
      <p className="muted">{t("schedule.consequence")}</p>
      {isStale(set.error) && <Notice tone="warning">{t("schedule.stale", { day: formatDate(section.dueOn) })}</Notice>}
      {set.error && !isStale(set.error) && !ofDay && !ofReason ? <ErrorNotice error={set.error} /> : null}
      <div className="dialog-actions">
        <Button onPress={onClose}>{t("cancel", { ns: "common" })}</Button>
        <Button kind="primary" onPress={send} isDisabled={set.isPending}>{t(isMove ? "schedule.moveDo" : "schedule.nameDo")}</Button>
      </div>
    </Dialog>
  );
}
