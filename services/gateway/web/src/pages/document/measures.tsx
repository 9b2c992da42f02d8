// The table of the document: five columns, the source's own words (S3.5-S3.12).
import { useTranslation } from "react-i18next";
import { formatDate } from "../../parts/format";
import { FormNote } from "../shared/form-note";
import type { Programme } from "../shared/programme";
import type { Wording } from "./act";

type Section = Programme["sections"][number];
type Due = Section["due"];

const KINDS = ["exact", "not_later", "period", "by_executor", "by_schedule", "relative_year", "quarter", "recurring"] as const;

export function Measures({ wording }: { wording: Wording }) {
  const { t } = useTranslation("document");
  const { sections } = wording;
  const approval = (wording.document as Programme["document"] | null | undefined)?.approval;
  const notes = sections.flatMap((section) => dues(section).map((due) => ({ number: section.number, text: due.footnote }))).filter((note) => note.text);
  const distinct = notes.filter((note, index) => notes.findIndex((one) => one.text === note.text) === index);
  return (
    <section className="act-annex" aria-labelledby="act-annex">
      {approval && <p className="act-approval">{approval}</p>}
      <h2 id="act-annex">{wording.title}</h2>
      <div className="act-scroll" tabIndex={0} role="region" aria-label={t("table")}>
        <table className="act-table">
          <caption className="visually-hidden">{t("table")}</caption>
          <thead>
            <tr>{(["number", "title", "responsible", "result", "due"] as const).map((id) => <th key={id} scope="col" className={`act-${id}`}>{t(`column.${id}`)}</th>)}</tr>
          </thead>
          <tbody>{sections.map((section) => <Line key={section.code} section={section} sections={sections} />)}</tbody>
        </table>
      </div>
      {distinct.length > 0 && (
        <div className="act-notes" role="note" aria-label={t("footnotes")}>{distinct.map((note) => <p key={note.text}>{note.text}</p>)}</div>
      )}
    </section>
  );
}

const dues = (section: Section): Due[] => [section.due, ...section.items.map((item) => item.due)].filter((due): due is Due => Boolean(due?.kind));
const numberOf = (section: Section) => section.number || section.title;

function Line({ section, sections }: { section: Section; sections: Section[] }) {
  const { t } = useTranslation("document");
  const before = sections.filter((one) => section.dependsOn.includes(one.code)).map(numberOf);
  const series = section.series ? sections.filter((one) => one.series === section.series).map(numberOf) : [];
  const own = section.items.filter((item) => item.due?.kind);
  return (
    <tr>
      <td data-column={t("column.number")}>{section.number}</td>
      <th scope="row" data-column={t("column.title")}>
        {section.title} {section.demo && <span className="state">{t("demo")}</span>}
        {before.length > 0 && <div className="act-aside muted">{t("after", { numbers: before.join(", ") })}</div>}
        {series.length > 1 && <div className="act-aside muted">{t("series", { numbers: series.join(", ") })}</div>}
      </th>
      <td data-column={t("column.responsible")}>
        {section.responsible.map((party) => (
          <div key={party.title}>{party.title}{!party.organisationCode && <span className="act-aside muted"> ({t("outside")})</span>}</div>
        ))}
      </td>
      <td data-column={t("column.result")}>
        {section.items.map((item) => (
          <div key={item.code}>
            {item.question}
            {item.form?.owner && <FormNote form={{ ...item.form, isOutside: !item.form.organisationCode }} />}
          </div>
        ))}
      </td>
      <td data-column={t("column.due")}>
        <DueWords due={section.due} />
        {own.map((item) => <div key={item.code} className="act-aside">{item.question}: <DueWords due={item.due} /></div>)}
      </td>
    </tr>
  );
}

// The source's words; where it has none, what its kind says.
function DueWords({ due }: { due: Due | null | undefined }) {
  const { t } = useTranslation("document");
  if (due?.text) return <>{due.text}</>;
  const kind = KINDS.find((one) => one === due?.kind);
  if (!due || !kind) return <>{t("due.round")}</>;
  const two = (number: number) => String(number).padStart(2, "0");
  return <>{t(`due.${kind}`, {
    on: formatDate(due.on), from: formatDate(due.from), owner: due.owner, day: two(due.day), month: two(due.month), quarter: String(due.quarter),
    offset: due.yearOffset > 0 ? `+${due.yearOffset}` : String(due.yearOffset),
  })}</>;
}
