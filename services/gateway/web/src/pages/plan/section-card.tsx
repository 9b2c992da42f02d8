// One section of the plan: what it weighs, where it stands, its day, and what can be done with it now.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { api, reply } from "../../api/client";
import { formatDate, formatStamp, todayIn } from "../../parts/format";
import { Button } from "../../parts/controls";
import { ShapeTag } from "../../parts/state";
import { ErrorNotice } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { DateDialog, type Dated } from "./date-dialog";
import { isActivated, isChosen, isDone, putSection, type Plan, type PlanChange, type PlannedItem, type PlannedSection } from "./data";

interface CardProps {
  plan: Plan;
  section: PlannedSection;
  // Where its items are filled in.
  work: string;
  onDone: (text: string) => void;
  onTouched: () => void;
}

export function SectionCard({ plan, section, work, onDone, onTouched }: CardProps) {
  const { t } = useTranslation("plan");
  const queries = useQueryClient();
  const [dated, setDated] = useState<Dated | null>(null);
  const params = { path: { roundId: plan.roundId, sectionCode: section.sectionCode } };
  const choose = useCommand(
    (verb: "choose" | "drop", headers) => reply(verb === "choose"
      ? api.POST("/api/v1/rounds/{roundId}/sections/{sectionCode}:choose", { params, headers })
      : api.POST("/api/v1/rounds/{roundId}/sections/{sectionCode}:drop", { params, headers })),
    {
      onDone: (result, verb) => {
        putSection(queries, plan.roundId, result);
        onDone(t(verb === "drop" ? "done.dropped" : isActivated(result) ? "done.chosenAtOnce" : "done.chosen"));
      },
    },
  );
  const isByExecutor = section.dueKind === "by_executor";
  const open = (item?: PlannedItem) => {
    onTouched();
    setDated({ title: item?.question ?? section.title, plannedOn: (item ?? section).plannedOn, ...(item ? { assignmentId: item.assignmentId } : { sectionCode: section.sectionCode }) });
  };
  const act = (key: "choose" | "drop" | "activate" | "move", title = section.title) => ({ "aria-label": t("ofWhat", { act: t(key), title }) });
  return (
    <li className={`plan-card ${section.state}`} data-section={section.sectionCode}>
      <div className="plan-main">
        <h3 tabIndex={-1}>{section.number && <span className="plan-number">{section.number}</span>} {section.title} {section.demo && <span className="state">{t("demo")}</span>}</h3>
        <div className="plan-line">
          <SectionState section={section} />
          {section.significance && <Significance level={section.significance} />}
          {section.plannedOn && <PlannedDay section={section} zone={plan.zone} />}
        </div>
        <p className="plan-progress muted">{progress()}</p>
        {section.dueText && !isByExecutor && <p className="plan-progress muted">{t("sourceWords")}: {section.dueText}</p>}
      </div>
      <div className="plan-acts">
        {section.state === "offered" && <Button icon="plus" isDisabled={choose.isPending} onPress={() => choose.mutate("choose")} {...act("choose")}>{t("choose")}</Button>}
        {section.state === "chosen" && <Button kind="primary" icon="calendar" onPress={() => open()} {...act("activate")}>{t("activate")}</Button>}
        {section.state === "chosen" && section.byChoice && <Button kind="quiet" isDisabled={choose.isPending} onPress={() => choose.mutate("drop")} {...act("drop")}>{t("drop")}</Button>}
        {isActivated(section) && isByExecutor && !isDone(section) && <Button icon="calendar" onPress={() => open()} {...act("move")}>{t("move")}</Button>}
        {(isActivated(section) || section.state === "asked") && !isDone(section) && (
          <Link className="button quiet" href={`${work}&section=${encodeURIComponent(section.sectionCode)}`} aria-label={t("ofWhat", { act: t("fill"), title: section.title })}>{t("fill")}</Link>
        )}
      </div>
      {choose.error ? <div className="plan-wide"><ErrorNotice error={choose.error} /></div> : null}
      {section.dated.length > 0 && (
        <div className="plan-wide">
          <h4>{t("dated")}</h4>
          <ul className="plan-dated">
            {section.dated.map((item) => (
              <li key={item.assignmentId}>
                <span className="plan-question">{item.question}</span>
                <span className="plan-line">
                  {item.plannedOn
                    ? <ShapeTag shape="active" tone="ready">{t("state.activated")}, {formatDate(item.plannedOn)}</ShapeTag>
                    : <ShapeTag shape="unplanned" tone="due">{t("noDate")}</ShapeTag>}
                  <Button isSmall {...(item.plannedOn ? {} : { kind: "primary" as const })} icon="calendar" onPress={() => open(item)} {...act(item.plannedOn ? "move" : "activate", item.question)}>{t(item.plannedOn ? "move" : "activate")}</Button>
                </span>
                <Changes changes={item.changes} zone={plan.zone} />
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className="plan-wide"><Changes changes={section.changes} zone={plan.zone} /></div>
      {dated && <DateDialog plan={plan} dated={dated} onClose={() => setDated(null)} onDone={(text) => { setDated(null); onDone(text); }} />}
    </li>
  );

  function progress(): string {
    if (!isChosen(section) || section.state === "chosen") return t("itemCount", { count: section.items });
    const parts: string[] = [t("progress", { accepted: String(section.accepted), items: String(section.items) })];
    if (section.inReview > 0) parts.push(t("inReview", { count: section.inReview }));
    if (section.rejected > 0) parts.push(t("rejected", { count: section.rejected }));
    return parts.join(" · ");
  }
}

const LOOKS = {
  offered: { shape: "empty", tone: "empty" }, chosen: { shape: "unplanned", tone: "due" }, activated: { shape: "active", tone: "ready" },
  asked: { shape: "active", tone: "draft" }, done: { shape: "accepted", tone: "accepted" },
} as const;

function SectionState({ section }: { section: PlannedSection }) {
  const { t } = useTranslation("plan");
  const name = isDone(section) ? "done" : (section.state as "offered" | "chosen" | "activated" | "asked");
  return <ShapeTag {...LOOKS[name]}>{t(`state.${name}`)}</ShapeTag>;
}

const LEVELS = { high: 3, medium: 2, low: 1 } as const;

// Three bars: how many are full says the weight without colour.
function Significance({ level }: { level: string }) {
  const { t } = useTranslation("plan");
  const name = level as keyof typeof LEVELS;
  return (
    <span className="significance">
      <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
        {[1, 2, 3].map((bar) => <rect key={bar} x={bar * 5 - 3.5} y={15 - bar * 4} width="3.5" height={bar * 4} fill={bar <= LEVELS[name] ? "currentColor" : "none"} stroke="currentColor" />)}
      </svg>
      {t(`significance.${name}`)}
    </span>
  );
}

const DAY_MS = 86_400_000;

function PlannedDay({ section, zone }: { section: PlannedSection; zone: string }) {
  const { t } = useTranslation("plan");
  const { t: common } = useTranslation();
  const days = Math.round((Date.parse(section.plannedOn) - Date.parse(todayIn(zone))) / DAY_MS);
  const left = days > 0 ? common("left.days", { count: days }) : days === 0 ? t("today") : common("left.late", { count: -days });
  return (
    <>
      <span>{t("plannedOn")}: <strong>{formatDate(section.plannedOn)}</strong></span>
      {!isDone(section) && <ShapeTag shape="overdue" tone={section.overdue ? "overdue" : "due"}>{left}</ShapeTag>}
    </>
  );
}

function Changes({ changes, zone }: { changes: PlanChange[]; zone: string }) {
  const { t } = useTranslation("plan");
  if (changes.length === 0) return null;
  return (
    <details className="plan-changes">
      <summary>{t("history.title", { count: changes.length })}</summary>
      <ol>
        {changes.map((change, index) => (
          <li key={index}>
            <span>{t(`history.${change.act as "moved"}`, { on: formatDate(change.plannedOn), from: formatDate(change.previousOn) })}</span>{" "}
            <span className="muted">{formatStamp(change.at, zone)}</span>
            {change.reason && <div>{t("history.reason")} {change.reason}</div>}
          </li>
        ))}
      </ol>
    </details>
  );
}
