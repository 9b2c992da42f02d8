// What an organisation chose of a programme, by when it will be done, and what comes next (S1.8-S1.13).
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRounds } from "../respondent/assignments";
import { HelpSection } from "../shared/help-link";
import { nameOf, PARAMETER, useOwnProgrammes, useProgramme, useWord, type Round } from "../shared/programme";
import { useParameter } from "../../parts/address";
import { ButtonLink, Select } from "../../parts/controls";
import { EmptyState, ErrorNotice, Loading, Notice, PageHead, useToast } from "../../parts/surfaces";
import { count, isChosen, nextOf, usePlan, type Plan, type PlannedSection } from "./data";
import { SectionCard } from "./section-card";

export function PlanPage() {
  const { t } = useTranslation("plan");
  const [roundId, setRound] = useParameter("round");
  const [programme] = useParameter(PARAMETER);
  const rounds = useRounds();
  const names = new Map(useOwnProgrammes().map((one) => [one.code, nameOf(one)]));
  if (!rounds.data)
    return <><PageHead title={t("title")} />{rounds.error ? <ErrorNotice error={rounds.error} onRetry={() => void rounds.refetch()} /> : <Loading rows={8} />}</>;
  const offered = rounds.data.rounds.filter((one) => one.hasPlan && (!programme || one.programmeCode === programme));
  const round = offered.find((one) => one.roundId === roundId) ?? offered[0];
  if (!round) return <><PageHead title={t("title")} /><EmptyState icon="calendar" title={t("empty.title")}>{t("empty.text")}</EmptyState></>;
  const chooser = offered.length > 1 && (
    <Select label={t("round")} isLabelHidden value={round.roundId} onChange={(id) => setRound(id, true)}
      choices={offered.map((one) => ({ id: one.roundId, text: [names.get(one.programmeCode), one.name].filter(Boolean).join(" · ") }))} />
  );
  return <RoundPlan key={round.roundId} round={round} chooser={chooser} />;
}

function RoundPlan({ round, chooser }: { round: Round; chooser: React.ReactNode }) {
  const { t } = useTranslation("plan");
  const plan = usePlan(round.roundId);
  const programme = useProgramme(round.programmeCode);
  const word = useWord(programme.data);
  const title = programme.isPending ? t("title") : word("sections") || t("title");
  const work = `/indicators?${PARAMETER}=${encodeURIComponent(round.programmeCode)}`;
  return (
    <div className="plan">
      <PageHead title={title}
        status={<>{programme.data && <span>{nameOf(programme.data)}</span>}<span>{round.name}</span></>}
        actions={<>{chooser}<ButtonLink href={work} icon="list">{t("toWork")}</ButtonLink></>} />
      {plan.isPending && <Loading rows={8} />}
      {plan.error && <ErrorNotice error={plan.error} onRetry={() => void plan.refetch()} />}
      {plan.data && <Sections plan={plan.data} work={work} />}
    </div>
  );
}

function Sections({ plan, work }: { plan: Plan; work: string }) {
  const { t } = useTranslation("plan");
  const { toast, show } = useToast();
  const [wanted] = useParameter("section");
  // A section that was chosen goes to the other list, and the focus with it.
  const [followed, follow] = useState(wanted);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (followed) list.current?.querySelector<HTMLElement>(`[data-section="${CSS.escape(followed)}"] h3`)?.focus();
  }, [followed, plan.sections]);
  const numbers = count(plan);
  const card = (section: PlannedSection) => (
    <SectionCard key={section.sectionCode} plan={plan} section={section} work={work}
      onDone={(text) => { follow(section.sectionCode); show(text); }} onTouched={() => follow("")} />
  );
  const mine = plan.sections.filter(isChosen), offered = plan.sections.filter((section) => !isChosen(section));
  return (
    <div ref={list}>
      <NextStep plan={plan} />
      <p className="hint">{t("helpPlan")}: <HelpSection number="7.1" />. {t("helpDates")}: <HelpSection number="7.3" />.</p>
      <section className="plan-part" aria-labelledby="plan-mine">
        <div className="plan-part-head">
          <h2 id="plan-mine">{t("mine")}</h2>
          {numbers.chosen > 0 && (
            <div className="plan-share">
              <span>{t("share", { activated: String(numbers.activated), chosen: String(numbers.chosen) })}</span>
              <progress max={numbers.chosen} value={numbers.activated} aria-label={t("share", { activated: String(numbers.activated), chosen: String(numbers.chosen) })} />
            </div>
          )}
          {numbers.overdue > 0 && <span className="state overdue">{t("overdueCount", { count: numbers.overdue })}</span>}
        </div>
        {mine.length === 0 ? <p className="muted">{t("mineEmpty")}</p> : <ul className="plan-list">{mine.map(card)}</ul>}
      </section>
      {offered.length > 0 && (
        <section className="plan-part" aria-labelledby="plan-offered">
          <div className="plan-part-head"><h2 id="plan-offered">{t("offered")}</h2><span className="count">{offered.length}</span></div>
          <ul className="plan-list">{offered.map(card)}</ul>
        </section>
      )}
      {toast}
    </div>
  );
}

function NextStep({ plan }: { plan: Plan }) {
  const { t } = useTranslation("plan");
  const next = nextOf(plan);
  return <Notice tone={next.name === "late" ? "warning" : next.name === "done" ? "good" : "info"}><p><strong>{t("next.label")}</strong> {words()}</p></Notice>;

  function words(): string {
    if (next.name === "date") return next.more > 0 ? t("next.dateMore", { title: next.title, count: next.more }) : t("next.date", { title: next.title });
    return next.name === "late" ? t("next.late", { title: next.title }) : t(`next.${next.name}`);
  }
}
