// Taking, accepting, returning: what the operator may do with the answer in sight, and what became of it meanwhile.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, reply } from "../../api/client";
import { isStale, ProblemError } from "../../api/problem";
import { Button } from "../../parts/controls";
import { formatDateTime, formatTime } from "../../parts/format";
import { Icon } from "../../parts/icons";
import { useShortcuts } from "../../parts/shortcuts";
import { ErrorNotice, Loading, Notice } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { useProgramme, useWord } from "../shared/programme";
import { Answer } from "./details";
import { changeLists, entryKey, isPending, loadEntry, putEntries, type QueueEntry } from "./queue-data";
import { ReturnForm } from "./return-form";
import { isByDocuments, isTable, valueText } from "./value";

interface Props {
  assignmentId: string;
  listed: QueueEntry | undefined;
  zoneOf: (roundId: string) => string;
  // Decided by me: the queue goes on.
  onDecided: (entry: QueueEntry, word: string) => void;
  // Somebody was faster: said in words, and the queue goes on.
  onMissed: (entry: QueueEntry, why: string) => void;
  onGoOn: () => void;
}

function useVerdict(entry: QueueEntry | undefined, { onDecided, onMissed }: Pick<Props, "onDecided" | "onMissed">) {
  const { t } = useTranslation("operator");
  const queries = useQueryClient();
  const word = useWord(useProgramme(entry?.programmeCode ?? "").data);
  const said = (own: string, usual: string) => (own ? t("verdictGiven", { word: own }) : usual);
  const failed = (error: unknown) => {
    if (!entry) return;
    if (isStale(error)) void queries.invalidateQueries({ queryKey: entryKey(entry.assignmentId) });
    else if (error instanceof ProblemError && (error.status === 409 || error.status === 404)) {
      void loadEntry(entry.assignmentId).then((now) => putEntries(queries, [now])).catch(() => undefined);
      onMissed(entry, error.message);
    }
  };
  const path = (of: QueueEntry) => ({ path: { assignmentId: of.assignmentId }, header: ifMatch(of.version) as never });
  const open = useCommand(
    (of: QueueEntry, headers) => reply(api.POST("/api/v1/queue/{assignmentId}:open", { params: path(of), headers: { ...headers, ...ifMatch(of.version) } })),
    { onDone: (now) => putEntries(queries, [now]), onFailed: failed },
  );
  const accept = useCommand(
    (of: QueueEntry, headers) => reply(api.POST("/api/v1/queue/{assignmentId}:accept", { params: path(of), headers: { ...headers, ...ifMatch(of.version) } })),
    { onDone: (_, of) => onDecided(of, said(word("accept"), t("accepted"))), onFailed: failed },
  );
  const reject = useCommand(
    ({ of, resolution }: { of: QueueEntry; resolution: string }, headers) =>
      reply(api.POST("/api/v1/queue/{assignmentId}:reject", { params: path(of), body: { resolution }, headers: { ...headers, ...ifMatch(of.version) } })),
    { onDone: (_, { of }) => onDecided(of, said(word("reject"), t("rejected"))), onFailed: failed },
  );
  return { open, accept, reject, word, isBusy: open.isPending || accept.isPending || reject.isPending };
}

// What is still worth showing here: the rest was told elsewhere.
function openError(errors: unknown[]): unknown {
  return errors.find((error) => error && !isStale(error) && !(error instanceof ProblemError && [400, 404, 409, 422].includes(error.status)));
}

