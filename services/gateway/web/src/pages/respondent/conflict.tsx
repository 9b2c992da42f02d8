// Two values of one indicator: mine, typed here, and the one saved elsewhere meanwhile. The person chooses.
import { useTranslation } from "react-i18next";
import { Button } from "../../parts/controls";
import { formatDateTime } from "../../parts/format";
import { readAnswer, showAnswer } from "./answer";
import { isOpen, type Assignment } from "./assignments";
import type { LocalDraft } from "./drafts";
import { useKeepers } from "./keepers";
import { RowsView } from "./rows-view";

export function Conflict({ assignment, draft, theirs }: { assignment: Assignment; draft: LocalDraft; theirs: Assignment }) {
  const { t } = useTranslation("respondent");
  const { drafts } = useKeepers();
  const answer = readAnswer(draft.kind, draft);
  const mine = showAnswer({ ...answer, valueKind: assignment.valueKind, unit: assignment.unit });
  const canKeep = isOpen(theirs);
  const isTable = assignment.valueKind === "table";
  return (
    <section className="conflict" role="alert" aria-labelledby="conflict-heading">
      <h3 id="conflict-heading">{t(canKeep ? "conflict.title" : "conflict.lockedTitle")}</h3>
      <p>{t(canKeep ? "conflict.text" : "conflict.lockedText")}</p>
      <div className="conflict-sides">
        <div className="conflict-side">
          <h4>{t("conflict.mine")}</h4>
          {isTable ? <RowsView assignment={assignment} value={answer.value} /> : <p className="shown-value">{mine || t("noValue")}</p>}
          {draft.comment && <p>{draft.comment}</p>}
          <p className="muted">{formatDateTime(draft.typedAt, assignment.zone)}</p>
          {canKeep && <Button onPress={() => void drafts.choose(assignment.assignmentId, "mine")}>{t("conflict.keepMine")}</Button>}
        </div>
        <div className="conflict-side">
          <h4>{t("conflict.theirs")}</h4>
          {isTable && theirs.value ? <RowsView assignment={theirs} value={theirs.value} /> : <p className="shown-value">{showAnswer(theirs) || t("noValue")}</p>}
          {theirs.comment && <p>{theirs.comment}</p>}
          <p className="muted">{formatDateTime(theirs.savedAt, theirs.zone)}</p>
          <Button onPress={() => void drafts.choose(assignment.assignmentId, "theirs")}>{t("conflict.takeTheirs")}</Button>
        </div>
      </div>
    </section>
  );
}
