// Changing the book: names, hints, significance, order, what is added and what is asked no more.
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button, Checkbox, Select, TextField } from "../../parts/controls";
import { FormFields } from "./form-fields";
import { freshItem, freshSection, moved, replaced, without, type Book, type Item, type Section } from "./data";

const NONE = "none";

export function Editor({ book, onChange }: { book: Book; onChange: (book: Book) => void }) {
  const { t } = useTranslation("book");
  const [open, setOpen] = useState("");
  const put = (sections: Section[]) => onChange({ ...book, sections });
  const add = () => {
    const section = freshSection(book);
    setOpen(section.code);
    put([...book.sections, section]);
  };
  return (
    <>
      <ol className="book-list">
        {book.sections.map((section, index) => (
          <li key={section.code} className="book-section">
            <div className="book-section-head">
              <button type="button" className="row-link" aria-expanded={open === section.code} onClick={() => setOpen(open === section.code ? "" : section.code)}>
                {section.title || t("unnamed")}
              </button>
              <Acts name={section.title || t("unnamed")} index={index} count={book.sections.length}
                onMove={(by) => put(moved(book.sections, index, by))} onRetire={() => put(without(book.sections, index))} />
            </div>
            {open === section.code && <SectionForm book={book} section={section} onChange={(next) => put(replaced(book.sections, index, next))} />}
          </li>
        ))}
      </ol>
      <Button icon="plus" onPress={add}>{t("addSection")}</Button>
    </>
  );
}

function Acts({ name, index, count, onMove, onRetire }: { name: string; index: number; count: number; onMove: (by: -1 | 1) => void; onRetire: () => void }) {
  const { t } = useTranslation("book");
  return (
    <span className="book-acts">
      <Button kind="quiet" icon="up" aria-label={t("up", { name })} isDisabled={index === 0} onPress={() => onMove(-1)} />
      <Button kind="quiet" icon="down" aria-label={t("down", { name })} isDisabled={index === count - 1} onPress={() => onMove(1)} />
      <Button kind="quiet" icon="trash" aria-label={t("retire", { name })} onPress={onRetire} />
    </span>
  );
}

function Fields({ children, label }: { children: ReactNode; label: string }) {
  return <div className="book-fields" role="group" aria-label={label}>{children}</div>;
}

function SectionForm({ book, section, onChange }: { book: Book; section: Section; onChange: (section: Section) => void }) {
  const { t } = useTranslation("book");
  const put = (items: Item[]) => onChange({ ...section, items });
  return (
    <Fields label={section.title || t("unnamed")}>
      <TextField label={t("field.title")} value={section.title} maxLength={1000} isRequired onChange={(title) => onChange({ ...section, title })} />
      <Select label={t("field.significance")} value={section.significance || NONE}
        choices={[{ id: "high", text: t("significance.high") }, { id: "medium", text: t("significance.medium") }, { id: "low", text: t("significance.low") }, { id: NONE, text: t("significance.none") }]}
        onChange={(id) => onChange({ ...section, significance: id === NONE ? "" : id })} />
      <Checkbox isSelected={section.demo} onChange={(demo) => onChange({ ...section, demo })}>{t("isDemo")}</Checkbox>
      <Checkbox isSelected={section.byChoice} onChange={(byChoice) => onChange({ ...section, byChoice })}>{t("isByChoice")}</Checkbox>
      <ol className="book-items">
        {section.items.map((item, index) => (
          <li key={item.code}>
            <div className="book-section-head">
              <span className="muted">{t(`kind.${item.valueKind as "table"}`)}</span>
              <Acts name={item.question || t("unnamed")} index={index} count={section.items.length}
                onMove={(by) => put(moved(section.items, index, by))} onRetire={() => put(without(section.items, index))} />
            </div>
            <ItemForm programme={book.code} item={item} onChange={(next) => put(replaced(section.items, index, next))} />
          </li>
        ))}
      </ol>
      <div className="book-adds">
        <Button icon="plus" onPress={() => put([...section.items, freshItem(book, section, "table")])}>{t("addTemplate")}</Button>
        <Button icon="plus" onPress={() => put([...section.items, freshItem(book, section, "documents")])}>{t("addMeasure")}</Button>
      </div>
    </Fields>
  );
}

function ItemForm({ programme, item, onChange }: { programme: string; item: Item; onChange: (item: Item) => void }) {
  const { t } = useTranslation("book");
  return (
    <Fields label={item.question || t("unnamed")}>
      <TextField label={t("field.question")} value={item.question} maxLength={2000} isMultiline rows={2} isRequired onChange={(question) => onChange({ ...item, question })} />
      {item.columns.map((column, index) => (
        <TextField key={index} label={t("columnNumber", { number: String(index + 1) })} value={column.title} maxLength={200} isRequired
          onChange={(title) => onChange({ ...item, columns: replaced(item.columns, index, { ...column, title }) })} />
      ))}
      {item.valueKind !== "table" && <TextField label={t("field.evidence")} hint={t("evidenceHint")} value={item.evidence} maxLength={500} onChange={(evidence) => onChange({ ...item, evidence })} />}
      {item.valueKind !== "table" && item.evidence && <FormFields programme={programme} item={item} onChange={onChange} />}
      <TextField label={t("field.stage")} value={item.stage} maxLength={200} onChange={(stage) => onChange({ ...item, stage })} />
      <Checkbox isSelected={item.demo} onChange={(demo) => onChange({ ...item, demo })}>{t("isDemo")}</Checkbox>
    </Fields>
  );
}
