// The respondent's desk: what is asked, by when, what is done; beside it the indicator in hand (S2.20-S2.24, F12).
import { useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { PARAMETER } from "../shared/programme";
import { useParameter } from "../../parts/address";
import { Button, ButtonLink, SearchField, Select } from "../../parts/controls";
import { formatDateTime, zoneName } from "../../parts/format";
import { LiveSwitch } from "../../parts/live-switch";
import { useShortcuts } from "../../parts/shortcuts";
import { DueTag } from "../../parts/state";
import { Dialog, EmptyState, ErrorNotice, Loading, PageHead, TabLinks, useToast } from "../../parts/surfaces";
import { DayOffMark } from "../shared/days-off";
import {
  countTabs, groupsOf, isFilled, isOpen, isSent, matches, tabOf, TABS, useAssignments, useLiveAssignments, useRounds, type Assignment,
} from "./assignments";
import { Item } from "./item";
import { ItemList } from "./item-list";
import { useKeepers, useStartedKeepers, useWaitingDrafts } from "./keepers";
import { SendAll } from "./send-all";

const FILTERS = ["any", "empty", "draft", "ready", "overdue"] as const;
const KEYS = ["search", "next", "edit", "saveNext", "help"] as const;

const fits = (assignment: Assignment, filter: string) =>
  filter === "any" || (filter === "overdue" ? assignment.overdue && isOpen(assignment) : assignment.state === filter);

// This page with another value of one parameter: what a link of it says.
function useAddressWith() {
  const [parameters] = useSearchParams();
  return (name: string, value: string) => {
    const next = new URLSearchParams(parameters);
    next.set(name, value);
    return `/indicators?${next}`;
  };
}

export function WorkPage() {
  const { t } = useTranslation("respondent");
  const [roundId] = useParameter("round");
  const [programme] = useParameter(PARAMETER);
  const list = useAssignments(roundId);
  const rounds = useRounds();
  const isStarted = useStartedKeepers();
  const shown = useMemo(() => {
    if (!programme || !list.data || !rounds.data) return list.data?.assignments ?? [];
    const own = new Set(rounds.data.rounds.filter((one) => one.programmeCode === programme).map((one) => one.roundId));
    return list.data.assignments.filter((one) => own.has(one.roundId));
  }, [programme, list.data, rounds.data]);
  if (list.isPending || !isStarted)
    return <><PageHead title={t("title")} />{list.error ? <ErrorNotice error={list.error} onRetry={() => void list.refetch()} /> : <Loading rows={10} />}</>;
  if (!list.data)
    return <><PageHead title={t("title")} /><ErrorNotice error={list.error} onRetry={() => void list.refetch()} /></>;
  return <Desk assignments={shown} roundId={roundId} />;
}

function Desk({ assignments, roundId }: { assignments: Assignment[]; roundId: string }) {
  const { t } = useTranslation("respondent");
  const { t: common } = useTranslation();
  const [tabName, setTab] = useParameter("tab", "all");
  const [words, setWords] = useParameter("q");
  const [filter, setFilter] = useParameter("state", "any");
  const [itemId, setItem] = useParameter("item");
  const [section, setSection] = useParameter("section");
  const [programme] = useParameter(PARAMETER);
  const [, setRound] = useParameter("round");
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [focus, setFocus] = useState<{ at: "heading" | "field" | "nowhere"; number: number }>({ at: "nowhere", number: 0 });
  const [isSending, setSending] = useState(false);
  const [isHelp, setHelp] = useState(false);
  const addressWith = useAddressWith();
  const search = useRef<HTMLInputElement>(null);
  const fresh = useLiveAssignments();
  const { drafts } = useKeepers();
  const waiting = useWaitingDrafts();
  const rounds = useRounds();
  const { toast, show } = useToast();

  const tab = TABS.find((one) => one === tabName) ?? "all";
  const counts = countTabs(assignments);
  const shown = useMemo(
    () => assignments.filter((one) => (tab === "all" || tabOf(one) === tab) && fits(one, filter) && (!section || one.sectionCode === section) && (!words.trim() || matches(one, words.trim()))),
    [assignments, tab, filter, section, words],
  );
  const groups = useMemo(() => groupsOf(shown), [shown]);
  const current = assignments.find((one) => one.assignmentId === itemId);
  const ready = assignments.filter((one) => one.state === "ready" && isOpen(one));

  const open = useCallback((assignment: Assignment | undefined, at: "heading" | "field") => {
    if (!assignment) return;
    setItem(assignment.assignmentId, true);
    setFocus((known) => ({ at, number: known.number + 1 }));
  }, [setItem]);
  const step = useCallback((by: number, at: "heading" | "field") => {
    const index = shown.findIndex((one) => one.assignmentId === itemId);
    open(shown[index < 0 ? 0 : index + by], at);
  }, [shown, itemId, open]);
  const nextToDo = useCallback(() => {
    const index = assignments.findIndex((one) => one.assignmentId === itemId);
    const order = [...assignments.slice(index + 1), ...assignments.slice(0, Math.max(0, index))];
    return order.find((one) => isOpen(one) && (one.state === "empty" || one.state === "rejected" || one.state === "draft"));
  }, [assignments, itemId]);

  useShortcuts(useMemo(() => ({
    "/": () => search.current?.focus(),
    j: () => step(1, "heading"),
    k: () => step(-1, "heading"),
    e: () => setFocus((known) => ({ at: "field", number: known.number + 1 })),
    "?": () => setHelp(true),
    "Ctrl+Enter": () => {
      if (!itemId) return;
      // The field is left first, as by hand: its checks and its look follow.
      (document.activeElement as HTMLElement | null)?.blur();
      void drafts.save(itemId).then((isDone) => {
        if (isDone) step(1, "field");
        else setFocus((known) => ({ at: "field", number: known.number + 1 }));
      });
    },
  }), [step, itemId, drafts]));

  const tabs = TABS.map((id) => ({ id, text: t(`tab.${id}`), count: counts[id], href: addressWith("tab", id) }));
  const kept = new URLSearchParams({ ...(programme && { [PARAMETER]: programme }), ...(roundId && { round: roundId }) }).toString();
  const below = (page: string) => `/indicators/${page}${kept ? `?${kept}` : ""}`;
  const isFiltered = words.trim() !== "" || filter !== "any" || section !== "";
  const hasSent = assignments.some(isSent);
  const shownRounds = rounds.data?.rounds.filter((one) => one.state !== "planned" && (!programme || one.programmeCode === programme)) ?? [];

  return (
    <div className={`desk ${current ? "has-item" : ""}`}>
      <PageHead title={t("title")} status={<Status assignments={assignments} waiting={waiting} />}
        actions={
          <>
            {assignments.some(isOpen) && <ButtonLink href={below("form")} icon="upload">{t("byTable")}</ButtonLink>}
            {hasSent && <ButtonLink href={below("receipt")} icon="print">{t("receipt.open")}</ButtonLink>}
            {ready.length > 0 && (
              <Button kind={current && isOpen(current) ? "plain" : "primary"} icon="send" onPress={() => setSending(true)}>
                {t("sendAll.button", { count: ready.length })}
              </Button>
            )}
          </>
        } />
      {assignments.length === 0 ? (
        <EmptyState title={t("empty.title")} icon="calendar">{t("empty.text")}</EmptyState>
      ) : (
        <>
          <div className="desk-tabs"><TabLinks label={t("tabs")} tabs={tabs} current={tab} onChoose={(chosen) => setTab(chosen.id, true)} /></div>
          <div className="desk-split">
            <div className="desk-list">
              <div className="toolbar">
                <SearchField label={t("searchLabel")} value={words} onChange={setWords} inputRef={search} />
                <Select label={t("filterLabel")} isLabelHidden value={filter} onChange={setFilter}
                  choices={FILTERS.map((id) => ({ id, text: t(`filter.${id}`) }))} />
                {shownRounds.length > 1 && (
                  <Select label={t("roundLabel")} isLabelHidden value={roundId || "current"} onChange={(id) => setRound(id === "current" ? "" : id, true)}
                    choices={[{ id: "current", text: t("currentRounds") }, ...shownRounds.map((one) => ({ id: one.roundId, text: one.name }))]} />
                )}
              </div>
              {section && shown[0] && (
                <p className="only-section">
                  <span>{t("onlySection", { title: shown[0].sectionTitle })}</span>
                  <Button kind="quiet" isSmall icon="cross" onPress={() => setSection("", true)}>{t("allSections")}</Button>
                </p>
              )}
              {shown.length === 0 ? (
                <EmptyState title={isFiltered ? common("table.nothingFound") : t(`emptyTab.${tab}`)}
                  {...(isFiltered ? { action: <Button onPress={() => { setWords(""); setFilter("any"); setSection(""); }}>{common("table.clearFilters")}</Button> } : {})}>
                  {!isFiltered && t(`emptyTabNext.${tab}`)}
                </EmptyState>
              ) : (
                <ItemList groups={groups} closed={closed} current={itemId} fresh={fresh} addressOf={(one) => addressWith("item", one.assignmentId)} onOpen={(one) => open(one, "heading")}
                  onToggle={(code) => setClosed((known) => {
                    const next = new Set(known);
                    if (!next.delete(code)) next.add(code);
                    return next;
                  })} />
              )}
              <div className="desk-foot"><LiveSwitch /><Button kind="quiet" isSmall icon="help" aria-label={t("keys.title")} onPress={() => setHelp(true)} /></div>
            </div>
            <section className="desk-item" aria-label={t("itemRegion")}>
              {current ? (
                <Item assignment={current} focus={focus} onBack={() => setItem("", true)}
                  place={<Place shown={shown} current={current} onStep={(by) => step(by, "heading")} />}
                  onSaved={() => show(t("valueSaved"))}
                  onSent={() => show(t("sentToast"))} />
              ) : (
                <NothingOpen next={nextToDo()} readyCount={ready.length} onOpen={(one) => open(one, "field")} />
              )}
            </section>
          </div>
        </>
      )}
      {isSending && <SendAll ready={ready} receipt={below("receipt")} onClose={() => setSending(false)} />}
      <Dialog isOpen={isHelp} onClose={() => setHelp(false)} title={t("keys.title")}>
        <dl className="facts">{KEYS.map((id) => <KeyLine key={id} id={id} />)}</dl>
        <div className="dialog-actions"><Button onPress={() => setHelp(false)}>{common("close")}</Button></div>
      </Dialog>
      {toast}
    </div>
  );
}

function KeyLine({ id }: { id: (typeof KEYS)[number] }) {
  const { t } = useTranslation("respondent");
  return <><dt><kbd>{t(`keys.${id}.key`)}</kbd></dt><dd>{t(`keys.${id}.does`)}</dd></>;
}

// «Заполнено 7 из 14 · до 25.09.2020 23:59 (UTC+5) · осталось 3 дня»: of what is still to do, the nearest date.
function Status({ assignments, waiting }: { assignments: Assignment[]; waiting: number }) {
  const { t } = useTranslation("respondent");
  const nearest = assignments.filter((one) => isOpen(one) && one.dueAt).sort((a, b) => a.dueAt.localeCompare(b.dueAt))[0];
  const filled = assignments.filter(isFilled).length;
  const sent = assignments.filter(isSent).length;
  if (assignments.length === 0) return null;
  return (
    <>
      <span>{t("status.filled", { filled: String(filled), all: String(assignments.length) })}</span>
      <span>{t("status.sent", { count: sent })}</span>
      {nearest ? (
        <>
          <span>{t("status.due", { moment: formatDateTime(nearest.dueAt, nearest.zone), zone: zoneName(nearest.dueAt, nearest.zone) })}</span>
          <DueTag dueAt={nearest.dueAt} zone={nearest.zone} />
          <DayOffMark day={nearest.dueOn} />
        </>
      ) : <span>{t("status.nothingLeft")}</span>}
      {waiting > 0 && <span className="state draft">{t("status.waiting", { count: waiting })}</span>}
    </>
  );
}

function Place({ shown, current, onStep }: { shown: Assignment[]; current: Assignment; onStep: (by: number) => void }) {
  const { t } = useTranslation("respondent");
  const index = shown.findIndex((one) => one.assignmentId === current.assignmentId);
  if (index < 0) return null;
  return (
    <span className="place">
      <span className="muted">{t("place", { number: String(index + 1), all: String(shown.length) })}</span>
      <Button kind="quiet" isSmall icon="up" aria-label={t("previous")} isDisabled={index === 0} onPress={() => onStep(-1)} />
      <Button kind="quiet" isSmall icon="down" aria-label={t("next")} isDisabled={index === shown.length - 1} onPress={() => onStep(1)} />
    </span>
  );
}

function NothingOpen({ next, readyCount, onOpen }: { next: Assignment | undefined; readyCount: number; onOpen: (assignment: Assignment) => void }) {
  const { t } = useTranslation("respondent");
  if (!next)
    return <EmptyState icon={readyCount > 0 ? "send" : "check"} title={t(readyCount > 0 ? "nothingOpen.readyTitle" : "nothingOpen.doneTitle")}>{t(readyCount > 0 ? "nothingOpen.ready" : "nothingOpen.done")}</EmptyState>;
  return (
    <EmptyState icon="edit" title={t("nothingOpen.title")} action={<Button onPress={() => onOpen(next)}>{t(next.state === "rejected" ? "nothingOpen.startRejected" : "nothingOpen.start")}</Button>}>
      {t("nothingOpen.text")}
    </EmptyState>
  );
}

