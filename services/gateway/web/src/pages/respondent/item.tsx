// One indicator: the question, what was said about it, the answer, its documents, what to do next.
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, reply } from "../../api/client";
import { isStale } from "../../api/problem";
import { Button } from "../../parts/controls";
import { formatDate, formatDateTime, formatStamp } from "../../parts/format";
import { ErrorNotice, Notice } from "../../parts/surfaces";
import { DueTag, StateTag } from "../../parts/state";
import { useCommand } from "../../parts/use-command";
import { answersNone, isGood, readAnswer, showAnswer, showText } from "./answer";
import { getAssignment, isOpen, isSent, putAssignment, shownState, type Assignment } from "./assignments";
import { Conflict } from "./conflict";
import { Documents } from "./documents";
import { typedOf, type DraftEntry } from "./drafts";
import { History } from "./history";
import { useDraft, useKeepers } from "./keepers";
import { RowsView } from "./rows-view";
import { SaveWord, ValueForm } from "./value-form";
import { withTexts } from "../../texts";
import { DayOffMark } from "../shared/days-off";

// Not every programme has them.
const DueWords = lazy(() => withTexts("plan", import("./due-words")).then((module) => ({ default: module.DueWords })));
const OwnForecast = lazy(() => withTexts("forecast", import("../forecast/own")).then((module) => ({ default: module.OwnForecast })));
const Talk = lazy(() => withTexts("plan", import("./talk")).then((module) => ({ default: module.Talk })));

interface ItemProps {
  assignment: Assignment;
  // In words: "3 of 14" of what the list shows.
  place: ReactNode;
  onBack: () => void;
  onSent: (assignment: Assignment) => void;
  onSaved: () => void;
  // "field": somebody goes from item to item by keyboard.
  focus: { at: "heading" | "field" | "nowhere"; number: number };
}

export function Item(props: ItemProps) {
  const { assignment, place, onBack, focus } = props;
  const { t } = useTranslation("respondent");
  const heading = useRef<HTMLHeadingElement>(null);
  const field = useRef<HTMLElement | null>(null);
  useEffect(() => {
    if (focus.at === "field" && field.current) field.current.focus();
    else if (focus.at !== "nowhere") heading.current?.focus();
  }, [focus, assignment.assignmentId]);
  const entry = useDraft(assignment.assignmentId);
  const isEditable = isOpen(assignment);
  const shown = shownState(assignment);
  return (
    <>
      <div className="item-top">
        <Button kind="quiet" isSmall icon="left" onPress={onBack}>{t("backToList")}</Button>
        <p className="muted section-name">{assignment.sectionTitle}</p>
        {place}
      </div>
      <h2 ref={heading} tabIndex={-1} className="question">{assignment.question}</h2>
      <div className="item-state">
        <StateTag state={shown} {...(shown === "accepted" ? { date: assignment.acceptedAt, zone: assignment.zone } : {})} />
        {isEditable && assignment.dueAt && <DueTag dueAt={assignment.dueAt} zone={assignment.zone} />}
        {isEditable && assignment.dueAt && <DayOffMark day={assignment.dueOn} />}
        <span className="muted">{assignment.roundName}</span>
      </div>
      {(assignment.dueKind || assignment.needsPlan) && <Suspense><DueWords assignment={assignment} /></Suspense>}
      {isEditable && !assignment.overdue && <Suspense><OwnForecast roundId={assignment.roundId} assignmentId={assignment.assignmentId} /></Suspense>}
      <Rejection assignment={assignment} />
      {entry?.state.name === "conflict" && <Conflict assignment={assignment} draft={entry.draft} theirs={entry.state.theirs} />}
      {isEditable ? <Editing {...props} entry={entry} firstField={(element) => (field.current = element)} /> : <Locked assignment={assignment} entry={entry} />}
      <Accepted assignment={assignment} />
      {(isSent(assignment) || assignment.rejectedAt) && <Suspense><Talk key={`talk ${assignment.assignmentId}`} assignment={assignment} /></Suspense>}
      <History key={assignment.assignmentId} assignment={assignment} />
    </>
  );
}

