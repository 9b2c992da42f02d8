// Filling in a table: rows come, go and change places; it is saved by itself as every other answer (S1.11, B9, B22).
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { HelpSection } from "../shared/help-link";
import { Button, TextField } from "../../parts/controls";
import type { ProblemError } from "../../api/problem";
import type { Assignment } from "./assignments";
import { parseRows } from "../shared/table-rows";
import { CELL_MAX, isCellWrong, isRowBlank, ROWS_MAX, showCell, valueToSend } from "./rows";

// Rows keep their fields while they change places.
interface Line { id: number; cells: string[]; }

interface TableFormProps {
  assignment: Assignment;
  // As it is typed, or saved.
  value: string;
  onChange: (value: string) => void;
  onLeave: () => void;
  refusal: ProblemError | null;
  firstField: (element: HTMLElement | null) => void;
}

const SETTLE_MS = 300;
let lastId = 0;
const lineOf = (cells: string[]): Line => ({ id: ++lastId, cells });

export function TableForm({ assignment, value, onChange, onLeave, refusal, firstField }: TableFormProps) {
  const { t } = useTranslation("plan");
  const { columnTitles, columnKinds } = assignment;
  const blank = () => columnTitles.map(() => "");
  const read = (from: string): Line[] => {
    const rows = parseRows(from).map((row) => lineOf(columnTitles.map((_, index) => showCell(row[index] ?? "", columnKinds[index]))));
    return rows.length > 0 ? rows : [lineOf(blank())];
  };
  const [lines, setLines] = useState(() => read(value));
  const [removed, setRemoved] = useState<{ line: Line; index: number } | null>(null);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const body = useRef<HTMLDivElement>(null);
  const [wanted, want] = useState<{ id: number; cell: number } | null>(null);
  const written = (of: Line[]) => JSON.stringify(of.map((line) => line.cells));
  // Somebody else's rows took the place of these: they are shown. Blank rows of one's own stay.
  const mine = valueToSend(written(lines), columnKinds), theirs = valueToSend(value, columnKinds);
  useEffect(() => {
    if (theirs === mine) return;
    // Between the keeper's word and the list's one stroke may pass in which the value before is told once more.
    const timer = window.setTimeout(() => setLines(read(value)), SETTLE_MS);
    return () => window.clearTimeout(timer);
  }, [theirs, mine, value]);
  useEffect(() => {
    if (!wanted) return;
    body.current?.querySelectorAll<HTMLElement>(`[data-line="${wanted.id}"] textarea, [data-line="${wanted.id}"] input`)[wanted.cell]?.focus();
    want(null);
  }, [wanted]);

  const put = (next: Line[]) => {
    const kept = next.length > 0 ? next : [lineOf(blank())];
    setLines(kept);
    onChange(written(kept));
  };
  const type = (id: number, cell: number, text: string) =>
    put(lines.map((line) => (line.id === id ? { ...line, cells: line.cells.map((old, index) => (index === cell ? text : old)) } : line)));
  const move = (index: number, by: number) => {
    const next = [...lines];
    const [line] = next.splice(index, 1);
    next.splice(index + by, 0, line!);
    put(next);
  };
  const remove = (index: number) => {
    const line = lines[index]!;
    setRemoved(isRowBlank(line.cells) ? null : { line, index });
    put(lines.filter((one) => one !== line));
    const next = lines[index + 1] ?? lines[index - 1];
    if (next) want({ id: next.id, cell: 0 });
  };
  const add = () => {
    const line = lineOf(blank());
    put([...lines, line]);
    want({ id: line.id, cell: 0 });
  };
  // The server counts only rows that went to it.
  const sentIndex = (index: number) => lines.slice(0, index).filter((line) => !isRowBlank(line.cells)).length;
  const errorOf = (line: Line, index: number, cell: number): string => {
    const kind = columnKinds[cell];
    if (isCellWrong(line.cells[cell] ?? "", kind)) return left.has(`${line.id} ${cell}`) ? t("table.notNumber") : "";
    return refusal?.messageFor(`rows[${sentIndex(index)}].cells[${cell}]`) ?? "";
  };
  return (
    <div className="table-form" role="group" aria-label={t("table.title")} ref={body}>
      <p className="hint"><HelpSection number="7.2" /></p>
      <ol className="table-lines">
        {lines.map((line, index) => (
          <li key={line.id} data-line={line.id} className="table-line">
            <div className="table-line-head">
              <span className="muted">{t("table.row", { number: String(index + 1) })}</span>
              <span>
                <Button kind="quiet" isSmall icon="up" isDisabled={index === 0} onPress={() => move(index, -1)} aria-label={t("table.up", { number: String(index + 1) })} />
                <Button kind="quiet" isSmall icon="down" isDisabled={index === lines.length - 1} onPress={() => move(index, 1)} aria-label={t("table.down", { number: String(index + 1) })} />
                <Button kind="quiet" isSmall icon="trash" isDisabled={lines.length === 1 && isRowBlank(line.cells)} onPress={() => remove(index)} aria-label={t("table.remove", { number: String(index + 1) })} />
              </span>
            </div>
            <div className="table-cells">
              {columnTitles.map((title, cell) => {
                const isNumber = columnKinds[cell] === "number";
                return (
                  <TextField key={cell} label={title} value={line.cells[cell] ?? ""} maxLength={CELL_MAX} error={errorOf(line, index, cell)}
                    isNumber={isNumber} isMultiline={!isNumber} rows={2} {...(isNumber ? { inputMode: "decimal" as const } : {})} autoComplete="off"
                    {...(index === 0 && cell === 0 ? { inputRef: firstField } : {})}
                    onChange={(text) => type(line.id, cell, text)}
                    onBlur={() => {
                      setLeft((known) => new Set(known).add(`${line.id} ${cell}`));
                      const tidy = showCell(line.cells[cell] ?? "", columnKinds[cell]);
                      if (tidy !== line.cells[cell]) type(line.id, cell, tidy);
                      onLeave();
                    }} />
                );
              })}
            </div>
          </li>
        ))}
      </ol>
      <div className="table-acts">
        <Button isSmall icon="plus" isDisabled={lines.length >= ROWS_MAX} onPress={add}>{t("table.add")}</Button>
        {lines.length >= ROWS_MAX && <span className="hint">{t("table.full", { count: ROWS_MAX })}</span>}
        <span role="status">
          {removed && (
            <>{t("table.removed")} <Button kind="quiet" isSmall icon="undo" onPress={() => {
              const rest = lines.length === 1 && isRowBlank(lines[0]!.cells) ? [] : lines;
              put([...rest.slice(0, removed.index), removed.line, ...rest.slice(removed.index)]);
              want({ id: removed.line.id, cell: 0 });
              setRemoved(null);
            }}>{t("table.restore")}</Button></>
          )}
        </span>
      </div>
    </div>
  );
}
