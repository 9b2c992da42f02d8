// What exactly each of them still owes, shown before it goes out, and what became of each reminder (S2.62).
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply, type Full } from "../../api/client";
import { ProblemError } from "../../api/problem";
import type { components } from "../../api/schema";
import { Button, Checkbox } from "../../parts/controls";
import { formatDate, formatDateTime } from "../../parts/format";
import { Dialog, ErrorNotice, Loading } from "../../parts/surfaces";
import type { Reminder } from "./reminder";

type MissingOf = Full<components["schemas"]["MissingOf"]>;
type MissingItem = MissingOf["items"][number];

// As many as one question may name.
const AT_ONCE = 50;

async function readMissing(roundId: string, organisationIds: string[]): Promise<MissingOf[]> {
  const found: MissingOf[] = [];
  for (let at = 0; at < organisationIds.length; at += AT_ONCE) {
    const query = { roundId, organisationIds: organisationIds.slice(at, at + AT_ONCE) };
    found.push(...(await reply(api.GET("/api/v1/reports/missing", { params: { query } }))).organisations);
  }
  return found;
}

interface Refused { name: string; because: string; }
interface Progress { done: number; total: number; sent: number; refused: Refused[]; }
type Run = { stage: "asking" } | (Progress & { stage: "running" | "done" }) | (Progress & { stage: "interrupted"; error: unknown });

function useRemind(roundId: string) {
  const queries = useQueryClient();
  const [run, setRun] = useState<Run>({ stage: "asking" });
  const left = useRef<{ key: string; of: MissingOf; again: boolean }[]>([]);

  const goOn = async (from: Progress) => {
    const progress = { ...from, refused: [...from.refused] };
    for (; left.current.length > 0; left.current.shift(), progress.done++) {
      const { key, of, again } = left.current[0]!;
      setRun({ stage: "running", ...progress });
      try {
        await reply(api.POST("/api/v1/rounds/{roundId}/organisations/{organisationId}:remind", {
          params: { path: { roundId, organisationId: of.organisationId } }, headers: { "Idempotency-Key": key }, body: { items: of.items, again },
        }));
        progress.sent++;
      } catch (error) {
        if (!(error instanceof ProblemError) || error.status >= 500) return setRun({ stage: "interrupted", ...progress, error });
        progress.refused.push({ name: of.shortName, because: error.message });
      }
    }
    setRun({ stage: "done", ...progress });
    void queries.invalidateQueries({ queryKey: ["reminders", roundId] });
  };
  const start = (chosen: MissingOf[], again: boolean) => {
    left.current = chosen.map((of) => ({ key: crypto.randomUUID(), of, again }));
    void goOn({ done: 0, total: chosen.length, sent: 0, refused: [] });
  };
  return { run, start, goOn };
}

function ItemText({ item }: { item: MissingItem }) {
  const { t } = useTranslation("coordinator");
  const what = [item.sectionTitle, item.question].filter(Boolean).join(" — ");
  const more = [
    item.state === "not_started" ? "" : t(`reminder.state.${item.state as "returned"}`), item.dueOn && t("reminder.due", { day: formatDate(item.dueOn) }),
  ].filter(Boolean).join(", ");
  return <li>{what}{what && more && ". "}<span className="muted">{more}</span></li>;
}

function Owed({ of, last, zone, isAlone }: { of: MissingOf; last: Reminder | undefined; zone: string; isAlone: boolean }) {
  const { t } = useTranslation("coordinator");
  return (
    <details className="reminder-owed" open={isAlone}>
      <summary>
        <strong>{of.shortName}</strong> <span className="muted">{t("reminder.items", { count: of.items.length })}</span>
        {last?.today && <span className="reminder-today">{t("reminder.todayAt", { moment: formatDateTime(last.at, zone), name: last.authorName })}</span>}
      </summary>
      <ol>{of.items.map((item, index) => <ItemText key={index} item={item} />)}</ol>
    </details>
  );
}

