// What was sent, when, by which organisation, with which documents: a page for paper (A4) and for one's own peace.
import { useQueries } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { nowMs } from "../../api/clock";
import { useAccount } from "../../api/session";
import { PARAMETER } from "../shared/programme";
import { useParameter } from "../../parts/address";
import { Button, ButtonLink } from "../../parts/controls";
import { formatDateTime, formatSize, formatStamp, zoneName } from "../../parts/format";
import { StateTag } from "../../parts/state";
import { EmptyState, ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import { showAnswer } from "./answer";
import { RowsView } from "./rows-view";
import { groupsOf, isSent, shownState, useAssignments, useRounds, type Assignment } from "./assignments";

export function ReceiptPage() {
  const { t } = useTranslation("respondent");
  const [roundId] = useParameter("round");
  const list = useAssignments(roundId);
  const [programme] = useParameter(PARAMETER);
  const rounds = useRounds();
  const own = new Set(rounds.data?.rounds.filter((one) => one.programmeCode === programme).map((one) => one.roundId));
  const sent = list.data?.assignments.filter((one) => isSent(one) && (!programme || own.has(one.roundId))) ?? [];
  const query = new URLSearchParams({ ...(programme && { [PARAMETER]: programme }), ...(roundId && { round: roundId }) }).toString();
  const back = `/indicators${query ? `?${query}` : ""}`;
  return (
    <div className="receipt">
      <PageHead title={t("receipt.title")} actions={
        <>
          <ButtonLink href={back} icon="left">{t("backToList")}</ButtonLink>
          {sent.length > 0 && <Button kind="primary" icon="print" onPress={() => window.print()}>{t("receipt.print")}</Button>}
        </>
      } />
      {list.isPending && <Loading />}
      {list.error && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && (sent.length === 0 ? <EmptyState icon="send" title={t("receipt.empty")}>{t("receipt.emptyNext")}</EmptyState> : <Sheet sent={sent} />)}
    </div>
  );
}

// The content's hash: proof that the paper in the folder is the one that was sent.
function useHashes(sent: Assignment[]): Map<string, string> {
  const documents = sent.flatMap((one) => one.documents);
  const found = useQueries({
    queries: documents.map(({ documentId }) => ({
      queryKey: ["documents", documentId], staleTime: Infinity,
      queryFn: () => reply(api.GET("/api/v1/documents/{documentId}", { params: { path: { documentId } } })),
    })),
  });
  return new Map(found.flatMap((one) => (one.data ? [[one.data.documentId, one.data.sha256] as const] : [])));
}

function Sheet({ sent }: { sent: Assignment[] }) {
  const { t } = useTranslation("respondent");
  const account = useAccount();
  const hashes = useHashes(sent);
  const zone = sent[0]!.zone;
  const now = new Date(nowMs()).toISOString();
  const rounds = [...new Set(sent.map((one) => one.roundName))].join(", ");
  return (
    <>
      <dl className="facts receipt-facts">
        <dt>{t("receipt.organisation")}</dt><dd>{account.organisationName}</dd>
        <dt>{t("receipt.author")}</dt><dd>{account.displayName || account.login}</dd>
        <dt>{t("receipt.round")}</dt><dd>{rounds}</dd>
        <dt>{t("receipt.made")}</dt><dd>{formatDateTime(now, zone)} ({zoneName(now, zone)})</dd>
        <dt>{t("receipt.count")}</dt><dd>{sent.length}</dd>
      </dl>
      {groupsOf(sent).map((group, index) => (
        <section key={`${group.code} ${index}`} className="receipt-group">
          <h2>{group.title}</h2>
          <ol>{group.items.map((one) => <Line key={one.assignmentId} assignment={one} hashes={hashes} />)}</ol>
        </section>
      ))}
      <div className="signatures">
        {[t("receipt.author"), t("receipt.head")].map((role) => (
          <p key={role}><span>{role}</span><span className="signature-line" aria-hidden="true" /><span className="muted">{t("receipt.signature")}</span></p>
        ))}
      </div>
    </>
  );
}

function Line({ assignment, hashes }: { assignment: Assignment; hashes: Map<string, string> }) {
  const { t } = useTranslation("respondent");
  const { t: common } = useTranslation();
  const state = shownState(assignment);
  return (
    <li className="receipt-line">
      <p className="receipt-question">{assignment.question}</p>
      <p className="receipt-value">
        <strong>{showAnswer(assignment)}</strong>{" "}
        <StateTag state={state} {...(state === "accepted" ? { date: assignment.acceptedAt, zone: assignment.zone } : {})} />
      </p>
      <p className="muted">{t("sentAt")} {formatStamp(assignment.sentAt, assignment.zone)}, {t("receipt.version", { version: String(assignment.version) })}</p>
      {assignment.valueKind === "table" && <RowsView assignment={assignment} value={assignment.value} />}
      {assignment.comment && <p className="muted">{t("comment")}: {assignment.comment}</p>}
      {assignment.documents.map((document) => (
        <p key={document.documentId} className="receipt-document">
          {document.fileName}, {common("pages", { count: document.pages })}, {formatSize(document.sizeBytes)}
          {hashes.has(document.documentId) && <><br /><code>SHA-256 {hashes.get(document.documentId)}</code></>}
        </p>
      ))}
    </li>
  );
}
