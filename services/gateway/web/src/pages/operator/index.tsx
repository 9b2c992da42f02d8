// The operator's queue: a dense list, the selected answer beside it, one verdict after the other by keys or mouse.
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useQueryClient } from "@tanstack/react-query";
import { useAccount } from "../../api/session";
import { useParameter, useTyped } from "../../parts/address";
import { Button } from "../../parts/controls";
import { LiveSwitch } from "../../parts/live-switch";
import { useShortcuts } from "../../parts/shortcuts";
import { EmptyState, ErrorNotice, Loading, Notice, PageHead, useToast } from "../../parts/surfaces";
import { DataTable, sortRows, type Sorting } from "../../parts/table";
import { BulkBar } from "./bulk";
import { makeColumns } from "./columns";
import { FilterBar, useConditions, useFilters, useRounds } from "./filters";
import { KeysDialog } from "./keys";
import { dropEntries, useOpened, useQueue, useQueueEvents, type QueueEntry } from "./queue-data";
import { valueText } from "./value";
import { Verdict } from "./verdict";
import "../../styles/operator.css";

const FRESH_MS = 3000;

const keyOf = (entry: QueueEntry) => entry.assignmentId;
const textOf = new WeakMap<QueueEntry, string>();

// Lower case of everything that the search looks at, made once per entry.
function searchText(entry: QueueEntry): string {
  let text = textOf.get(entry);
  if (text === undefined) {
    text = [entry.organisationName, entry.municipalityName, entry.question, entry.sectionTitle, valueText(entry), entry.value].join("\n").toLowerCase();
    textOf.set(entry, text);
  }
  return text;
}

function useFresh(): [ReadonlySet<string>, (entries: QueueEntry[]) => void] {
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const timer = useRef(0);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const show = (entries: QueueEntry[]) => {
    setFresh(new Set(entries.map(keyOf)));
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setFresh(new Set()), FRESH_MS);
  };
  return [fresh, show];
}

function useSorting(): [Sorting | undefined, (sorting: Sorting) => void] {
  const [sort, setSort] = useParameter("sort");
  const sorting = useMemo(() => (sort ? { column: sort.replace(/^-/, ""), isDescending: sort.startsWith("-") } : undefined), [sort]);
  return [sorting, (next) => setSort((next.isDescending ? "-" : "") + next.column)];
}

