// The decision about a day: set it, which activates, or move it, which takes a reason (S1.12, S1.13).
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { isStale, ProblemError } from "../../api/problem";
import { formatDate, todayIn } from "../../parts/format";
import { Button, TextField } from "../../parts/controls";
import { Dialog, ErrorNotice, Notice } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { DayOffWarning } from "../shared/days-off";
import { getPlan, putSection, type Plan } from "./data";

// A section, or an item with a day of its own.
export interface Dated { title: string; plannedOn: string; sectionCode?: string; assignmentId?: string; }

const REASON_MIN = 3;
const REASON_MAX = 1000;

function plannedOf(plan: Plan, dated: Dated): string {
  if (dated.sectionCode) return plan.sections.find((one) => one.sectionCode === dated.sectionCode)?.plannedOn ?? "";
  return plan.sections.flatMap((one) => one.dated).find((one) => one.assignmentId === dated.assignmentId)?.plannedOn ?? "";
}

export function DateDialog({ plan, dated, onClose, onDone }: { plan: Plan; dated: Dated; onClose: () => void; onDone: (text: string) => void }) {
  const { t } = useTranslation("plan");
  const { t: common } = useTranslation();
  const queries = useQueryClient();
  const [previous, setPrevious] = useState(dated.plannedOn);
  const [day, setDay] = useState(dated.plannedOn);
  const [reason, setReason] = useState("");
  const [isTried, setTried] = useState(false);
  const [isChangedElsewhere, setChangedElsewhere] = useState(false);
  const isMove = previous !== "";
  const today = todayIn(plan.zone);
  const latest = formatDate(plan.latestOn);
  const send = useCommand(
    (body: { plannedOn: string; previousOn: string; reason: string }, headers) => reply(dated.assignmentId
      ? api.POST("/api/v1/assignments/{assignmentId}:plan", { params: { path: { assignmentId: dated.assignmentId } }, headers, body })
      : api.POST("/api/v1/rounds/{roundId}/sections/{sectionCode}:plan", { params: { path: { roundId: plan.roundId, sectionCode: dated.sectionCode ?? "" } }, headers, body })),
    {
      onDone: (section) => {
        putSection(queries, plan.roundId, section);
        onDone(t(isMove ? "done.moved" : "done.activated"));
      },
      onFailed: (error) => {
        if (!isStale(error)) return;
        void getPlan(plan.roundId).then((fresh) => {
          queries.setQueryData(["plan", plan.roundId], fresh);
          setPrevious(plannedOf(fresh, dated));
          setChangedElsewhere(true);
        });
      },
    },
  );
  const problem = send.error instanceof ProblemError && !isStale(send.error) ? send.error : null;
  const dayError = () => {
    if (day === "") return t("dialog.empty");
    if (day < today) return t("dialog.past");
    if (day > plan.latestOn) return t("dialog.late", { latest });
    return day === previous ? t("dialog.same") : "";
  };
  const reasonError = () => (isMove && reason.trim().length < REASON_MIN ? t("dialog.noReason") : "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!dayError() && !reasonError()) send.mutate({ plannedOn: day, previousOn: previous, reason: reason.trim() });
  };
  const isNamed = problem?.violations.some((one) => one.field === "plannedOn" || one.field === "reason");
  return (
    <Dialog isOpen onClose={onClose} title={t(isMove ? "dialog.moveTitle" : "dialog.activateTitle")}>
      <p>{dated.title}</p>
      {isChangedElsewhere && <Notice tone="warning">{previous ? t("dialog.stale", { date: formatDate(previous) }) : t("dialog.staleNone")}</Notice>}
      <form className="form" noValidate onSubmit={submit}>
        <TextField type="date" label={t("dialog.day")} isRequired autoFocus value={day} onChange={setDay} min={today} max={plan.latestOn}
          hint={<>{isMove && <>{t("dialog.now", { date: formatDate(previous) })}. </>}{t("dialog.dayHint", { today: formatDate(today), latest })}</>}
          error={(isTried ? dayError() : "") || problem?.messageFor("plannedOn") || ""} />
        <DayOffWarning day={day} latest={plan.latestOn} onTake={setDay} />
        {isMove && (
          <TextField label={t("dialog.reason")} isRequired isMultiline rows={2} maxLength={REASON_MAX} value={reason} onChange={setReason} hint={t("dialog.reasonHint")}
            error={(isTried ? reasonError() : "") || problem?.messageFor("reason") || ""} />
        )}
        {!isMove && <p className="muted">{t("dialog.consequence")}</p>}
        {send.error && !isNamed && !isStale(send.error) ? <ErrorNotice error={send.error} /> : null}
        <div className="dialog-actions">
          <Button onPress={onClose}>{common("cancel")}</Button>
          <Button kind="primary" type="submit" isDisabled={send.isPending}>{t(isMove ? "dialog.move" : "dialog.activate")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
