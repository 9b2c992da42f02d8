// The order itself: who issued it, what it says, who controls it. Nothing is reworded.
import { useTranslation } from "react-i18next";
import { formatDate } from "../../parts/format";
import type { Programme } from "../shared/programme";

export type Wording = Pick<Programme, "title" | "sections" | "document">;

export function Act({ wording }: { wording: Wording }) {
  const { t } = useTranslation("document");
  // Absent from programmes that stand on no act.
  const act = wording.document as Programme["document"] | null | undefined;
  if (!act) return null;
  const name = act.number && act.date ? t("of", { kind: act.kind, date: formatDate(act.date), number: act.number }) : [act.kind, act.number, formatDate(act.date)].filter(Boolean).join(" ");
  return (
    <section className="act" aria-labelledby="act-name">
      {act.issuer && <p className="act-issuer">{act.issuer}</p>}
      <h2 id="act-name">{name}</h2>
      {act.title && <p className="act-title">{act.title}</p>}
      {act.paragraphs.length > 0 && (
        <div className="act-text" role="group" aria-label={t("text")}>{act.paragraphs.map((paragraph, index) => <p key={index}>{paragraph}</p>)}</div>
      )}
      <dl className="facts act-facts">
        {act.controller && <><dt>{t("controller")}</dt><dd>{act.controller}</dd></>}
        {act.signatory && <><dt>{t("signatory")}</dt><dd>{act.signatory}</dd></>}
        {act.parents.length > 0 && <><dt>{t("parents")}</dt><dd><ol className="act-parents">{act.parents.map((parent) => <li key={parent}>{parent}</li>)}</ol></dd></>}
        {act.abbreviations.length > 0 && <><dt>{t("abbreviations")}</dt><dd>{act.abbreviations.map((one) => <div key={one}>{one}</div>)}</dd></>}
      </dl>
    </section>
  );
}