// A value that fits into a sentence.
const isPlain = ({ valueKind }: Assignment) => valueKind !== "documents" && valueKind !== "table";

// The resolution stands beside the field until the next verdict (S2.40).
function Rejection({ assignment }: { assignment: Assignment }) {
  const { t } = useTranslation("respondent");
  if (!assignment.rejectedAt || isSent(assignment)) return null;
  return (
    <Notice tone="bad" title={t(isPlain(assignment) ? "rejected.title" : "rejected.whole", { value: showText(assignment.rejectedValue), moment: formatDateTime(assignment.rejectedAt, assignment.zone) })}>
      <p className="resolution"><span className="label">{t("rejected.resolution")}</span> {assignment.resolution}</p>
    </Notice>
  );
}

function Editing({ assignment, entry, onSent, onSaved, firstField }: ItemProps & { entry: DraftEntry | undefined; firstField: (element: HTMLElement | null) => void }) {
  const { t } = useTranslation("respondent");
  const { drafts } = useKeepers();
  const queries = useQueryClient();
  const typed = entry?.draft ?? { ...typedOf(drafts.newest(assignment)), isConfirmed: true };
  const answer = readAnswer(assignment, typed);
  const isByDocuments = assignment.valueKind === "documents", isTable = assignment.valueKind === "table";
  const needsDocument = (assignment.evidenceRequired || isByDocuments) && !answersNone(typed.value);
  const isSavable = isGood(answer) && (!answer.isPartOverWhole || typed.isConfirmed);
  const isInConflict = entry?.state.name === "conflict";
  const isUnchanged = assignment.state === "rejected" && !entry;
  const isReady = isSavable && (!needsDocument || assignment.documents.length > 0) && !isUnchanged && !isInConflict;
  const send = useCommand(
    async (_: string, headers) => {
      if (!(await drafts.save(assignment.assignmentId))) return null;
      const fresh = await getAssignment(assignment.assignmentId);
      const params = { path: { assignmentId: assignment.assignmentId }, header: { ...ifMatch(fresh.version), ...headers } };
      return reply(api.POST("/api/v1/assignments/{assignmentId}:submit", { params }));
    },
    {
      onDone: (result) => {
        if (!result) return;
        putAssignment(queries, result);
        void queries.invalidateQueries({ queryKey: ["assignments"] });
        onSent(result);
      },
      onFailed: (error) => isStale(error) && void queries.invalidateQueries({ queryKey: ["assignments"] }),
    },
  );
  const refusal = entry?.state.name === "refused" ? entry.state.error : null;
  const isFieldNamed = refusal?.violations.some((violation) => violation.field === "value" || violation.field === "secondValue" || violation.field.startsWith("rows["));
  return (
    <>
      {!isByDocuments && <ValueForm key={assignment.assignmentId} assignment={assignment} firstField={firstField} />}
      {refusal && !isFieldNamed && <ErrorNotice error={refusal} />}
      <Documents assignment={assignment} rule={answersNone(typed.value) ? "unneeded" : needsDocument ? "required" : "optional"} />
      {send.error ? <ErrorNotice error={send.error} /> : null}
      <div className="item-foot">
        <p className={`readiness ${isReady ? "ready" : ""}`}>{readiness()}</p>
        <div className="item-acts">
          {!isByDocuments && <Button kind={isReady ? "plain" : "primary"} isDisabled={!isSavable || isUnchanged || isInConflict} onPress={() => {
            void drafts.save(assignment.assignmentId).then((isDone) => isDone && onSaved());
          }}>{t(isTable ? "saveTable" : "saveValue")}</Button>}
          <Button kind={isReady ? "primary" : "plain"} icon="send" isDisabled={!isReady || send.isPending}
            onPress={() => send.mutate(assignment.assignmentId)}>{t("send")}</Button>
          <SaveWord assignment={assignment} entry={entry} />
        </div>
      </div>
    </>
  );

  // «Данные готовы к отправке на проверку», or what is still missing (S2.33, S2.36).
  function readiness(): string {
    if (isReady) return t("ready");
    if (isInConflict) return t("notReady.conflict");
    if (answer.isPartOverWhole && !typed.isConfirmed) return t("notReady.unconfirmed");
    if (isTable && !isGood(answer)) return t(answer.problems.value === "empty" ? "notReady.rows_missing" : "notReady.cells_wrong");
    if (isByDocuments) return t(isUnchanged ? "notReady.document_unchanged" : "notReady.document_missing");
    if (!isGood(answer)) return t(typed.value.trim() === "" ? "notReady.value_missing" : "notReady.wrong");
    if (needsDocument && assignment.documents.length === 0) return t("notReady.evidence_missing");
    return t("notReady.unchanged");
  }
}

