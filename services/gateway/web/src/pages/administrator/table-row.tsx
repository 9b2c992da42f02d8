// A row of a road map's table: what was understood, what is doubtful, and the fields to correct it in.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, TextField } from "../../parts/controls";
import { Icon } from "../../parts/icons";
import { onlyOf } from "../../table/due";
import { formOf } from "../../table/parts";
import { gapsOfRow, isLate, type Gap, type Row } from "../../table/recognise";
import { DueFields, DueText } from "./table-due";

const linesOf = (text: string) => text.split("\n").map((line) => line.trim()).filter(Boolean);

export function useRowTitle() {
  const { t } = useTranslation("table");
  return (row: Row) => (row.number ? t("page.rowTitle", { line: row.lines.join(", "), number: row.number }) : t("page.rowTitleBare", { line: row.lines.join(", ") }));
}

export function Understood({ row, today, before, parties }: { row: Row; today: string; before: readonly string[]; parties: readonly string[] }) {
  const { t } = useTranslation("table");
  return (
    <dl className="table-row-facts">
      <dt>{t("field.title")}</dt><dd><strong>{row.title || "—"}</strong></dd>
      <dt>{t("field.responsible")}</dt><dd>{row.parties.map((party) => <div key={party}>{party}</div>)}{row.parties.length === 0 && "—"}</dd>
      <dt>{t("field.result")}</dt><dd>{row.results.map((result, index) => {
        const owner = formOf(result, parties)?.owner;
        return <div key={index}>{result}{owner && <div className="muted">{t("page.form", { owner })}</div>}</div>;
      })}{row.results.length === 0 && "—"}</dd>
      <dt>{t("field.due")}</dt>
      <dd>
        <strong><DueText due={row.due} /></strong>{row.due.text && <> <q>{row.due.text}</q></>}
        {row.due.footnote && <div className="muted">{row.due.footnote}</div>}
        {isLate(row.due, today) && <div className="late">{t("late")}</div>}
      </dd>
      {(row.after ?? before).length > 0 && <><dt>{t("page.after")}</dt><dd>{(row.after ?? before).join(", ")}</dd></>}
    </dl>
  );
}

export function Doubts({ row }: { row: Row }) {
  const { t } = useTranslation("table");
  return (
    <ul className="table-doubts">
      {row.doubts.map((one) => (
        <li key={one.doubt + one.field}>
          <Icon name="alert" size={16} /> <span>{t(`field.${one.field}`)}{one.column && ` (${t("column")} ${one.column})`}: {t(`doubt.${one.doubt}`)}</span>
        </li>
      ))}
    </ul>
  );
}

interface FormProps { row: Row; before: readonly string[]; onConfirm: (row: Row) => void; onCancel?: () => void; }

export function RowForm({ row, before, onConfirm, onCancel }: FormProps) {
  const { t } = useTranslation("table");
  const [draft, setDraft] = useState(row);
  const [parties, setParties] = useState(row.parties.join("\n"));
  const [results, setResults] = useState(row.results.join("\n"));
  const [after, setAfter] = useState((row.after ?? before).join(", "));
  const [isTried, setTried] = useState(false);
  const numbers = after.split(/[,;\s]+/).filter(Boolean);
  // As the programme has it: nothing was decided here.
  const { after: _, ...undecided } = draft;
  const ofRow = numbers.join() === before.join() ? undecided : { ...undecided, after: numbers };
  const whole: Row = { ...ofRow, title: draft.title.trim(), number: draft.number.trim(), parties: linesOf(parties), results: linesOf(results), due: onlyOf(draft.due) };
  const gaps: readonly Gap[] = isTried ? gapsOfRow(whole) : [];
  const error = (gap: Gap) => (gaps.includes(gap) ? t(`gap.${gap}`) : "");
  return (
    <form className="table-row-form" onSubmit={(event) => {
      event.preventDefault();
      setTried(true);
      if (gapsOfRow(whole).length === 0) onConfirm(whole);
    }}>
      <div className="field-row table-row-head">
        <TextField label={t("field.number")} value={draft.number} onChange={(number) => setDraft({ ...draft, number })} maxLength={20} />
        <TextField label={t("field.title")} value={draft.title} onChange={(title) => setDraft({ ...draft, title: title.replace(/\n/g, " ") })} isMultiline rows={2} maxLength={1000} error={error("title")} />
      </div>
      <div className="field-row">
        <TextField label={t("field.responsible")} hint={t("page.onePerLine")} value={parties} onChange={setParties} isMultiline rows={2} error={error("parties")} />
        <TextField label={t("field.result")} hint={t("page.onePerLine")} value={results} onChange={setResults} isMultiline rows={4} error={error("results")} />
      </div>
      <p className="muted">{t("page.words")}: {row.due.text ? <q>{row.due.text}</q> : "—"} {row.due.footnote}</p>
      <TextField label={t("page.after")} hint={t("page.afterHint")} value={after} onChange={setAfter} maxLength={200} />
      <DueFields due={draft.due} gaps={gaps} onChange={(due) => setDraft({ ...draft, due })} />
      <div className="details-actions">
        <Button type="submit">{t("page.confirm")}</Button>
        {onCancel && <Button kind="quiet" onPress={onCancel}>{t("page.cancel")}</Button>}
      </div>
    </form>
  );
}
