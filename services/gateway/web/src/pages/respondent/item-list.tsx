// Indicators by group; a group opens and closes, and says how much of it is done.
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../../parts/icons";
import { DueTag, StateTag } from "../../parts/state";
import { showAnswer } from "./answer";
import { isFilled, isOpen, shownState, type Assignment, type Group } from "./assignments";
import { useDraft } from "./keepers";

interface ListProps {
  groups: Group[];
  closed: ReadonlySet<string>;
  onToggle: (group: string) => void;
  current: string;
  fresh: ReadonlySet<string>;
  addressOf: (assignment: Assignment) => string;
  onOpen: (assignment: Assignment) => void;
}

export function ItemList({ groups, closed, onToggle, ...rest }: ListProps) {
  const { t } = useTranslation("respondent");
  return (
    <div className="groups">
      {groups.map((group, index) => {
        const isClosed = closed.has(group.code);
        const panel = `group-${index}`;
        return (
          <section key={`${group.code} ${index}`} className="group">
            <h2 className="group-head">
              <button type="button" aria-expanded={!isClosed} aria-controls={panel} onClick={() => onToggle(group.code)}>
                <Icon name={isClosed ? "right" : "down"} />
                <span className="group-title">{group.title}</span>
                <span className="group-count">{t("groupCount", { filled: String(group.items.filter(isFilled).length), all: String(group.items.length) })}</span>
              </button>
            </h2>
            <ul id={panel} className="items" hidden={isClosed}>
              {!isClosed && group.items.map((assignment, place) => (
                <Fragment key={assignment.assignmentId}>
                  {assignment.stage && assignment.stage !== group.items[place - 1]?.stage && <li className="stage"><h3>{assignment.stage}</h3></li>}
                  <Row assignment={assignment} {...rest} />
                </Fragment>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

function Row({ assignment, current, fresh, addressOf, onOpen }: Omit<ListProps, "groups" | "closed" | "onToggle"> & { assignment: Assignment }) {
  const { t } = useTranslation("respondent");
  const entry = useDraft(assignment.assignmentId);
  const isCurrent = assignment.assignmentId === current;
  const shown = shownState(assignment);
  const isOverdue = assignment.overdue && isOpen(assignment);
  return (
    <li className={`item ${isCurrent ? "current" : ""} ${fresh.has(assignment.assignmentId) ? "fresh" : ""}`}>
      <a href={addressOf(assignment)} aria-current={isCurrent ? "true" : undefined} onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        onOpen(assignment);
      }}>
        <span className="item-question">{assignment.question}</span>
        <span className="item-line">
          <StateTag state={shown} {...(shown === "accepted" ? { date: assignment.acceptedAt, zone: assignment.zone } : {})} />
          {isOverdue && <DueTag dueAt={assignment.dueAt} zone={assignment.zone} />}
          {assignment.rejectedAt && isOpen(assignment) && assignment.state !== "rejected" && <span className="item-note">{t("wasRejected")}</span>}
          {shown === "closed" && <span className="item-note">{t("closedRow")}</span>}
          {entry && <span className="item-note">{t(entry.state.name === "conflict" ? "rowConflict" : "rowUnsaved")}</span>}
          <span className="item-value">{assignment.valueKind === "documents" ? documents() : showAnswer(assignment)}</span>
        </span>
      </a>
    </li>
  );

  function documents(): string {
    return assignment.documents.length > 0 ? t("documentCount", { count: assignment.documents.length }) : "";
  }
}
