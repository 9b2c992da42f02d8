// A road map as its document has it, with its dates on a line: done, late, owed, at risk (S3.5-S3.19).
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";
import { useAccount } from "../../api/session";
import { Button, ButtonLink } from "../../parts/controls";
import { formatDate } from "../../parts/format";
import { EmptyState, Notice, useToast } from "../../parts/surfaces";
import { WithRound, type ReportRound } from "../coordinator/round";
import type { FormOf } from "../shared/form-note";
import { DayFields, hasRoadmap, ReportFrame, Scope, Tiles, useDays, useLive, useWords, type Words } from "./common";
import { Gantt } from "./gantt";
import { MonthlyTables } from "./monthly-tables";
import { RoadmapTable } from "./roadmap-table";
import { ScheduleDialog } from "./schedule";

export type Roadmap = Full<components["schemas"]["Roadmap"]>;
export type RoadmapSection = Full<components["schemas"]["RoadmapSection"]>;
export type RoadmapItem = RoadmapSection["items"][number];

export function RoadmapPage() {
  const { t } = useTranslation("roadmaps");
  return <WithRound title={t("roadmap.title")} fits={hasRoadmap}>{(round, chooser) => <RoadmapOf key={round.roundId} round={round} chooser={chooser} />}</WithRound>;
}

function RoadmapOf({ round, chooser }: { round: ReportRound; chooser: ReactNode }) {
  const { t } = useTranslation("roadmaps");
  const days = useDays();
  const words = useWords(round);
  const account = useAccount();
  const { toast, show } = useToast();
  const [naming, setNaming] = useState("");
  const key = ["report-roadmap", round.roundId, days.asOf];
  const refetchInterval = useLive(key, round.roundId, !days.asOf);
  const query = useQuery({
    queryKey: key, refetchInterval, staleTime: days.asOf ? Infinity : 15_000,
    queryFn: () => reply(api.GET("/api/v1/reports/roadmap", { params: { query: { roundId: round.roundId, ...(days.asOf && { asOf: days.asOf }) } } })),
  });
  const named = query.data?.sections.find((one) => one.code === naming);
  const mayName = !days.asOf && (account.role === "ROLE_OPERATOR" || account.role === "ROLE_ADMINISTRATOR");
  return (
    <>
      <ReportFrame title={t("roadmap.title")} round={round} file={{ report: "roadmap", roundId: round.roundId, asOf: days.asOf }} query={query} rows={10} toolbar={<>{chooser}<DayFields days={days} hasCompare={false} /></>}
        scope={<Scope days={{ ...days, compareWith: "" }} />}>
        {(map) => map.sections.length === 0 ? <EmptyState icon="calendar" title={t("roadmap.emptyTitle")}>{t("roadmap.empty")}</EmptyState> : (
        <>
          <RoadmapTotals map={map} words={words} />
          <Debts map={map} {...(mayName ? { onName: (one) => setNaming(one.code) } : {})} />
          <FormDebts map={map} {...(mayName && account.role === "ROLE_ADMINISTRATOR" ? { programme: round.programmeCode } : {})} />
          <section className="figure">
            <h2>{t("roadmap.line")}</h2>
            <Gantt map={map} round={round} asOf={days.asOf} />
          </section>
          <section className="figure">
            <h2>{t("roadmap.table")}</h2>
            <RoadmapTable map={map} words={words} zone={round.zone} {...(mayName ? { onName: (one) => setNaming(one.code) } : {})} />
          </section>
          <MonthlyTables round={round} asOf={days.asOf} at={query.dataUpdatedAt} />
        </>
        )}
      </ReportFrame>
      {named && (
        <ScheduleDialog key={named.code} section={named} round={round} onClose={() => setNaming("")}
          onDone={(section, day) => { setNaming(""); show(t("schedule.done", { number: section.number || section.title, day: formatDate(day) })); }} />
      )}
      {toast}
    </>
  );
}

function RoadmapTotals({ map, words }: { map: Roadmap; words: Words }) {
  const { t } = useTranslation("roadmaps");
  return (
    <Tiles label={t("totals")} tiles={[
      { id: "done", label: t("roadmap.done"), now: map.done, of: map.sections.length },
      { id: "late", label: t("roadmap.late"), now: map.late, isBad: true },
      { id: "owed", label: t("roadmap.owed"), now: map.scheduleOwed, isBad: true },
      ...(hasForms(map) ? [{ id: "forms", label: t("roadmap.formsOwed"), now: map.formsOwed, isBad: true }] : []),
      { id: "risk", label: t("roadmap.atRisk"), now: map.atRisk, isBad: true },
      { id: "results", label: t("roadmap.accepted", { items: words.items }),
        now: map.sections.reduce((sum, one) => sum + one.itemsAccepted, 0), of: map.sections.reduce((sum, one) => sum + one.itemsTotal, 0) },
      ...map.series.map((series) => ({
        id: `series-${series.name}`, label: t("roadmap.series", { numbers: numbersOf(map, series.sectionCodes) }), now: series.done, of: series.sectionCodes.length,
        more: series.nextDueOn ? t("roadmap.next", { day: formatDate(series.nextDueOn) }) : "",
      })),
    ]} />
  );
}

export function numbersOf(map: Roadmap, codes: readonly string[]): string {
  return codes.map((code) => map.sections.find((one) => one.code === code)).map((one) => one?.number.replace(/\.$/, "") || one?.title || "").filter(Boolean).join(", ");
}

// Who has not named a day, by name: the first thing to ask for (S3.14).
function Debts({ map, onName }: { map: Roadmap; onName?: (section: RoadmapSection) => void }) {
  const { t } = useTranslation("roadmaps");
  const owed = map.sections.filter((one) => one.state === "schedule_owed");
  if (owed.length === 0) return null;
  return (
    <>
      {owed.map((section) => (
        <Notice key={section.code} tone="warning" title={t("roadmap.debt", { owner: section.dueOwner || t("roadmap.ownerUnknown") })}
          {...(onName ? { action: <Button onPress={() => onName(section)}>{t("schedule.name")}</Button> } : {})}>
          {[section.number, section.title].filter(Boolean).join(" ")} — <q>{section.dueText}</q>
        </Notice>
      ))}
    </>
  );
}

const hasForms = (map: Roadmap) => map.sections.some((section) => section.items.some((item) => item.formOwner));

export const formOf = (item: RoadmapItem): FormOf => ({
  title: item.formTitle, owner: item.formOwner, isOutside: item.formOwnerIsOutside, basis: item.formBasis, address: item.formAddress,
  documentId: item.formDocumentId, fileName: item.formFileName,
});

// Who has not issued a form that others have to write on, and for what (S3.17).
function FormDebts({ map, programme }: { map: Roadmap; programme?: string }) {
  const { t } = useTranslation("roadmaps");
  const owed = map.sections.flatMap((section) => section.items.filter((item) => item.formOwed).map((item) => ({ section, item })));
  const owners = [...new Set(owed.map((one) => one.item.formOwner))];
  return (
    <>
      {owners.map((owner) => (
        <Notice key={owner} tone="warning" title={t("roadmap.formDebt", { owner })}
          {...(programme ? { action: <ButtonLink href={`/programmes/book?programme=${encodeURIComponent(programme)}`}>{t("roadmap.formAttach")}</ButtonLink> } : {})}>
          <ul className="form-debts">
            {owed.filter((one) => one.item.formOwner === owner).map(({ section, item }) => <li key={item.itemCode}>{section.number} <q>{item.question}</q></li>)}
          </ul>
        </Notice>
      ))}
    </>
  );
}