interface AskingProps {
  found: MissingOf[];
  reminders: ReadonlyMap<string, Reminder>;
  zone: string;
  onClose: () => void;
  onSend: (chosen: MissingOf[], again: boolean) => void;
}

function Asking({ found, reminders, zone, onClose, onSend }: AskingProps) {
  const { t } = useTranslation(["coordinator", "common"]);
  const [again, setAgain] = useState(false);
  const owing = found.filter((of) => of.items.length > 0);
  const today = owing.filter((of) => reminders.get(of.organisationId)?.today);
  const chosen = again ? owing : owing.filter((of) => !today.includes(of));
  const clear = found.length - owing.length;
  return (
    <>
      <p>{owing.length > 0 ? t("reminder.intro") : t("reminder.nothing")}</p>
      <div className="reminder-list">
        {owing.map((of) => <Owed key={of.organisationId} of={of} last={reminders.get(of.organisationId)} zone={zone} isAlone={owing.length === 1} />)}
      </div>
      {clear > 0 && owing.length > 0 && <p className="muted">{t("reminder.clear", { count: clear })}</p>}
      {today.length > 0 && <Checkbox isSelected={again} onChange={setAgain}>{t("reminder.again", { count: today.length })}</Checkbox>}
      <div className="dialog-actions">
        <Button onPress={onClose}>{t("common:cancel")}</Button>
        {owing.length > 0 && (
          <Button kind="primary" icon="mail" isDisabled={chosen.length === 0} onPress={() => onSend(chosen, again)}>{t("reminder.send", { count: chosen.length })}</Button>
        )}
      </div>
    </>
  );
}

function Outcome({ run }: { run: Exclude<Run, { stage: "asking" }> }) {
  const { t } = useTranslation("coordinator");
  return (
    <div role="status">
      {run.stage !== "done" && <progress max={run.total} value={run.done} aria-label={t("reminder.sent", { count: run.sent })} />}
      <p>{t("reminder.sent", { count: run.sent })}</p>
      {run.refused.length > 0 && (
        <>
          <h3>{t("reminder.refused")}</h3>
          <ul>{run.refused.map((one) => <li key={one.name}>{one.because}</li>)}</ul>
        </>
      )}
    </div>
  );
}

interface DialogProps {
  roundId: string;
  zone: string;
  organisationIds: string[];
  reminders: ReadonlyMap<string, Reminder>;
  onClose: (isDone: boolean) => void;
}

export function ReminderDialog({ roundId, zone, organisationIds, reminders, onClose }: DialogProps) {
  const { t } = useTranslation(["coordinator", "common"]);
  const { run, start, goOn } = useRemind(roundId);
  const missing = useQuery({
    queryKey: ["missing", roundId, organisationIds], queryFn: () => readMissing(roundId, organisationIds), staleTime: 0, gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const close = () => onClose(run.stage === "done");
  return (
    <Dialog isOpen isWide title={t("reminder.title")} {...(run.stage === "running" ? {} : { onClose: close })}>
      {run.stage !== "asking" ? (
        <>
          {run.stage === "interrupted" && <ErrorNotice error={run.error} />}
          <Outcome run={run} />
          <div className="dialog-actions">
            {run.stage === "interrupted" && <Button kind="primary" onPress={() => void goOn(run)}>{t("reminder.goOn")}</Button>}
            {run.stage !== "running" && <Button kind={run.stage === "done" ? "primary" : "plain"} onPress={close}>{t("common:close")}</Button>}
          </div>
        </>
      ) : missing.data ? (
        <Asking found={missing.data} reminders={reminders} zone={zone} onClose={close} onSend={start} />
      ) : (
        <>
          {missing.error ? <ErrorNotice error={missing.error} onRetry={() => void missing.refetch()} /> : <Loading rows={4} />}
          <div className="dialog-actions"><Button onPress={close}>{t("common:cancel")}</Button></div>
        </>
      )}
    </Dialog>
  );
}
