// Accepting many at once: what is selected, a summary before it happens, and what became of each.
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { Button, Checkbox } from "../../parts/controls";
import { Icon } from "../../parts/icons";
import { Dialog, ErrorNotice } from "../../parts/surfaces";
import { dropEntries, type QueueEntry } from "./queue-data";
import { changeOf, shortValueText } from "./value";

const PIECE = 200;
const NAMED_MAX = 8;

interface Refused { entry: QueueEntry; because: string; }
type Run =
  | { stage: "asking" }
  | { stage: "running" | "done"; done: number; accepted: number; total: number; refused: Refused[] }
  | { stage: "interrupted"; done: number; accepted: number; total: number; refused: Refused[]; error: unknown };

const isMine = (entry: QueueEntry) => entry.state === "waiting" || entry.openedByMe;
const isLarge = (entry: QueueEntry) => changeOf(entry)?.isLarge ?? false;

function countBy(entries: QueueEntry[], nameOf: (entry: QueueEntry) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const entry of entries) counts.set(nameOf(entry), (counts.get(nameOf(entry)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function useAcceptMany() {
  const queries = useQueryClient();
  const [run, setRun] = useState<Run>({ stage: "asking" });
  const pieces = useRef<{ key: string; entries: QueueEntry[] }[]>([]);

  const goOn = async (from: { done: number; accepted: number; total: number; refused: Refused[] }) => {
    let { done, accepted } = from;
    const { total } = from;
    const refused = [...from.refused];
    setRun({ stage: "running", done, accepted, total, refused });
    while (pieces.current.length > 0) {
      const { key, entries } = pieces.current[0]!;
      try {
        const answer = await reply(api.POST("/api/v1/queue:accept", {
          headers: { "Idempotency-Key": key },
          body: { items: entries.map(({ assignmentId, version }) => ({ assignmentId, version })) },
        }));
        const known = new Map(entries.map((entry) => [entry.assignmentId, entry]));
        const isAccepted = new Set(answer.results.filter((result) => result.accepted).map((result) => result.assignmentId));
        for (const result of answer.results)
          if (!result.accepted) refused.push({ entry: known.get(result.assignmentId)!, because: result.refusedBecause });
        dropEntries(queries, isAccepted);
        accepted += isAccepted.size;
        done += entries.length;
        pieces.current.shift();
        setRun({ stage: "running", done, accepted, total, refused });
      } catch (error) {
        setRun({ stage: "interrupted", done, accepted, total, refused, error });
        return;
      }
    }
    setRun({ stage: "done", done, accepted, total, refused });
    void queries.invalidateQueries({ queryKey: ["queue"] });
  };
  const start = (entries: QueueEntry[]) => {
    pieces.current = [];
    for (let at = 0; at < entries.length; at += PIECE)
      pieces.current.push({ key: crypto.randomUUID(), entries: entries.slice(at, at + PIECE) });
    void goOn({ done: 0, accepted: 0, total: entries.length, refused: [] });
  };
  return { run, start, goOn };
}

function Summary({ entries, large, isSkipping, onSkip }:
  { entries: QueueEntry[]; large: QueueEntry[]; isSkipping: boolean; onSkip: (isOn: boolean) => void }) {
  const { t } = useTranslation("operator");
  const questions = countBy(entries, (entry) => entry.question);
  return (
    <>
      <h3>{t("bulk.byQuestion")}</h3>
      <ul className="bulk-counts">
        {questions.slice(0, NAMED_MAX).map(([name, count]) => <li key={name}><span>{name}</span><strong>{count}</strong></li>)}
        {questions.length > NAMED_MAX && <li className="muted">{t("bulk.andMore", { count: questions.length - NAMED_MAX })}</li>}
      </ul>
      {large.length > 0 && (
        <div className="notice warning bulk-large">
          <div>
            <strong className="notice-title">{t("bulk.largeTitle", { count: large.length })}</strong>
            <ul>
              {large.slice(0, NAMED_MAX).map((entry) => (
                <li key={entry.assignmentId}>{entry.organisationName}: {shortValueText(entry)} ({changeOf(entry)?.text})</li>
              ))}
              {large.length > NAMED_MAX && <li className="muted">{t("bulk.andMore", { count: large.length - NAMED_MAX })}</li>}
            </ul>
            <Checkbox isSelected={isSkipping} onChange={onSkip}>{t("bulk.skipLarge")}</Checkbox>
          </div>
        </div>
      )}
      <p>{t("bulk.consequence")}</p>
    </>
  );
}

function Outcome({ run, values }: { run: Exclude<Run, { stage: "asking" }>; values: (count: number) => string }) {
  const { t } = useTranslation("operator");
  return (
    <div role="status">
      <progress className="bulk-progress" max={run.total} value={run.done} aria-label={t("bulk.running", { done: String(run.accepted), total: String(run.total) })} />
      <p>{run.stage === "done" ? t("bulk.done", { values: values(run.accepted) }) : t("bulk.running", { done: String(run.accepted), total: String(run.total) })}</p>
      {run.refused.length > 0 && (
        <>
          <h3>{t("bulk.refusedTitle", { count: run.refused.length })}</h3>
          <ul className="bulk-refused">
            {run.refused.map(({ entry, because }) => (
              <li key={entry.assignmentId}>{entry.organisationName}, «{entry.question}»: <strong>{t(`bulk.because.${because as "stale"}`)}</strong></li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function BulkDialog({ selected, onClose }: { selected: QueueEntry[]; onClose: (isDone: boolean) => void }) {
  const { t } = useTranslation(["operator", "common"]);
  const { run, start, goOn } = useAcceptMany();
  const [isSkipping, setSkipping] = useState(false);
  const free = selected.filter(isMine);
  const large = free.filter(isLarge);
  const chosen = isSkipping ? free.filter((entry) => !isLarge(entry)) : free;
  const others = selected.length - free.length;
  const values = (count: number) => t("bulk.values", { count });
  return (
    <Dialog isOpen isWide title={run.stage === "done" ? t("bulk.doneTitle") : t("bulk.title")}
      {...(run.stage === "running" ? {} : { onClose: () => onClose(run.stage === "done") })}>
      {run.stage === "asking" ? (
        <>
          {others > 0 && <p className="muted"><Icon name="lock" size={16} /> {t("bulk.others", { count: others })}</p>}
          {free.length === 0 ? <p>{t("bulk.nothing")}</p> : <Summary entries={chosen} large={large} isSkipping={isSkipping} onSkip={setSkipping} />}
          <div className="dialog-actions">
            <Button onPress={() => onClose(false)}>{t("common:cancel")}</Button>
            {chosen.length > 0 && <Button kind="primary" icon="check" onPress={() => start(chosen)}>{t("bulk.run", { values: values(chosen.length) })}</Button>}
          </div>
        </>
      ) : (
        <>
          {run.stage === "interrupted" && <><p>{t("bulk.interrupted")}</p><ErrorNotice error={run.error} /></>}
          <Outcome run={run} values={values} />
          <div className="dialog-actions">
            {run.stage === "interrupted" && <Button kind="primary" onPress={() => void goOn(run)}>{t("bulk.goOn")}</Button>}
            {run.stage !== "running" && <Button kind={run.stage === "done" ? "primary" : "plain"} onPress={() => onClose(run.stage === "done")}>{t("common:close")}</Button>}
          </div>
        </>
      )}
    </Dialog>
  );
}

// Stands above the table as long as rows are selected.
export function BulkBar({ selected, onClear }: { selected: QueueEntry[]; onClear: () => void }) {
  const { t } = useTranslation("operator");
  // What was selected when the dialog opened: rows go from the list while it works.
  const [asked, setAsked] = useState<QueueEntry[] | null>(null);
  const organisations = new Set(selected.map((entry) => entry.organisationId)).size;
  if (selected.length === 0 && !asked) return null;
  return (
    <div className="bulk-bar">
      {selected.length > 0 && (
        <>
          <Button kind="primary" icon="check" onPress={() => setAsked(selected)}>
            {t("bulk.bar", { values: t("bulk.values", { count: selected.length }), organisations: t("bulk.organisations", { count: organisations }) })}
          </Button>
          <Button kind="quiet" onPress={onClear}>{t("bulk.clear")}</Button>
        </>
      )}
      {asked && <BulkDialog selected={asked} onClose={(isDone) => { setAsked(null); if (isDone) onClear(); }} />}
    </div>
  );
}
