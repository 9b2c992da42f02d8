// A table of thousands of rows: only those in sight are drawn, all of them are counted and printed.
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { Checkbox } from "./controls";
import { Icon } from "./icons";

export interface Column<Row> {
  id: string;
  title: string;
  render: (row: Row) => ReactNode;
  // With it the header sorts.
  sortBy?: (row: Row) => string | number;
  // Of a wide screen, in CSS: "minmax(12rem, 2fr)" is not known to tables, so a length: "12rem".
  width?: string;
  isNumber?: boolean;
}

export interface Sorting { column: string; isDescending: boolean; }

interface DataTableProps<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string;
  sorting?: Sorting;
  onSort?: (sorting: Sorting) => void;
  selected?: ReadonlySet<string>;
  onSelect?: (selected: Set<string>) => void;
  // The row that the details beside the table belong to.
  currentKey?: string;
  onOpen?: (row: Row) => void;
  // Rows whose background fades once, because they changed by themselves.
  fresh?: ReadonlySet<string>;
  empty?: ReactNode;
  // Of the row's line for screen readers when it is selected.
  nameOf?: (row: Row) => string;
  // The reader comes near the last row: more may be loaded.
  onNearEnd?: () => void;
}

const ROW_PX = 37;
const NEAR_ROWS = 100;
const collator = new Intl.Collator("ru", { numeric: true });

function useIsPrinting(): boolean {
  const [isPrinting, setPrinting] = useState(false);
  useEffect(() => {
    const query = window.matchMedia("print");
    const change = () => setPrinting(query.matches);
    // The paper is laid out right after this event: the rows have to be there by its end.
    const before = () => flushSync(() => setPrinting(true));
    const after = () => setPrinting(query.matches);
    query.addEventListener("change", change);
    window.addEventListener("beforeprint", before);
    window.addEventListener("afterprint", after);
    return () => {
      query.removeEventListener("change", change);
      window.removeEventListener("beforeprint", before);
      window.removeEventListener("afterprint", after);
    };
  }, []);
  return isPrinting;
}

// The rows in the order in which the table shows them.
export function sortRows<Row>(rows: Row[], columns: Column<Row>[], sorting: Sorting | undefined): Row[] {
  const sortBy = columns.find((column) => column.id === sorting?.column)?.sortBy;
  if (!sortBy) return rows;
  const sign = sorting!.isDescending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const x = sortBy(a), y = sortBy(b);
    return sign * (typeof x === "number" && typeof y === "number" ? x - y : collator.compare(String(x), String(y)));
  });
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { caption, columns, rows, keyOf, sorting, onSort, selected, onSelect, currentKey, onOpen, fresh, empty, nameOf, onNearEnd } = props;
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const isPrinting = useIsPrinting();

  const sorted = useMemo(() => sortRows(rows, columns, sorting), [rows, columns, sorting]);

  const virtualizer = useVirtualizer({
    count: sorted.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_PX, overscan: 12,
  });

  const currentIndex = currentKey === undefined ? -1 : sorted.findIndex((row) => keyOf(row) === currentKey);
  useEffect(() => {
    if (currentIndex >= 0) virtualizer.scrollToIndex(currentIndex, { align: "auto" });
  }, [currentIndex, virtualizer]);

  const items = virtualizer.getVirtualItems();
  const first = isPrinting ? 0 : (items[0]?.index ?? 0);
  const last = isPrinting ? sorted.length : (items.at(-1)?.index ?? -1) + 1;
  const above = isPrinting ? 0 : (items[0]?.start ?? 0);
  const below = isPrinting ? 0 : virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  const isNearEnd = last > 0 && last + NEAR_ROWS >= sorted.length;
  useEffect(() => {
    if (isNearEnd) onNearEnd?.();
  }, [isNearEnd, sorted.length, onNearEnd]);
  const columnCount = columns.length + (onSelect ? 1 : 0);
  const allSelected = selected !== undefined && sorted.length > 0 && sorted.every((row) => selected.has(keyOf(row)));

  const toggle = (row: Row) => {
    const next = new Set(selected);
    if (!next.delete(keyOf(row))) next.add(keyOf(row));
    onSelect?.(next);
  };

  return (
    <div className="table-place">
      <div className="table-scroll" ref={scroller} tabIndex={0} role="region" aria-label={caption}>
        <table className="data-table" aria-rowcount={sorted.length + 1}>
          <caption className="visually-hidden">{caption}</caption>
          <colgroup>
            {onSelect && <col className="select-column" />}
            {columns.map((column) => <col key={column.id} width={column.width} />)}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {onSelect && (
                <th scope="col">
                  <Checkbox aria-label={t("table.rows", { count: sorted.length })} isSelected={allSelected}
                    isIndeterminate={!allSelected && (selected?.size ?? 0) > 0}
                    onChange={(isOn) => onSelect(new Set(isOn ? sorted.map(keyOf) : []))} />
                </th>
              )}
              {columns.map((column) => (
                <HeaderCell key={column.id} column={column} sorting={sorting} onSort={onSort} />
              ))}
            </tr>
          </thead>
          <tbody>
            {above > 0 && <tr aria-hidden="true" style={{ height: above }}><td colSpan={columnCount} /></tr>}
            {sorted.slice(first, last).map((row, offset) => {
              const key = keyOf(row);
              const className = `${key === currentKey ? "current" : ""} ${fresh?.has(key) ? "fresh" : ""} ${onOpen ? "opens" : ""}`;
              return (
                <tr key={key} aria-rowindex={first + offset + 2} className={className}
                  aria-current={key === currentKey ? "true" : undefined} onClick={onOpen && (() => onOpen(row))}>
                  {onSelect && (
                    <td onClick={(event) => event.stopPropagation()}>
                      <Checkbox aria-label={nameOf?.(row) ?? key} isSelected={selected?.has(key) ?? false} onChange={() => toggle(row)} />
                    </td>
                  )}
                  {columns.map((column, index) => index === 0
                    ? <th key={column.id} scope="row" className={column.isNumber ? "number" : ""}>{column.render(row)}</th>
                    : <td key={column.id} className={column.isNumber ? "number" : ""}>{column.render(row)}</td>)}
                </tr>
              );
            })}
            {below > 0 && <tr aria-hidden="true" style={{ height: below }}><td colSpan={columnCount} /></tr>}
          </tbody>
        </table>
        {sorted.length === 0 && empty}
      </div>
      <p className="table-count muted">{t("table.rows", { count: sorted.length })}</p>
    </div>
  );
}

function HeaderCell<Row>({ column, sorting, onSort }: { column: Column<Row>; sorting?: Sorting | undefined; onSort?: ((sorting: Sorting) => void) | undefined }) {
  const { t } = useTranslation();
  const isSorted = sorting?.column === column.id;
  const className = column.isNumber ? "number" : "";
  if (!column.sortBy || !onSort) return <th scope="col" className={className}>{column.title}</th>;
  return (
    <th scope="col" className={className} aria-sort={isSorted ? (sorting.isDescending ? "descending" : "ascending") : "none"}>
      <button type="button" className="sort-button" onClick={() => onSort({ column: column.id, isDescending: isSorted && !sorting.isDescending })}>
        {column.title}
        {isSorted && <Icon name={sorting.isDescending ? "down" : "up"} size={16} />}
        {isSorted && <span className="visually-hidden">{t(sorting.isDescending ? "table.sortedDown" : "table.sortedUp")}</span>}
      </button>
    </th>
  );
}
