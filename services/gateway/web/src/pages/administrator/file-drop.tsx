// Takes one file, dropped or chosen, and reads it as text: UTF-8, or windows-1251 as an old spreadsheet writes it; its
// bytes come with it.
import { useRef, useState, type DragEvent } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../parts/controls";
import { formatSize } from "../../parts/format";
import { Icon } from "../../parts/icons";
import { Notice } from "../../parts/surfaces";

export interface TextFile { name: string; size: number; text: string; bytes: Uint8Array; }

function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1251").decode(bytes);
  }
}

export function FileDrop({ label, hint, accept, maxBytes, onFile }:
  { label: string; hint: string; accept: string; maxBytes: number; onFile: (file: TextFile) => void }) {
  const { t } = useTranslation("administrator");
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [error, setError] = useState("");
  const take = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > maxBytes) return setError(t("fileTooBig", { size: formatSize(maxBytes) }));
    try {
      const content = await file.arrayBuffer();
      setError("");
      onFile({ name: file.name, size: file.size, text: decode(content), bytes: new Uint8Array(content) });
    } catch {
      setError(t("fileUnreadable"));
    }
  };
  const over = (event: DragEvent, isInside: boolean) => {
    event.preventDefault();
    setOver(isInside);
  };
  return (
    <>
      {error && <Notice tone="bad">{error}</Notice>}
      <div className={`file-drop ${isOver ? "over" : ""}`} onDragOver={(event) => over(event, true)} onDragLeave={(event) => over(event, false)}
        onDrop={(event) => { over(event, false); void take(event.dataTransfer.files[0]); }}>
        <Icon name="upload" size={32} />
        <p>{t("fileDrop")}</p>
        <p className="hint">{hint}</p>
        <Button kind="primary" onPress={() => input.current?.click()}>{t("fileChoose")}</Button>
        <input ref={input} type="file" accept={accept} aria-label={label} className="visually-hidden" tabIndex={-1}
          onChange={(event) => { void take(event.target.files?.[0]); event.target.value = ""; }} />
      </div>
    </>
  );
}

export function ChosenFile({ file, onAnother }: { file: TextFile; onAnother: () => void }) {
  const { t } = useTranslation("administrator");
  return (
    <p className="chosen-file">
      <Icon name="file" /><span>{t("chosenFile")}: <strong>{file.name}</strong>, {formatSize(file.size)}</span>
      <Button kind="quiet" isSmall onPress={onAnother}>{t("another")}</Button>
    </p>
  );
}
