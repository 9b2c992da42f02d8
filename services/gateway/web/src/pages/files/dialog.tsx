// A report into a file: the format, how far it is, the link (S1.29).
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-aria-components";
import { api, reply } from "../../api/client";
import { Button, RadioGroup } from "../../parts/controls";
import { formatNumber, formatSize } from "../../parts/format";
import { Icon } from "../../parts/icons";
import { Dialog, ErrorNotice } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { contentOf, isComing, useFile, type FileQuestion, type ReportFile } from "./data";
import "../../styles/files.css";

export function Progress({ file }: { file: ReportFile }) {
  const { t } = useTranslation("files");
  return <p className="file-progress" role="status">{t("coming")}{file.rows > 0 && ` ${t("rows", { count: file.rows, number: formatNumber(file.rows) })}`}</p>;
}

export function FileLink({ file }: { file: ReportFile }) {
  const { t } = useTranslation("files");
  return (
    <Link className="button primary file-link" href={contentOf(file)} download={file.fileName} target="_self">
      <Icon name="download" />{t("fetch", { size: formatSize(file.sizeBytes) })}<span className="visually-hidden">: {file.fileName}</span>
    </Link>
  );
}

function Made({ exportId, onAgain }: { exportId: string; onAgain: () => void }) {
  const { t } = useTranslation("files");
  const { data: file, error, refetch } = useFile(exportId);
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (!file) return <p className="file-progress" role="status">{t("coming")}</p>;
  if (isComing(file)) return <Progress file={file} />;
  if (file.state === "failed") return <><p role="alert">{file.failure}</p><Button onPress={onAgain}>{t("again")}</Button></>;
  return <><p className="file-name">{file.fileName}</p><FileLink file={file} /></>;
}

export function FileDialog({ question, onClose }: { question: Omit<FileQuestion, "format">; onClose: () => void }) {
  const { t } = useTranslation("files");
  const queries = useQueryClient();
  const [format, setFormat] = useState("xlsx");
  const [report, setReport] = useState(question.report);
  const [exportId, setExportId] = useState("");
  const ask = useCommand(
    (body: FileQuestion, headers) => reply(api.POST("/api/v1/exports", { body, headers })),
    {
      onDone: (file) => {
        setExportId(file.exportId);
        void queries.invalidateQueries({ queryKey: ["exports"], exact: true });
      },
    },
  );
  return (
    <Dialog isOpen onClose={onClose} title={t("title")}>
      {exportId === "" && (
        <>
          {question.report === "provided" && (
            <RadioGroup label={t("content")} value={report} onChange={setReport}
              choices={[{ id: "provided", text: t("provided") }, { id: "values", text: t("values") }]} />
          )}
          <RadioGroup label={t("format")} hint={t("kept")} value={format} onChange={setFormat}
            choices={[{ id: "xlsx", text: t("xlsx") }, { id: "pdf", text: t("pdf") }, { id: "csv", text: t("csv") }]} />
          {ask.error ? <ErrorNotice error={ask.error} /> : null}
        </>
      )}
      {exportId !== "" && <Made exportId={exportId} onAgain={() => setExportId("")} />}
      <div className="dialog-actions">
        <a className="link" href="/reports/files">{t("all")}</a>
        <Button onPress={onClose}>{t("close", { ns: "common" })}</Button>
        {exportId === "" && <Button kind="primary" isDisabled={ask.isPending} onPress={() => ask.mutate({ ...question, report, format })}>{t("make")}</Button>}
      </div>
    </Dialog>
  );
}