function Locked({ assignment, entry }: { assignment: Assignment; entry: DraftEntry | undefined }) {
  const { t } = useTranslation("respondent");
  const { drafts } = useKeepers();
  const queries = useQueryClient();
  const withdraw = useCommand(
    (version: number, headers) => reply(api.POST("/api/v1/assignments/{assignmentId}:withdraw", {
      params: { path: { assignmentId: assignment.assignmentId }, header: { ...ifMatch(version), ...headers } },
    })),
    { onDone: () => void queries.invalidateQueries({ queryKey: ["assignments"] }) },
  );
  const isInReview = assignment.state === "in_review";
  return (
    <>
      <dl className="facts locked-facts">
        {isPlain(assignment) && <><dt>{t("value")}</dt><dd className="shown-value">{showAnswer(assignment) || t("noValue")}</dd></>}
        {assignment.comment && <><dt>{t("comment")}</dt><dd>{assignment.comment}</dd></>}
        {isSent(assignment) && assignment.sentAt && <><dt>{t("sentAt")}</dt><dd>{formatStamp(assignment.sentAt, assignment.zone)}</dd></>}
      </dl>
      {assignment.valueKind === "table" && assignment.value && <RowsView assignment={assignment} value={assignment.value} />}
      {assignment.valueKind === "percent" && <p className="muted">{t("percentOf", { whole: assignment.secondQuestion })}</p>}
      <Documents assignment={assignment} rule="unneeded" />
      {isInReview && (
        <Notice title={t("waiting.title")} action={<Button icon="undo" isDisabled={withdraw.isPending} onPress={() => withdraw.mutate(assignment.version)}>{t("waiting.withdraw")}</Button>}>
          <p>{t("waiting.text")}</p>
        </Notice>
      )}
      {withdraw.error ? <ErrorNotice error={withdraw.error} /> : null}
      {!isInReview && !assignment.needsPlan && (
        <Notice title={t("closed.title")}>
          <p>{t("closed.until", { date: formatDate(assignment.closedUntil) })}</p>
        </Notice>
      )}
      {entry && entry.state.name !== "conflict" && (
        <Notice tone="warning" title={t("conflict.leftover")} action={<Button onPress={() => void drafts.choose(assignment.assignmentId, "theirs")}>{t("conflict.drop")}</Button>}>
          {assignment.valueKind === "table" ? <RowsView assignment={assignment} value={entry.draft.value} /> : <p>{entry.draft.value} {entry.draft.secondValue} {entry.draft.comment}</p>}
        </Notice>
      )}
    </>
  );
}

// «Последние принятые данные: 123 (07.08.2020 - 13:10:03)» (S2.44).
function Accepted({ assignment }: { assignment: Assignment }) {
  const { t } = useTranslation("respondent");
  if (!assignment.acceptedAt) return null;
  return (
    <p className="last-accepted">
      <span className="label">{t("lastAccepted")}</span> {isPlain(assignment) && showText(assignment.acceptedValue)}
      {assignment.unit ? ` ${assignment.unit}` : ""} ({formatStamp(assignment.acceptedAt, assignment.zone)})
    </p>
  );
}
