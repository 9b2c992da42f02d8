// The book as it reads: directions with their significance, what is asked under each, what is only a demonstration.
import { useTranslation } from "react-i18next";
import { isOwed } from "../shared/form-note";
import type { Book, Item, Section } from "./data";

const SIGNIFICANCES = ["high", "medium", "low"] as const;

export function Demo({ isShown }: { isShown: boolean }) {
  const { t } = useTranslation("book");
  return isShown ? <> <span className="state">{t("demo")}</span></> : null;
}

export function Significance({ section }: { section: Section }) {
  const { t } = useTranslation("book");
  const known = SIGNIFICANCES.find((one) => one === section.significance);
  return known ? <> <span className={`book-significance ${known}`}>{t("significanceOf", { word: t(`significance.${known}`) })}</span></> : null;
}

export function Reading({ book }: { book: Book }) {
  const { t } = useTranslation("book");
  const demos = book.sections.filter((section) => section.demo).length + book.sections.flatMap((section) => section.items).filter((item) => item.demo).length;
  return (
    <>
      {demos > 0 && <p className="hint">{t("demoNote", { count: demos })}</p>}
      <ol className="book-list">
        {book.sections.map((section) => (
          <li key={section.code}>
            <details className="book-section">
              <summary>
                <strong>{[section.number, section.title].filter(Boolean).join(" ")}</strong> <span className="count">{section.items.length}</span>
                <Significance section={section} /><Demo isShown={section.demo} />
                {section.byChoice && <span className="muted"> · {t("byChoice")}</span>}
              </summary>
              {section.items.length === 0
                ? <p className="muted">{t("noItems")}</p>
                : <ul className="book-items">{section.items.map((item) => <ItemLine key={item.code} item={item} />)}</ul>}
            </details>
          </li>
        ))}
      </ol>
    </>
  );
}

function ItemLine({ item }: { item: Item }) {
  const { t } = useTranslation("book");
  const more = [
    t(`kind.${item.valueKind as "table"}`), item.unit,
    item.columns.length > 0 && t("columns", { titles: item.columns.map((column) => `«${column.title}»`).join(", ") }),
    item.evidence && t("evidence", { text: item.evidence }),
    item.form?.owner && t(isOwed(item.form) ? "formOwed" : "formOf", { owner: item.form.owner }), item.stage && t("stage", { text: item.stage }),
  ].filter(Boolean);
  return <li><div>{item.question}<Demo isShown={item.demo} /></div><div className="muted">{more.join(" · ")}</div></li>;
}
