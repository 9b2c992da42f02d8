// Takes one file, dropped or chosen, and reads it as text: UTF-8, or windows-1251 as an old spreadsheet writes it; its
// bytes come with it.
import { useRef, useState, type DragEvent } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./controls";
import { formatSize } from "./format";
import { Icon } from "./icons";
import { Notice } from "./surfaces";

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
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [error, setError] = useState("");
  const take = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > maxBytes) return setError(t("file.tooBig", { size: formatSize(maxBytes) }));
    try {
      const content = await file.arrayBuffer();
      setError("");
      onFile({ name: file.name, size: file.size, text: decode(content), bytes: new Uint8Array(content) });
    } catch {
      setError(t("file.unreadable"));
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
        <p>{t("file.drop")}</p>
        <p className="hint">{hint}</p>
        <Button kind="primary" onPress={() => input.current?.click()}>{t("file.choose")}</Button>
        <input ref={input} type="file" accept={accept} aria-label={label} className="visually-hidden" tabIndex={-1}
          onChange={(event) => { void take(event.target.files?.[0]); event.target.value = ""; }} />
      </div>
    </>
  );
}

export function ChosenFile({ file, onAnother }: { file: TextFile; onAnother: () => void }) {
  const { t } = useTranslation();
  return (
    <p className="chosen-file">
      <Icon name="file" /><span>{t("file.chosen")}: <strong>{file.name}</strong>, {formatSize(file.size)}</span>
      <Button kind="quiet" isSmall onPress={onAnother}>{t("file.another")}</Button>
    </p>
  );
}
