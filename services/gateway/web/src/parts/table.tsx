// A table of thousands of rows: only those in sight are drawn, all of them are counted and printed.
import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from "react";
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

// Every row is as high as its style says: what is in sight follows from the scroll position alone.
const ROW_PX = 37;
const NEAR_ROWS = 100;
// Rows drawn beyond those in sight, more of them where the reader is going; what is drawn changes in steps.
const AHEAD_ROWS = 10;
const BEHIND_ROWS = 4;
const STEP_ROWS = 4;
const FIRST_HEIGHT_PX = 720;
const collator = new Intl.Collator("ru", { numeric: true });

interface Sight { first: number; last: number; }

// Which rows are drawn. A scroll of a few pixels changes nothing here, so most frames of it cost no work.
function useSight(scroller: RefObject<HTMLDivElement | null>, count: number): Sight {
  const [sight, setSight] = useState<Sight>({ first: 0, last: Math.ceil(FIRST_HEIGHT_PX / ROW_PX) + AHEAD_ROWS });
  const lastTop = useRef(0);
  const look = useCallback(() => {
    const place = scroller.current!;
    const top = Math.floor(place.scrollTop / ROW_PX), rows = Math.ceil((place.clientHeight || FIRST_HEIGHT_PX) / ROW_PX);
    const isUpward = top < lastTop.current;
    lastTop.current = top;
    const first = Math.max(0, Math.floor((top - (isUpward ? AHEAD_ROWS : BEHIND_ROWS)) / STEP_ROWS) * STEP_ROWS);
    const last = Math.ceil((top + rows + (isUpward ? BEHIND_ROWS : AHEAD_ROWS)) / STEP_ROWS) * STEP_ROWS;
    setSight((before) => (before.first === first && before.last === last ? before : { first, last }));
  }, [scroller]);
  useLayoutEffect(look, [look, count]);
  // Not a passive effect: those are cleaned up when the table is gone already, and the observer may call in between.
  useLayoutEffect(() => {
    const place = scroller.current!;
    const observer = new ResizeObserver(() => {
      // A name that stays in its place costs every frame: only where the table is wider than its frame.
      place.toggleAttribute("data-wide", place.scrollWidth > place.clientWidth);
      look();
    });
    observer.observe(place);
    observer.observe(place.firstElementChild!);
    place.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      place.removeEventListener("scroll", look);
    };
  }, [scroller, look]);
  return { first: Math.min(sight.first, Math.max(0, count - 1)), last: Math.min(sight.last, count) };
}

// Scrolls no further than it takes to show the row below the header.
function bringIntoSight(place: HTMLElement, index: number): void {
  const header = place.querySelector("thead")?.offsetHeight ?? ROW_PX;
  const top = index * ROW_PX;
  if (place.scrollTop > top) place.scrollTop = top;
  else if (place.scrollTop + place.clientHeight < header + top + ROW_PX) place.scrollTop = header + top + ROW_PX - place.clientHeight;
}

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

interface RowHandlers<Row> { open: (row: Row) => void; toggle: (row: Row) => void; }

interface TableRowProps<Row> {
  row: Row;
  columns: Column<Row>[];
  number: number;
  isCurrent: boolean;
  isFresh: boolean;
  opens: boolean;
  // Undefined: rows of this table are not selected.
  isSelected: boolean | undefined;
  name: string;
  handlers: RowHandlers<Row>;
}

// Drawn anew only when something of this row changes, not when its neighbours come and go.
const TableRow = memo(function TableRow<Row>({ row, columns, number, isCurrent, isFresh, opens, isSelected, name, handlers }: TableRowProps<Row>) {
  const className = `${isCurrent ? "current" : ""} ${isFresh ? "fresh" : ""} ${opens ? "opens" : ""}`;
  return (
    <tr aria-rowindex={number} className={className} aria-current={isCurrent ? "true" : undefined} onClick={opens ? () => handlers.open(row) : undefined}>
      {isSelected !== undefined && (
        <td className="select-cell" onClick={(event) => event.stopPropagation()}>
          <label className="row-check"><input type="checkbox" aria-label={name} checked={isSelected} onChange={() => handlers.toggle(row)} /></label>
        </td>
      )}
      {columns.map((column, index) => index === 0
        ? <th key={column.id} scope="row" className={column.isNumber ? "number" : ""}>{column.render(row)}</th>
        : <td key={column.id} className={column.isNumber ? "number" : ""}>{column.render(row)}</td>)}
    </tr>
  );
}) as <Row>(props: TableRowProps<Row>) => ReactNode;

// The handlers of the last render behind one object that never changes.
function useHandlers<Row>(now: RowHandlers<Row>): RowHandlers<Row> {
  const latest = useRef(now);
  useLayoutEffect(() => {
    latest.current = now;
  });
  return useMemo(() => ({ open: (row) => latest.current.open(row), toggle: (row) => latest.current.toggle(row) }), []);
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { caption, columns, rows, keyOf, sorting, onSort, selected, onSelect, currentKey, onOpen, fresh, empty, nameOf, onNearEnd } = props;
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const isPrinting = useIsPrinting();

  const sorted = useMemo(() => sortRows(rows, columns, sorting), [rows, columns, sorting]);
  const sight = useSight(scroller, sorted.length);

  const currentIndex = useMemo(() => (currentKey === undefined ? -1 : sorted.findIndex((row) => keyOf(row) === currentKey)), [sorted, currentKey, keyOf]);
  useEffect(() => {
    if (currentIndex >= 0) bringIntoSight(scroller.current!, currentIndex);
  }, [currentIndex]);

  const { first, last } = isPrinting ? { first: 0, last: sorted.length } : sight;
  const isNearEnd = last > 0 && last + NEAR_ROWS >= sorted.length;
  useEffect(() => {
    if (isNearEnd) onNearEnd?.();
  }, [isNearEnd, sorted.length, onNearEnd]);
  const columnCount = columns.length + (onSelect ? 1 : 0);
  const allSelected = useMemo(() => selected !== undefined && sorted.length > 0 && sorted.every((row) => selected.has(keyOf(row))), [selected, sorted, keyOf]);

  const handlers = useHandlers<Row>({
    open: (row) => onOpen?.(row),
    toggle: (row) => {
      const next = new Set(selected);
      if (!next.delete(keyOf(row))) next.add(keyOf(row));
      onSelect?.(next);
    },
  });

  return (
    <div className="table-place">
      <div className="table-scroll" ref={scroller} tabIndex={0} role="region" aria-label={caption}>
        <table className="data-table" aria-rowcount={sorted.length + 1}>
          <caption className="visually-hidden">{caption}</caption>
          <colgroup>
            {onSelect && <col className="select-column" />}
            {columns.map((column) => <col key={column.id} style={{ width: column.width }} />)}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {onSelect && (
                <th scope="col" className="select-cell">
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
            {first > 0 && <tr aria-hidden="true" className="space" style={{ height: first * ROW_PX }}><td colSpan={columnCount} /></tr>}
            {sorted.slice(first, last).map((row, offset) => {
              const key = keyOf(row);
              return (
                <TableRow key={key} row={row} columns={columns} number={first + offset + 2} isCurrent={key === currentKey} isFresh={fresh?.has(key) ?? false}
                  opens={onOpen !== undefined} isSelected={onSelect && (selected?.has(key) ?? false)} name={onSelect ? (nameOf?.(row) ?? key) : ""} handlers={handlers} />
              );
            })}
            {last < sorted.length && (
              <tr aria-hidden="true" className="space" style={{ height: (sorted.length - last) * ROW_PX }}><td colSpan={columnCount} /></tr>
            )}
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
