// One answer beside the queue: what was answered, compared with before, its document, and the verdict.
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { useAccount } from "../../api/session";
import { formatDateTime, formatDecimal } from "../../parts/format";
import { Icon } from "../../parts/icons";
import { DueTag } from "../../parts/state";
import { useProgramme, useWord } from "../shared/programme";
import { Documents } from "./document";
import { isPending, type QueueEntry } from "./queue-data";
import { RowsValue } from "./rows-value";
import { Talk } from "./talk";
import { changeOf, isByDocuments, isTable, previousText, valueText, waitingText } from "./value";

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return <><dt>{name}</dt><dd>{children}</dd></>;
}

function Value({ entry }: { entry: QueueEntry }) {
  const { t } = useTranslation("operator");
  const change = changeOf(entry);
  const previous = previousText(entry);
  const comment = entry.comment && <p className="answer-comment"><span className="muted">{t("comment")}:</span> {entry.comment}</p>;
  // What is answered by documents alone has no value to look at.
  if (isByDocuments(entry)) return <div className="answer">{comment}</div>;
  if (isTable(entry)) return <div className="answer"><RowsValue entry={entry} />{comment}</div>;
  return (
    <div className="answer">
      <p className="answer-value">
        <span className="visually-hidden">{t("value")}: </span>
        <strong>{valueText(entry)}</strong> {entry.valueKind !== "percent" && entry.unit && <span className="answer-unit">{entry.unit}</span>}
      </p>
      {entry.valueKind === "percent" && (
        <dl className="facts answer-parts">
          <Fact name={`${t("part")}: ${formatDecimal(entry.value)}${entry.unit ? ` ${entry.unit}` : ""}`}>{entry.question}</Fact>
          <Fact name={`${t("whole")}: ${formatDecimal(entry.secondValue)}${entry.unit ? ` ${entry.unit}` : ""}`}>{entry.secondQuestion}</Fact>
        </dl>
      )}
      <p className="answer-before">
        <span className="muted">{t("previous")}:</span> {previous || <span className="muted">{t("noPrevious")}</span>}
        {change && (
          <span className={`state ${change.isLarge ? "in_review" : ""}`} title={change.isLarge ? t("change.large") : undefined}>
            {change.isLarge && <Icon name="alert" size={16} />}{change.text}
            {change.isLarge && <span className="visually-hidden">{t("change.large")}</span>}
          </span>
        )}
      </p>
      {comment}
    </div>
  );
}

function History({ assignmentId, reviewer }: { assignmentId: string; reviewer: string }) {
  const { t } = useTranslation("operator");
  const account = useAccount();
  const history = useQuery({
    queryKey: ["queue", "verdicts", assignmentId],
    queryFn: () => reply(api.GET("/api/v1/assignments/{assignmentId}/verdicts", { params: { path: { assignmentId } } })),
  });
  if (!history.data) return null;
  return (
    <section className="history" aria-labelledby="history-title">
      <h3 id="history-title">{t("history")}</h3>
      {history.data.verdicts.length === 0 && <p className="muted">{t("historyEmpty")}</p>}
      <ol>
        {history.data.verdicts.map((verdict) => (
          <li key={verdict.version}>
            <span className={`state ${verdict.accepted ? "accepted" : "rejected"}`}>
              <Icon name={verdict.accepted ? "check" : "undo"} size={16} />{t(verdict.accepted ? "historyAccepted" : "historyRejected")}
            </span>{" "}
            <span className="muted">
              {formatDateTime(verdict.at)}, {t(verdict.operatorAccountId === account.accountId ? "byMe" : reviewer === "curator" ? "byOtherCurator" : "byOther")}, {t("versionOf", { version: String(verdict.version) })}
            </span>
            {verdict.resolution && <p className="history-resolution">{verdict.resolution}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}

export function Answer({ entry, zone }: { entry: QueueEntry; zone: string }) {
  const { t } = useTranslation("operator");
  const word = useWord(useProgramme(entry.programmeCode).data);
  return (
    <>
      <p className="muted details-section">{[entry.sectionTitle, entry.stage].filter(Boolean).join(" · ")}</p>
      <h2 className="details-question">{entry.question}</h2>
      <Value entry={entry} />
      <dl className="facts">
        <Fact name={word("respondent") || t("organisation")}>{entry.organisationName}</Fact>
        <Fact name={t("municipality")}>{entry.municipalityName}</Fact>
        <Fact name={t("sentAt")}>
          {formatDateTime(entry.sentAt, zone)}{isPending(entry) && <span className="muted"> · {t("waitsSince", { time: waitingText(entry.waitingHours) })}</span>}
        </Fact>
        {entry.dueAt && <Fact name={t("dueAt")}>{formatDateTime(entry.dueAt, zone)} {isPending(entry) && zone && <DueTag dueAt={entry.dueAt} zone={zone} />}</Fact>}
      </dl>
      <Documents key={entry.assignmentId + entry.version} entry={entry} />
      <History assignmentId={entry.assignmentId} reviewer={entry.reviewer} />
      <Talk entry={entry} zone={zone} respondent={word("respondent")} reviewer={word("reviewer")} />
    </>
  );
}
