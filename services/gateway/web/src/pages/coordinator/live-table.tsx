// A table whose rows change by themselves: it never moves under a reader who has scrolled, it says what has changed.
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParameter } from "../../parts/address";
import { DataTable, type Column, type Sorting } from "../../parts/table";
import type { Selection } from "./reminder";
import type { ReportRow } from "./report";

interface LiveTableProps<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  fresh: ReadonlySet<string>;
  empty: React.ReactNode;
  selection?: Partial<Selection<Row>>;
}

// "name" or "-name" in the address.
function useSorting(): [Sorting, (sorting: Sorting) => void] {
  const [sort, setSort] = useParameter("sort");
  const isDescending = sort.startsWith("-");
  return [
    { column: isDescending ? sort.slice(1) : sort, isDescending },
    (next) => setSort((next.isDescending ? "-" : "") + next.column),
  ];
}

const keyOf = (row: ReportRow) => row.organisationId;

export function LiveTable<Row extends ReportRow>({ caption, columns, rows, fresh, empty, selection }: LiveTableProps<Row>) {
  const { t } = useTranslation("coordinator");
  const [sorting, sort] = useSorting();
  const [isScrolled, setScrolled] = useState(false);
  const [unseen, setUnseen] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState<string>();
  useEffect(() => {
    if (fresh.size === 0 || !isScrolled) return;
    setUnseen((before) => new Set([...before, ...fresh]));
    // The same row may have to be brought into sight again.
    setShown(undefined);
  }, [fresh, isScrolled]);
  const changed = rows.filter((row) => unseen.has(row.organisationId));
  return (
    <div className="live-table" onScrollCapture={(event) => setScrolled((event.target as HTMLElement).scrollTop > 0)}>
      <DataTable caption={caption} columns={columns} rows={rows} keyOf={keyOf} fresh={fresh} sorting={sorting} onSort={sort}
        empty={empty} {...selection} {...(shown ? { currentKey: shown } : {})} />
      <div role="status" className="pill-place">
        {changed.length > 0 && (
          <button type="button" className="pill" onClick={() => {
            setShown(changed[0]!.organisationId);
            setUnseen(new Set());
          }}>
            {t("updated", { count: changed.length })}
          </button>
        )}
      </div>
    </div>
  );
}
