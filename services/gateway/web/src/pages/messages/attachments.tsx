// Documents that go along: uploaded at once, so that they are checked before the message is sent.
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemError } from "../../api/problem";
import { MAX_BYTES, uploadDocument } from "../../api/upload";
import { Button } from "../../parts/controls";
import { formatNumber } from "../../parts/format";
import { Icon } from "../../parts/icons";
import type { Content, Message } from "./data";

const DOCUMENTS_MAX = 20;

export function Attachments({ message, content, onChange, makeDraft }:
  { message: Message | null; content: Content; onChange: (documentIds: string[]) => void; makeDraft: () => Promise<Message | null> }) {
  const { t } = useTranslation("messages");
  const input = useRef<HTMLInputElement>(null);
  const [names, setNames] = useState(() => new Map(message?.attachments.map((one) => [one.documentId, one.fileName])));
  const [sending, setSending] = useState<{ name: string; part: number } | null>(null);
  const [trouble, setTrouble] = useState("");
  const add = async (file: File) => {
    setTrouble("");
    if (file.size > MAX_BYTES) return setTrouble(t("fileTooLarge", { name: file.name }));
    const draft = message ?? (await makeDraft());
    if (!draft) return;
    setSending({ name: file.name, part: 0 });
    try {
      const documentId = await uploadDocument({ messageId: draft.messageId }, file, (part) => setSending({ name: file.name, part }));
      setNames((now) => new Map(now).set(documentId, file.name));
      onChange([...content.documentIds, documentId]);
    } catch (error) {
      setTrouble(`${file.name}: ${error instanceof ProblemError ? error.violations[0]?.message ?? error.message : t("uploadCut")}`);
    } finally {
      setSending(null);
    }
  };
  return (
    <fieldset>
      <legend>{t("attachments")}</legend>
      <p className="hint">{t("attachmentsHint")}</p>
      {content.documentIds.length > 0 && (
        <ul className="message-attached">
          {content.documentIds.map((id) => (
            <li key={id}>
              <span><Icon name="file" size={16} /> {names.get(id) ?? t("document")}</span>
              <Button kind="quiet" isSmall icon="cross" aria-label={t("removeFile", { name: names.get(id) ?? "" })} onPress={() => onChange(content.documentIds.filter((one) => one !== id))} />
            </li>
          ))}
        </ul>
      )}
      {sending && <p role="status">{t("sendingFile", { name: sending.name, percent: formatNumber(Math.round(sending.part * 100)) })}</p>}
      {trouble && <p className="field-error" role="alert">{trouble}</p>}
      <input ref={input} type="file" accept=".pdf,application/pdf" hidden aria-label={t("addFile")}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) void add(file);
        }} />
      {content.documentIds.length < DOCUMENTS_MAX && <Button icon="upload" isDisabled={sending !== null} onPress={() => input.current?.click()}>{t("addFile")}</Button>}
    </fieldset>
  );
}
