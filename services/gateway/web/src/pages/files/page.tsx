// My report files: what is there, what is coming, for how long they are kept.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { Button } from "../../parts/controls";
import { formatDate, formatDateTime, formatNumber } from "../../parts/format";
import { ConfirmDialog, EmptyState, ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { isComing, useFiles, type ReportFile } from "./data";
import { FileLink, Progress } from "./dialog";
import { TablesForPrograms } from "./tables";

function FileCard({ file, onDelete }: { file: ReportFile; onDelete: () => void }) {
  const { t } = useTranslation("files");
  return (
    <li className="card file-card">
      <div>
        <h2 className="file-name">{file.fileName}</h2>
        {isComing(file) && <Progress file={file} />}
        {file.state === "failed" && <p>{file.failure}</p>}
        {file.state === "done" && <p className="muted">{t("rows", { count: file.rows, number: formatNumber(file.rows) })}</p>}
        <p className="muted">{t("asked", { moment: formatDateTime(file.createdAt), day: formatDate(file.expiresAt) })}</p>
        {file.sha256 && <p className="muted file-hash">SHA-256: <span>{file.sha256}</span></p>}
      </div>
      <div className="file-actions">
        {file.state === "done" && <FileLink file={file} />}
        <Button icon="trash" onPress={onDelete} aria-label={`${t("delete")}: ${file.fileName}`}>{t("delete")}</Button>
      </div>
    </li>
  );
}

export function FilesPage() {
  const { t } = useTranslation("files");
  const queries = useQueryClient();
  const query = useFiles();
  const [deleted, setDeleted] = useState<ReportFile | null>(null);
  const remove = useCommand(
    (exportId: string, headers) => reply(api.DELETE("/api/v1/exports/{exportId}", { params: { path: { exportId } }, headers })),
    {
      onDone: () => {
        setDeleted(null);
        void queries.invalidateQueries({ queryKey: ["exports"], exact: true });
      },
    },
  );
  return (
    <>
      <PageHead title={t("pageTitle")} status={t("kept")} />
      {query.isPending && <Loading rows={4} />}
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.exports.length === 0 && <EmptyState icon="file" title={t("noneTitle")}>{t("none")}</EmptyState>}
      {query.data && query.data.exports.length > 0 && (
        <ul className="card-list file-list">
          {query.data.exports.map((file) => <FileCard key={file.exportId} file={file} onDelete={() => setDeleted(file)} />)}
        </ul>
      )}
      <TablesForPrograms />
      {deleted && (
        <ConfirmDialog isOpen onClose={() => setDeleted(null)} title={t("deleteTitle")} confirm={t("delete")} isDanger
          isBusy={remove.isPending} error={remove.error} onConfirm={() => remove.mutate(deleted.exportId)}>
          <p>{t("deleteConsequence", { name: deleted.fileName })}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
