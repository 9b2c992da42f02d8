// When slices take themselves: every so many days, on a day of the month, or on days named one by one.
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { isStale, ProblemError } from "../../api/problem";
import { Button, RadioGroup, Select, TextField } from "../../parts/controls";
import { formatDate, todayIn } from "../../parts/format";
import { Dialog, ErrorNotice } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import type { ReportRound } from "../coordinator/round";
import { useSchedule, type Schedule } from "./data";

const KINDS = ["none", "every", "monthly", "days"] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => ({ id: String(hour), text: `${String(hour).padStart(2, "0")}:00` }));
const EVENING = 18;
const TWO_WEEKS = 14;

function Days({ days, onChange, error, least }: { days: string[]; onChange: (days: string[]) => void; error: string; least: string }) {
  const { t } = useTranslation("slices");
  const [day, setDay] = useState("");
  const add = () => {
    if (day && !days.includes(day)) onChange([...days, day].sort());
    setDay("");
  };
  return (
    <>
      <div className="slice-days">
        <TextField label={t("day")} type="date" value={day} onChange={setDay} min={least} error={error} />
        <Button icon="plus" isDisabled={!day} onPress={add}>{t("addDay")}</Button>
      </div>
      {days.length > 0 && (
        <ul className="slice-day-list">
          {days.map((one) => (
            <li key={one}>{formatDate(one)} <Button kind="quiet" isSmall icon="cross" aria-label={t("removeDay", { day: formatDate(one) })} onPress={() => onChange(days.filter((other) => other !== one))} /></li>
          ))}
        </ul>
      )}
    </>
  );
}

function Form({ known, round, report, onClose }: { known: Schedule; round: ReportRound; report: string; onClose: () => void }) {
  const { t } = useTranslation("slices");
  const { t: common } = useTranslation();
  const queries = useQueryClient();
  const isNew = known.version === 0;
  const [kind, setKind] = useState(isNew ? "every" : known.kind);
  const [everyDays, setEveryDays] = useState(String(known.everyDays || TWO_WEEKS));
  const [fromOn, setFromOn] = useState(known.fromOn || todayIn(round.zone));
  const [dayOfMonth, setDayOfMonth] = useState(String(known.dayOfMonth || 1));
  const [days, setDays] = useState<string[]>(known.days);
  const [hour, setHour] = useState(String(isNew ? EVENING : known.hour));
  const save = useCommand(
    (body: { kind: string; everyDays: number; fromOn: string; dayOfMonth: number; days: string[]; hour: number }, headers) =>
      reply(api.PUT("/api/v1/slice-schedules/{roundId}", {
        params: { path: { roundId: round.roundId }, header: { "If-Match": `"${known.version}"` } }, body: { ...body, report }, headers,
      })),
    {
      onDone: () => {
        void queries.invalidateQueries({ queryKey: ["slices", "schedule", round.roundId] });
        onClose();
      },
      onFailed: (error) => {
        if (isStale(error)) void queries.invalidateQueries({ queryKey: ["slices", "schedule", round.roundId] });
      },
    },
  );
  const problem = save.error instanceof ProblemError ? save.error : null;
  const number = (text: string) => (/^\d{1,3}$/.test(text.trim()) ? Number(text) : 0);
  const kinds = useMemo(() => KINDS.map((id) => ({ id, text: t(`kind.${id}`) })), [t]);
  const submit = () => save.mutate({
    kind, hour: Number(hour), fromOn: kind === "every" ? fromOn : "", everyDays: kind === "every" ? number(everyDays) : 0,
    dayOfMonth: kind === "monthly" ? number(dayOfMonth) : 0, days: kind === "days" ? days : [],
  });
  return (
    <>
      <RadioGroup label={t("kindLabel")} choices={kinds} value={kind} onChange={setKind} />
      {kind === "every" && (
        <div className="slice-fields">
          <TextField label={t("everyDays")} isNumber inputMode="numeric" value={everyDays} onChange={setEveryDays} maxLength={3} error={problem?.messageFor("everyDays") ?? ""} />
          <TextField label={t("fromOn")} type="date" value={fromOn} onChange={setFromOn} error={problem?.messageFor("fromOn") ?? ""} />
        </div>
      )}
      {kind === "monthly" && (
        <TextField label={t("dayOfMonth")} hint={t("dayOfMonthHint")} isNumber inputMode="numeric" value={dayOfMonth} onChange={setDayOfMonth} maxLength={2}
          error={problem?.messageFor("dayOfMonth") ?? ""} />
      )}
      {kind === "days" && <Days days={days} onChange={setDays} error={problem?.messageFor("days") ?? ""} least={todayIn(round.zone)} />}
      {kind !== "none" && <Select label={t("hour")} hint={t("hourHint")} choices={HOURS} value={hour} onChange={setHour} />}
      {save.error && !(problem && problem.violations.length > 0) ? <ErrorNotice error={save.error} /> : null}
      <div className="dialog-actions">
        <Button onPress={onClose}>{common("cancel")}</Button>
        <Button kind="primary" isDisabled={save.isPending} onPress={submit}>{t("save")}</Button>
      </div>
    </>
  );
}

export function ScheduleDialog({ round, report, onClose }: { round: ReportRound; report: string; onClose: () => void }) {
  const { t } = useTranslation("slices");
  const { data, error, refetch } = useSchedule(round.roundId, report);
  return (
    <Dialog isOpen onClose={onClose} title={t("scheduleTitle")}>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data && <Form key={data.version} known={data} round={round} report={report} onClose={onClose} />}
    </Dialog>
  );
}
