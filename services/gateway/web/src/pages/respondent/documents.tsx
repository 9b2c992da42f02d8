// The evidence of one answer: the rule beforehand, dropping or choosing files, their way, their check in words.
import { FormNote } from "../shared/form-note";
import { HelpSection } from "../shared/help-link";
import { useRef, useState, type DragEvent } from "react";
import { useTranslation } from "react-i18next";
import { useQueryClient } from "@tanstack/react-query";
import { api, reply } from "../../api/client";
import { Button } from "../../parts/controls";
import { formatSize } from "../../parts/format";
import { Icon } from "../../parts/icons";
import { ConfirmDialog } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { isOpen, putAssignment, type Assignment } from "./assignments";
import { useKeepers, useUploads } from "./keepers";
import { MAX_BYTES } from "../../api/upload";
import type { UploadEntry } from "./uploads";

type Document = Assignment["documents"][number];

const contentAddress = (documentId: string) => `/api/v1/documents/${documentId}/content`;

// unneeded: the answer is «Нет» or 0 (S2.31).
export type EvidenceRule = "required" | "optional" | "unneeded";

export function Documents({ assignment, rule }: { assignment: Assignment; rule: EvidenceRule }) {
  const { t } = useTranslation("respondent");
  const { t: common } = useTranslation();
  const uploads = useUploads().filter((one) => one.assignmentId === assignment.assignmentId);
  const canChange = isOpen(assignment);
  const onWay = uploads.filter((one) => one.state.name !== "done" || !assignment.documents.some((document) => one.state.name === "done" && document.documentId === one.state.documentId));
  const isOffered = canChange && rule !== "unneeded";
  if (!assignment.evidence && !assignment.evidenceRequired && assignment.documents.length === 0 && onWay.length === 0) return null;
  return (
    <section className="documents" aria-labelledby="documents-heading">
      <h3 id="documents-heading">{t("evidence")}</h3>
      {assignment.evidence && <p className="evidence-name">{assignment.evidence}</p>}
      {assignment.form?.owner && <FormNote form={{ ...assignment.form, isOutside: !assignment.form.organisationCode }} />}
      {canChange && rule !== "required" && <p className="hint">{t(rule === "optional" ? "evidenceOptional" : "evidenceNotNeeded")}</p>}
      <ul className="document-list">
        {assignment.documents.map((document) => <Attached key={document.documentId} assignment={assignment} document={document} canChange={canChange} />)}
        {onWay.map((upload) => <OnWay key={upload.id} upload={upload} />)}
      </ul>
      {assignment.documents.length === 0 && onWay.length === 0 && isOffered && <p className="muted">{t("noFile")}</p>}
      {isOffered && <p className="hint"><HelpSection number={assignment.valueKind === "documents" ? "7.4" : "2.3"} /></p>}
      {isOffered && <DropZone assignmentId={assignment.assignmentId} isFirst={assignment.documents.length === 0 && onWay.length === 0} />}
      <span className="visually-hidden" role="status">{onWay.map((one) => `${one.fileName}: ${one.state.name === "sending" ? common("loading") : t(`upload.${one.state.name}`)}`).join(". ")}</span>
    </section>
  );
}

function Attached({ assignment, document, canChange }: { assignment: Assignment; document: Document; canChange: boolean }) {
  const { t } = useTranslation("respondent");
  const { t: common } = useTranslation();
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const detach = useCommand(
    (_: null, headers) => reply(api.DELETE("/api/v1/assignments/{assignmentId}/documents/{documentId}", {
      params: { path: { assignmentId: assignment.assignmentId, documentId: document.documentId } }, headers,
    })),
    { onDone: (result) => { setAsking(false); putAssignment(queries, result); } },
  );
  return (
    <li className="document">
      <Icon name="file" />
      <div className="document-text">
        <span className="document-name">{document.fileName}</span>
        <span className="muted">{common("pages", { count: document.pages })}, {t("checked")} · {formatSize(document.sizeBytes)}</span>
      </div>
      <div className="document-acts">
        <a className="button small" href={contentAddress(document.documentId)} download={document.fileName}
          aria-label={`${t("download")}: ${document.fileName}`}><Icon name="download" /><span>{t("download")}</span></a>
        {canChange && <Button kind="quiet" isSmall icon="trash" aria-label={`${t("detach")}: ${document.fileName}`} onPress={() => setAsking(true)} />}
      </div>
      <ConfirmDialog isOpen={isAsking} onClose={() => setAsking(false)} title={t("detachTitle", { name: document.fileName })} confirm={t("detach")}
        isDanger isBusy={detach.isPending} error={detach.error} onConfirm={() => detach.mutate(null)}>
        <p>{t("detachConsequence")}</p>
      </ConfirmDialog>
    </li>
  );
}

