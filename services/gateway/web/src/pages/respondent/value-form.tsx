// The fields of one answer, of its three kinds, with live checks and the quiet word about where it is kept.
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { nowMs } from "../../api/clock";
import { useSession } from "../../api/session";
import { Button, Checkbox, RadioGroup, TextField } from "../../parts/controls";
import { formatDate, formatDateTime, formatTime } from "../../parts/format";
import { Loading, Notice } from "../../parts/surfaces";
import { withTexts } from "../../texts";
import { isGood, readAnswer, showPercent, tidy, type FieldName, type Typed } from "./answer";
import type { Assignment } from "./assignments";
import { typedOf, type DraftEntry } from "./drafts";
import { useDraft, useKeepers } from "./keepers";

const TableForm = lazy(() => withTexts("plan", import("./table-form")).then((module) => ({ default: module.TableForm })));

// What stands in the fields: the typed text, or the saved value as it is shown.
function useFields(assignment: Assignment) {
  const { drafts } = useKeepers();
  const entry = useDraft(assignment.assignmentId);
  const saved = typedOf(drafts.newest(assignment));
  const typed: Typed = entry?.draft ?? {
    ...saved,
    value: assignment.valueKind === "number" || assignment.valueKind === "percent" ? tidy(saved.value) : saved.value, secondValue: tidy(saved.secondValue), isConfirmed: true,
  };
  const change = (part: Partial<Typed>) => drafts.type(assignment, part);
  const save = () => void drafts.save(assignment.assignmentId);
  return { entry, typed, change, save };
}

export function ValueForm({ assignment, firstField }: { assignment: Assignment; firstField: (element: HTMLElement | null) => void }) {
  const { t } = useTranslation("respondent");
  const { t: common } = useTranslation();
  const { entry, typed, change, save } = useFields(assignment);
  const answer = readAnswer(assignment, typed);
  // The text under the fingers stays as it is typed, whatever is saved meanwhile.
  const [held, setHeld] = useState<{ field: FieldName; text: string } | null>(null);
  // What is wrong is said on leaving the field, not under the fingers.
  const [left, setLeft] = useState<ReadonlySet<FieldName>>(new Set());
  useEffect(() => {
    if (entry?.state.name === "refused") setLeft(new Set(["value", "secondValue"]));
  }, [entry?.state.name]);
  const isOver = answer.isPartOverWhole && isGood(answer);
  const warning = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isOver) warning.current?.scrollIntoView({ block: "nearest" });
  }, [isOver]);
  const refusal = entry?.state.name === "refused" ? entry.state.error : null;
  const errorOf = (field: FieldName) => {
    const code = answer.problems[field];
    if (refusal?.messageFor(field)) return refusal.messageFor(field);
    if (!code || !left.has(field)) return "";
    return code === "tooPrecise" ? t("problem.tooPrecise", { count: assignment.decimals }) : t(`problem.${code}`);
  };
  const field = (name: FieldName, label: string) => (
    <TextField label={label} value={held?.field === name ? held.text : typed[name]} inputMode="decimal" isNumber
      autoComplete="off" unit={assignment.unit} error={errorOf(name) ?? ""} id={`${name}-${assignment.assignmentId}`}
      {...(name === "value" ? { inputRef: firstField } : {})}
      onChange={(text) => {
        setHeld({ field: name, text });
        change({ [name]: text });
      }}
      onBlur={() => {
        setHeld(null);
        if (entry) {
          setLeft((known) => new Set(known).add(name));
          if (tidy(typed[name]) !== typed[name]) change({ [name]: tidy(typed[name]), isConfirmed: typed.isConfirmed });
        }
        save();
      }} />
  );
  return (
    <div className="value-form">
      {assignment.valueKind === "number" && field("value", t("enterValue"))}
      {assignment.valueKind === "yes_no" && (
        <div ref={(element) => firstField(element?.querySelector("input") ?? null)}>
          <RadioGroup label={t("enterAnswer")} value={typed.value} error={errorOf("value") ?? ""}
            choices={[{ id: "yes", text: common("yes") }, { id: "no", text: common("no") }]}
            onChange={(value) => {
              change({ value });
              save();
            }} />
        </div>
      )}
      {assignment.valueKind === "table" && (
        <Suspense fallback={<Loading rows={3} />}>
          <TableForm assignment={assignment} value={typed.value} onChange={(value) => change({ value })} onLeave={save} refusal={refusal} firstField={firstField} />
        </Suspense>
      )}
      {assignment.valueKind === "percent" && (
        <>
          <div className="percent-fields">
            {field("value", t("part"))}
            <div className="second-question">
              <p className="second-text">{assignment.secondQuestion}</p>
              {field("secondValue", t("whole"))}
            </div>
          </div>
          <p className="arithmetic" aria-live="polite">
            <span className="label">{t("percent")}:</span>{" "}
            {answer.percent ? `${tidy(answer.value)} / ${tidy(answer.secondValue)} = ${showPercent(answer.percent)}` : "—"}
          </p>
          {isOver && (
            <div ref={warning} className="over-warning">
              <Notice tone="warning">
                <p>{t("partOverWhole", { part: tidy(answer.value), whole: tidy(answer.secondValue) })}</p>
                <Checkbox isSelected={typed.isConfirmed} onChange={(isConfirmed) => {
                  change({ isConfirmed });
                  save();
                }}>{t("confirmPartOverWhole")}</Checkbox>
              </Notice>
            </div>
          )}
        </>
      )}
      {assignment.valueKind !== "documents" && <Comment key={assignment.assignmentId} typed={typed} change={change} save={save} />}
    </div>
  );
}