export function QueuePage() {
  const { t } = useTranslation(["operator", "common"]);
  const queries = useQueryClient();
  const chosen = useFilters();
  const [item, setItem] = useParameter("item");
  const [search, setSearch] = useTyped("q");
  const [sorting, setSorting] = useSorting();
  const [selected, setSelected] = useState<Set<string>>(new Set());
  const [areKeysShown, setKeysShown] = useState(false);
  const [missed, setMissed] = useState<{ entry: QueueEntry; why: string } | null>(null);
  const [fresh, showFresh] = useFresh();
  const { toast, show } = useToast();
  const searchField = useRef<HTMLInputElement>(null);
  const rounds = useRounds();
  const { choices, areKnown } = useConditions(chosen);
  const isCurator = useAccount().role === "ROLE_CURATOR";
  const { list, queue, onNearEnd, isLoadingMore, failure, retry } = useQueue(chosen.filters);
  useOpened(chosen.filters);
  useQueueEvents((arrived) => { if (arrived.length > 0) showFresh(arrived); });

  const isBeside = item !== "";
  const columns = useMemo(() => makeColumns(t, isBeside), [t, isBeside]);
  const wanted = useDeferredValue(search.trim().toLowerCase());
  const entries = queue?.entries;
  const shown = useMemo(() => {
    const found = wanted && entries ? entries.filter((entry) => searchText(entry).includes(wanted)) : (entries ?? []);
    return sortRows(found, columns, sorting);
  }, [entries, wanted, columns, sorting]);
  const index = shown.findIndex((entry) => entry.assignmentId === item);
  // Where the selected one stood before it went from the list.
  const lastIndex = useRef(0);
  if (index >= 0) lastIndex.current = index;

  const choose = (entry: QueueEntry | undefined) => setItem(entry?.assignmentId ?? "", !item);
  const go = (step: number) => {
    if (shown.length === 0) return;
    const from = index >= 0 ? index + step : item ? lastIndex.current + (step < 0 ? -1 : 0) : 0;
    choose(shown[Math.min(Math.max(from, 0), shown.length - 1)]);
  };
  // The next of those that wait; from the last one back to the first.
  const goOn = (decidedId?: string) => {
    const left = shown.filter((entry) => entry.assignmentId !== decidedId && (decidedId === undefined || entry.assignmentId !== item));
    const at = index >= 0 && decidedId === undefined ? index + 1 : lastIndex.current;
    setItem((left[at] ?? left.at(-1))?.assignmentId ?? "");
  };
  const decided = (entry: QueueEntry, word: string) => {
    goOn(entry.assignmentId);
    dropEntries(queries, new Set([entry.assignmentId]));
    setSelected((now) => new Set([...now].filter((id) => id !== entry.assignmentId)));
    void queries.invalidateQueries({ queryKey: ["queue", "opened"] });
    setMissed(null);
    show(`${word}: ${entry.organisationName}`);
  };
  const onMissed = (entry: QueueEntry, why: string) => {
    setMissed({ entry, why });
    goOn(entry.assignmentId);
  };
  const toggle = () => {
    if (!item) return;
    const next = new Set(selected);
    if (!next.delete(item)) next.add(item);
    setSelected(next);
  };
  useShortcuts({
    j: () => go(1),
    k: () => go(-1),
    x: toggle,
    "/": () => searchField.current?.focus(),
    "?": () => setKeysShown(true),
    Escape: () => setItem(""),
  });
  const chosenEntries = useMemo(() => shown.filter((entry) => selected.has(entry.assignmentId)), [shown, selected]);
  const zoneOf = (roundId: string) => rounds.data?.rounds.find((round) => round.roundId === roundId)?.zone ?? "";
  const isPartial = queue && !queue.isComplete;
  const isPendingList = !chosen.filters.state || chosen.filters.state === "waiting" || chosen.filters.state === "opened";
  return (
    <div className={`queue ${item ? "has-item" : ""}`}>
      {missed && (
        <Notice tone="warning" action={<Button isSmall onPress={() => setMissed(null)}>{t("dismiss")}</Button>}>
          {t("missed", { question: missed.entry.question, organisation: missed.entry.organisationName })} <strong>{missed.why}</strong>
        </Notice>
      )}
      <div className="queue-split">
        <div className="queue-list">
          <PageHead title={t("title")}
            status={<>
              <span className="queue-counts">{queue && `${t(isCurator ? "waitingCurator" : "waiting", { count: queue.waiting })} · ${t("opened", { count: queue.opened })}`}</span>
              <LiveSwitch />
              <Button kind="quiet" isSmall icon="help" onPress={() => setKeysShown(true)}>{t("keysButton")}</Button>
            </>} />
          {areKnown && <FilterBar chosen={chosen} choices={choices} search={search} onSearch={setSearch} searchRef={searchField} />}
          {isPendingList && <BulkBar selected={chosenEntries} onClear={() => setSelected(new Set())} />}
          {(list.isPending || !areKnown) && <Loading rows={10} />}
          {list.error && <ErrorNotice error={list.error} onRetry={retry} />}
          {failure ? <ErrorNotice error={failure} onRetry={retry} /> : null}
          {queue && areKnown && (
            <DataTable caption={t("title")} columns={columns} rows={shown} keyOf={keyOf} {...(sorting ? { sorting } : {})} onSort={setSorting}
              {...(isPendingList ? { selected, onSelect: setSelected } : {})} {...(item ? { currentKey: item } : {})} onOpen={choose} fresh={fresh}
              nameOf={(entry) => `${entry.organisationName}, ${entry.question}`} onNearEnd={onNearEnd}
              empty={search || chosen.isFiltered
                ? <EmptyState icon="search" title={t("nothingTitle")}>{t("nothing")}</EmptyState>
                : <EmptyState icon="check" title={t("emptyTitle")}>{t("empty")}</EmptyState>} />
          )}
          {isLoadingMore && <p className="muted" role="status">{t("loadingMore")}</p>}
          {isPartial && wanted && !isLoadingMore && <p className="muted">{t("searchPartial", { count: queue.entries.length })}</p>}
        </div>
        {item && (
          <section className="queue-details" aria-label={t("details")}>
            <div className="details-head">
              <Button kind="quiet" icon="left" onPress={() => setItem("")}>{t("backToList")}</Button>
              <span className="muted details-position" role="status">{index >= 0 && t("position", { at: String(index + 1), total: String(shown.length) })}</span>
              <Button kind="quiet" icon="up" aria-label={t("previousItem")} onPress={() => go(-1)} isDisabled={index === 0} />
              <Button kind="quiet" icon="down" aria-label={t("nextItem")} onPress={() => go(1)} isDisabled={index === shown.length - 1} />
            </div>
            <Verdict key={item} assignmentId={item} listed={shown[index]} zoneOf={zoneOf} onDecided={decided} onMissed={onMissed} onGoOn={() => goOn()} />
          </section>
        )}
      </div>
      {toast}
      <KeysDialog isOpen={areKeysShown} onClose={() => setKeysShown(false)} />
    </div>
  );
}