export function Verdict(props: Props) {
  const { assignmentId, listed, zoneOf, onGoOn } = props;
  const { t } = useTranslation("operator");
  const queries = useQueryClient();
  const question = useQuery({
    queryKey: entryKey(assignmentId),
    queryFn: () => loadEntry(assignmentId),
    ...(listed ? { placeholderData: listed } : {}),
  });
  const entry = question.data;
  const [seen, setSeen] = useState<QueueEntry>();
  const [isReturning, setReturning] = useState(false);
  const [text, setText] = useState("");
  const [isMissing, setMissing] = useState(false);
  const { open, accept, reject, word, isBusy } = useVerdict(entry, props);
  useEffect(() => {
    if (entry && !seen) setSeen(entry);
  }, [entry, seen]);
  // The list shows the state that the details have learned.
  useEffect(() => {
    if (entry && !question.isPlaceholderData)
      changeLists(queries, (queue) => {
        const at = queue.entries.findIndex((one) => one.assignmentId === entry.assignmentId);
        if (at < 0 || queue.entries[at] === entry || !isPending(entry)) return queue;
        return { ...queue, entries: queue.entries.map((one, index) => (index === at ? entry : one)) };
      });
  }, [entry, question.isPlaceholderData, queries]);

  const isNewer = Boolean(entry && seen && entry.version !== seen.version);
  const isFree = Boolean(entry && (entry.state === "waiting" || entry.openedByMe));
  const mayDecide = isFree && !isNewer && !isBusy;
  const doTake = () => { if (entry && !entry.openedByMe && isPending(entry) && !isNewer && !isBusy) open.mutate(entry); };
  const doAccept = () => { if (entry && mayDecide) accept.mutate(entry); };
  const doReturn = () => {
    if (!entry || !mayDecide) return;
    setReturning(true);
    // Nobody else shall decide, and the author not withdraw, while the reason is being written.
    if (!entry.openedByMe) open.mutate(entry);
  };
  const doSend = () => {
    if (!entry || !isReturning || isNewer || reject.isPending) return;
    setMissing(text.trim().length < 3);
    if (text.trim().length >= 3) reject.mutate({ of: entry, resolution: text.trim() });
  };
  useShortcuts({ a: doAccept, r: doReturn, Enter: doTake, "Ctrl+Enter": doSend });

  if (question.isPending) return <Loading rows={8} />;
  if (!entry) {
    const isGone = question.error instanceof ProblemError && question.error.status === 404;
    return isGone
      ? <Notice tone="warning" action={<Button onPress={onGoOn}>{t("goOn")}</Button>}>{t("gone")}</Notice>
      : <ErrorNotice error={question.error} onRetry={() => void question.refetch()} />;
  }
  const refusal = reject.error instanceof ProblemError ? reject.error.messageFor("resolution") : undefined;
  const trouble = openError([open.error, accept.error, reject.error]);
  return (
    <>
      <div className="details-scroll" tabIndex={0} role="group" aria-label={t("answer")}>
        {isNewer && isPending(entry) && (
          <Notice tone="warning" title={t("newVersionTitle")} action={<Button kind="primary" onPress={() => setSeen(entry)}>{t("look")}</Button>}>
            {isTable(entry) || isByDocuments(entry) ? t("newVersionOther") : valueText(seen!) === valueText(entry)
              ? t("newVersionSame", { after: valueText(entry) })
              : t("newVersion", { before: valueText(seen!), after: valueText(entry) })}
          </Notice>
        )}
        <Answer entry={entry} zone={zoneOf(entry.roundId)} />
      </div>
      <div className="verdict-bar">
        {trouble ? <ErrorNotice error={trouble} /> : null}
        {!isPending(entry) && (
          <Notice title={t(`decided.${entry.state as "accepted"}`)} action={<Button onPress={onGoOn}>{t("goOn")}</Button>}>{t("decidedText")}</Notice>
        )}
        {entry.state === "opened" && !entry.openedByMe && (
          <Notice tone="warning" title={t(entry.reviewer === "curator" ? "takenByOtherCurator" : "takenByOther", { time: sinceText(entry) })}
            action={<><Button onPress={doTake} isDisabled={isBusy}>{t("tryTake")}</Button><Button onPress={onGoOn}>{t("goOn")}</Button></>}>
            {t("takenByOtherLong")}
          </Notice>
        )}
        {isFree && isReturning && (
          <ReturnForm text={text} onChange={(next) => { setText(next); setMissing(false); }} onSend={doSend} onClose={() => setReturning(false)}
            isBusy={reject.isPending || isNewer} error={refusal} isMissing={isMissing} isComment={entry.reviewer === "curator"} send={word("reject")} />
        )}
        {isFree && !isReturning && (
          <div className="verdict-buttons">
            <Button kind="primary" icon="check" onPress={doAccept} isDisabled={!mayDecide}>{word("accept") ? t("keyA", { word: word("accept") }) : t("acceptKey")}</Button>
            <Button icon="undo" onPress={doReturn} isDisabled={!mayDecide}>{word("reject") ? t("keyR", { word: word("reject") }) : t("rejectKey")}</Button>
            {entry.openedByMe
              ? <span className="state ready taken-by-me"><Icon name="lock" size={16} />{t("taken")}</span>
              : <Button kind="quiet" icon="lock" onPress={doTake} isDisabled={!mayDecide}>{t("take")}</Button>}
          </div>
        )}
      </div>
    </>
  );
}

const HOURS_24_MS = 24 * 3_600_000;

function sinceText(entry: QueueEntry): string {
  return Date.now() - Date.parse(entry.openedAt) > HOURS_24_MS ? formatDateTime(entry.openedAt) : formatTime(entry.openedAt);
}
