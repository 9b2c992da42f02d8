// Whose form a document is to be written on, and the form itself or that its owner still owes it (S3.17).
import { useTranslation } from "react-i18next";
import { Icon } from "../../parts/icons";
import "../../styles/form-note.css";

export interface FormOf { title: string; owner: string; isOutside: boolean; basis: string; address: string; documentId: string; fileName: string; }

export const isOwed = (form: { address: string; documentId: string }) => !form.address && !form.documentId;

export function FormNote({ form }: { form: FormOf }) {
  const { t } = useTranslation();
  return (
    <div className="form-note">
      <div>
        {t("form.of", { owner: form.owner })}{form.isOutside && ` (${t("form.outside")})`}{form.title && <>: <q>{form.title}</q></>}
        {form.basis && <span className="muted"> · {form.basis}</span>}
      </div>
      {isOwed(form) && <span className="state in_review"><Icon name="alert" size={16} />{t("form.owed")}</span>}
      {form.documentId && (
        <a className="button small" href={`/api/v1/documents/${form.documentId}/content`} download={form.fileName || true}
          aria-label={`${t("form.download")}: ${form.fileName || form.title || form.owner}`}><Icon name="download" /><span>{t("form.download")}</span></a>
      )}
      {form.address && <a href={form.address} target="_blank" rel="noreferrer noopener">{t("form.page")}</a>}
    </div>
  );
}
