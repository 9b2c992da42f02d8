// The form that a document is to be written on: whose it is, where it is published, the blank itself (S3.17).
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemError } from "../../api/problem";
import { MAX_BYTES, uploadDocument } from "../../api/upload";
import { Button, TextField } from "../../parts/controls";
import { formatNumber } from "../../parts/format";
import { Icon } from "../../parts/icons";
import { NO_FORM, withForm, type Form, type Item } from "./data";

export function FormFields({ programme, item, onChange }: { programme: string; item: Item; onChange: (item: Item) => void }) {
  const { t } = useTranslation("book");
  const form = item.form ?? NO_FORM;
  const put = (part: Partial<Form>) => onChange(withForm(item, part));
  return (
    <details className="book-form" open={form.owner !== "" || undefined}>
      <summary>{t("form.title")}</summary>
      <div className="book-fields" role="group" aria-label={t("form.titleOf", { name: item.question })}>
        <TextField label={t("form.owner")} hint={t("form.ownerHint")} value={form.owner} maxLength={300} onChange={(owner) => put({ owner })} />
        <TextField label={t("form.name")} value={form.title} maxLength={500} onChange={(title) => put({ title })} />
        <TextField label={t("form.basis")} hint={t("form.basisHint")} value={form.basis} maxLength={500} onChange={(basis) => put({ basis })} />
        <TextField label={t("form.address")} hint={t("form.addressHint")} value={form.address} maxLength={500} onChange={(address) => put({ address: address.trim() })} />
        <Blank programme={programme} form={form} onChange={put} />
      </div>
    </details>
  );
}

// It is uploaded at once and becomes the programme's with the version that is saved.
function Blank({ programme, form, onChange }: { programme: string; form: Form; onChange: (part: Partial<Form>) => void }) {
  const { t } = useTranslation("book");
  const input = useRef<HTMLInputElement>(null);
  const [part, setPart] = useState<number | null>(null);
  const [trouble, setTrouble] = useState("");
  const add = async (file: File) => {
    setTrouble("");
    if (file.size > MAX_BYTES) return setTrouble(t("form.tooLarge", { name: file.name }));
    setPart(0);
    try {
      onChange({ documentId: await uploadDocument({ programmeCode: programme }, file, setPart), fileName: file.name });
    } catch (error) {
      setTrouble(`${file.name}: ${error instanceof ProblemError ? error.violations[0]?.message ?? error.message : t("form.cut")}`);
    } finally {
      setPart(null);
    }
  };
  return (
    <div className="book-blank">
      {form.documentId
        ? <p><Icon name="file" size={16} /> {form.fileName || t("form.blank")} <Button kind="quiet" isSmall icon="cross" onPress={() => onChange({ documentId: "", fileName: "" })}>{t("form.remove")}</Button></p>
        : <p className="muted">{t("form.noBlank")}</p>}
      {part !== null && <p role="status">{t("form.sending", { percent: formatNumber(Math.round(part * 100)) })}</p>}
      {trouble && <p className="field-error" role="alert">{trouble}</p>}
      <input ref={input} type="file" accept=".pdf,application/pdf" hidden aria-label={t("form.add")}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) void add(file);
        }} />
      <Button isSmall icon="upload" isDisabled={part !== null} onPress={() => input.current?.click()}>{t(form.documentId ? "form.replace" : "form.add")}</Button>
    </div>
  );
}