function OnWay({ upload }: { upload: UploadEntry }) {
  const { t } = useTranslation("respondent");
  const { t: common } = useTranslation();
  const { uploads } = useKeepers();
  const { state } = upload;
  const share = Math.round((upload.offset / Math.max(1, upload.sizeBytes)) * 100);
  const isGoing = state.name === "queued" || state.name === "sending" || state.name === "waiting" || state.name === "needsFile";
  return (
    <li className={`document on-way ${state.name}`}>
      <Icon name={state.name === "refused" ? "alert" : "upload"} />
      <div className="document-text">
        <span className="document-name">{upload.fileName}</span>
        {isGoing && <progress max={100} value={share} aria-label={t("uploadProgress", { name: upload.fileName })} />}
        <span className={state.name === "refused" ? "field-error" : "muted"}>{words()}</span>
        {state.name === "needsFile" && <FileButton label={t("chooseSame")} onFiles={(files) => files[0] && uploads.resume(upload.id, files[0])} />}
      </div>
      {state.name !== "checking" && state.name !== "done" && (
        <Button kind="quiet" isSmall icon="cross" aria-label={`${t(state.name === "refused" ? "removeLine" : "cancelUpload")}: ${upload.fileName}`}
          onPress={() => void uploads.cancel(upload.id)} />
      )}
    </li>
  );

  function words(): string {
    const arrived = t("upload.arrived", { arrived: formatSize(upload.offset), size: formatSize(upload.sizeBytes) });
    switch (state.name) {
      case "sending":
        return state.bytesPerSecond > 0 ? `${arrived} · ${formatSize(Math.round(state.bytesPerSecond))}${t("perSecond")}` : arrived;
      case "waiting":
      case "queued":
        return `${arrived}. ${t(`upload.${state.name}`)}`;
      case "needsFile":
        return `${arrived}. ${t(state.isOther ? "upload.otherFile" : "upload.needsFile")}`;
      case "refused":
        return state.message;
      case "done":
        return `${common("pages", { count: state.pages })}, ${t("checked")}`;
      default:
        return t("upload.checking");
    }
  }
}

function FileButton({ label, isPrimary, onFiles, isMany }: { label: string; isPrimary?: boolean; onFiles: (files: File[]) => void; isMany?: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button kind={isPrimary ? "primary" : "plain"} isSmall icon="upload" onPress={() => input.current?.click()}>{label}</Button>
      <input ref={input} type="file" accept="application/pdf,.pdf" hidden multiple={isMany ?? false} aria-label={label} onChange={(event) => {
        onFiles(Array.from(event.target.files ?? []));
        event.target.value = "";
      }} />
    </>
  );
}

function DropZone({ assignmentId, isFirst }: { assignmentId: string; isFirst: boolean }) {
  const { t } = useTranslation("respondent");
  const { uploads } = useKeepers();
  const [isOver, setOver] = useState(false);
  const [refused, setRefused] = useState<string[]>([]);
  const take = (files: File[]) => {
    const bad: string[] = [];
    for (const file of files) {
      if (!/\.pdf$/i.test(file.name)) bad.push(t("notPdf", { name: file.name }));
      else if (file.size === 0) bad.push(t("emptyFile", { name: file.name }));
      else if (file.size > MAX_BYTES) bad.push(t("tooLarge", { name: file.name, size: formatSize(file.size) }));
      else uploads.add(assignmentId, file);
    }
    setRefused(bad);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(Array.from(event.dataTransfer.files));
  };
  return (
    <div className={`drop-zone ${isOver ? "over" : ""}`} onDragOver={(event) => { event.preventDefault(); setOver(true); }}
      onDragLeave={() => setOver(false)} onDrop={drop}>
      <FileButton label={isFirst ? t("uploadFile") : t("uploadMore")} onFiles={take} isMany />
      <span className="hint">{t("fileRule")}</span>
      {refused.length > 0 && <div role="alert" className="drop-refused">{refused.map((text) => <p key={text} className="field-error">{text}</p>)}</div>}
    </div>
  );
}