const COMMENT_MAX = 2000;

function Comment({ typed, change, save }: { typed: Typed; change: (part: Partial<Typed>) => void; save: () => void }) {
  const { t } = useTranslation("respondent");
  const [isOpen, setOpen] = useState(typed.comment !== "");
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const wasAsked = useRef(false);
  useEffect(() => {
    if (isOpen && wasAsked.current) field.current?.focus();
  }, [isOpen]);
  if (!isOpen && typed.comment === "")
    return (
      <Button kind="quiet" isSmall icon="plus" onPress={() => {
        wasAsked.current = true;
        setOpen(true);
      }}>{t("addComment")}</Button>
    );
  return (
    <TextField label={t("comment")} hint={t("commentHint")} value={typed.comment} isMultiline rows={2} maxLength={COMMENT_MAX}
      onChange={(comment) => change({ comment })} onBlur={save} inputRef={field} />
  );
}

const isToday = (iso: string, zone: string) => formatDate(iso, zone) === formatDate(new Date(nowMs()).toISOString(), zone);

// «Сохранено в 14:32» / «Нет связи: сохранено на этом компьютере».
export function SaveWord({ assignment, entry }: { assignment: Assignment; entry: DraftEntry | undefined }) {
  const { t } = useTranslation("respondent");
  const { drafts } = useKeepers();
  const isOver = useSession().kind === "expired";
  const isTroubled = entry !== undefined && (entry.state.name === "offline" || entry.state.name === "refused" || entry.state.name === "conflict");
  return <span className={`save-word ${isTroubled ? "troubled" : ""}`} role="status">{word()}</span>;

  function word(): string {
    if (!entry) {
      if (!assignment.savedAt) return "";
      return isToday(assignment.savedAt, assignment.zone)
        ? t("save.at", { time: formatTime(assignment.savedAt, assignment.zone) })
        : t("save.on", { moment: formatDateTime(assignment.savedAt, assignment.zone) });
    }
    if (!drafts.isKept) return t("save.notKept");
    if (entry.state.name === "offline") return t("save.offline");
    if (isOver) return t("save.sessionOver");
    if (entry.state.name === "saving") return t("save.saving");
    if (entry.state.name === "refused" || entry.state.name === "conflict") return t("save.here");
    const answer = readAnswer(entry.draft.kind, entry.draft);
    const mustWait = !isGood(answer) || (answer.isPartOverWhole && !entry.draft.isConfirmed);
    return mustWait ? t("save.here") : t("save.soon");
  }
}
