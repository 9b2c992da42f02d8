// The columns of the queue: all of them alone, the few that matter beside an open answer.
import type { TFunction } from "i18next";
import { Icon } from "../../parts/icons";
import type { Column } from "../../parts/table";
import { isPending, type QueueEntry } from "./queue-data";
import { changeOf, shortValueText, shortWaitingText } from "./value";

type Words = TFunction<["operator", "common"]>;

const LOCK_SIZE = 16;

// The row is clicked as a whole; the link is for keyboards, screen readers, and a second tab.
function Name({ entry, words }: { entry: QueueEntry; words: Words }) {
  const isTaken = entry.state === "opened" && !entry.openedByMe;
  return (
    <>
      {entry.state === "opened" && (
        <span className={entry.openedByMe ? "lock mine" : "lock"} title={words(isTaken ? "state.opened" : "taken")}>
          <Icon name="lock" size={LOCK_SIZE} />
          <span className="visually-hidden">{words(isTaken ? "state.opened" : "taken")}: </span>
        </span>
      )}
      <a className="row-link" href={`/queue?item=${entry.assignmentId}`} onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) event.stopPropagation();
        else event.preventDefault();
      }}>{entry.organisationName}</a>
    </>
  );
}

function ChangeCell({ entry }: { entry: QueueEntry }) {
  const change = changeOf(entry);
  if (!change) return <span className="muted">—</span>;
  return <span className={change.isLarge ? "change large" : "change"}>{change.isLarge && <Icon name="alert" size={LOCK_SIZE} />} {change.text}</span>;
}

export function makeColumns(words: Words, isBeside: boolean): Column<QueueEntry>[] {
  const organisation: Column<QueueEntry> = {
    id: "organisation", title: words("column.organisation"), width: isBeside ? "36%" : "20%",
    render: (entry) => <Name entry={entry} words={words} />, sortBy: (entry) => entry.organisationName,
  };
  const question: Column<QueueEntry> = {
    id: "question", title: words("column.question"), render: (entry) => <span title={entry.question}>{entry.question}</span>, sortBy: (entry) => entry.question,
  };
  const value: Column<QueueEntry> = {
    id: "value", title: words("column.value"), isNumber: true, width: isBeside ? "18%" : "10%",
    render: (entry) => <span>{shortValueText(entry)}{entry.valueKind === "number" && entry.unit && <span className="muted"> {entry.unit}</span>}</span>,
    sortBy: (entry) => Number((entry.percent || entry.value).replace(",", ".")) || 0,
  };
  const waiting: Column<QueueEntry> = {
    id: "waiting", title: words("column.waiting"), isNumber: true, width: isBeside ? "13%" : "7%",
    render: (entry) => (isPending(entry) ? shortWaitingText(entry.waitingHours) : "—"), sortBy: (entry) => entry.waitingHours,
  };
  if (isBeside) return [organisation, question, value, waiting];
  return [
    organisation,
    { id: "municipality", title: words("column.municipality"), width: "14%", render: (entry) => entry.municipalityName, sortBy: (entry) => entry.municipalityName },
    question,
    value,
    {
      id: "change", title: words("column.change"), isNumber: true, width: "11%", render: (entry) => <ChangeCell entry={entry} />,
      sortBy: (entry) => changeOf(entry)?.size ?? -1,
    },
    {
      id: "documents", title: words("column.documents"), width: "10%", sortBy: (entry) => entry.documents.length,
      render: (entry) => (entry.documents.length > 0
        ? <span className="nowrap"><Icon name="file" size={LOCK_SIZE} /> {words("pagesShort", { pages: String(entry.documents.reduce((sum, one) => sum + one.pages, 0)) })}</span>
        : <span className="muted">—</span>),
    },
    waiting,
  ];
}
