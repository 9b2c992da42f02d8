// Every version of an answer, newest first, with what each changed.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";
import { useAccount } from "../../api/session";
import { formatStamp } from "../../parts/format";
import { ErrorNotice, Loading } from "../../parts/surfaces";
import { showAnswer } from "./answer";
import type { Assignment } from "./assignments";
import { RowsView } from "./rows-view";

type Version = Full<components["schemas"]["Version"]>;
const NOBODY: Version[] = [];

export function History({ assignment }: { assignment: Assignment }) {
  const { t } = useTranslation("respondent");
  const [isOpen, setOpen] = useState(false);
  const { assignmentId } = assignment;
  const query = useQuery({
    queryKey: ["versions", assignmentId], enabled: isOpen,
    queryFn: () => reply(api.GET("/api/v1/assignments/{assignmentId}/versions", { params: { path: { assignmentId } } })),
  });
  const versions = query.data?.versions ?? NOBODY;
  return (
    <details className="history" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("history.title")}</summary>
      {isOpen && query.isPending && <Loading rows={2} />}
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && versions.length === 0 && <p className="muted">{t("history.empty")}</p>}
      <ol className="history-list">
        {versions.map((version, index) => (
          <Entry key={`${version.at} ${index}`} version={version} before={versions[index + 1]} assignment={assignment} />
        ))}
      </ol>
    </details>
  );
}

const ACTS = ["saved", "sent", "withdrawn", "accepted", "rejected", "document_attached", "document_detached"] as const;

function Entry({ version, before, assignment }: { version: Version; before: Version | undefined; assignment: Assignment }) {
  const { t } = useTranslation("respondent");
  const account = useAccount();
  const act = ACTS.find((one) => one === version.act) ?? "saved";
  const show = (one: Version) => showAnswer({ ...one, valueKind: assignment.valueKind, unit: assignment.unit });
  const now = show(version), earlier = before ? show(before) : "";
  const names = (one: Version | undefined) => (one?.documents ?? []).map((document) => document.fileName);
  const added = names(version).filter((name) => !names(before).includes(name));
  const removed = names(before).filter((name) => !names(version).includes(name));
  const isTable = assignment.valueKind === "table";
  const isValueChanged = isTable ? version.value !== (before?.value ?? "") : now !== earlier;
  const isVerdict = act === "accepted" || act === "rejected";
  const who = isVerdict ? t("history.operator") : version.actorAccountId === account.accountId ? t("history.me") : t("history.colleague");
  return (
    <li className={act}>
      <div><strong>{t(`history.act.${act}`)}</strong> <span className="muted">{formatStamp(version.at, assignment.zone)}, {who}</span></div>
      {isTable && isValueChanged && version.value && <RowsView assignment={assignment} value={version.value} />}
      {!isTable && isValueChanged && earlier && <div className="difference"><del>{earlier}</del> <span aria-hidden="true">→</span> <ins>{now || t("noValue")}</ins></div>}
      {!(isTable && isValueChanged) && (!isValueChanged || !earlier) && now && <div>{now}</div>}
      {version.comment !== (before?.comment ?? "") && version.comment && <div>{t("comment")}: {version.comment}</div>}
      {added.length > 0 && <div>{t("history.added", { names: added.join(", ") })}</div>}
      {removed.length > 0 && <div>{t("history.removed", { names: removed.join(", ") })}</div>}
      {version.resolution && <div>{t("rejected.resolution")} {version.resolution}</div>}
    </li>
  );
}
