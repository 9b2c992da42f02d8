// Columns of the base report at each of its levels (S1.31).
import type { TFunction } from "i18next";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { formatDate, formatDateTime, formatNumber } from "../../parts/format";
import type { Column } from "../../parts/table";
import { None, Text } from "../coordinator/contact";
import type { Level, Line, Sums } from "./base-data";
import { Count, Moved, wideEnough, type Words } from "./common";

type T = TFunction<"roadmaps">;

const count = (id: keyof Sums & string, title: string, isBad = false): Column<Line> => ({
  id, title, isNumber: true, width: wideEnough(title, 6), sortBy: (line) => Number(line.now[id]),
  render: (line) => <Count now={Number(line.now[id])} was={line.was && Number(line.was[id])} isBad={isBad} />,
});

const share = (id: string, title: string, of: keyof Sums & string, all: keyof Sums & string, t: T): Column<Line> => ({
  id, title, isNumber: true, width: wideEnough(title, 8), sortBy: (line) => Number(line.now[of]),
  render: (line) => (
    <span className={line.now[all] === 0 ? "muted" : ""}>
      {t("nOfM", { n: formatNumber(Number(line.now[of])), m: formatNumber(Number(line.now[all])) })}
      <Moved now={Number(line.now[of])} was={line.was && Number(line.was[of])} />
    </span>
  ),
});

export function StateOfSection({ line }: { line: Line }) {
  const { t } = useTranslation("roadmaps");
  const state = line.row?.figures?.state ?? "";
  if (!state) return <span className="muted">{t("gone")}</span>;
  const was = line.row?.was?.state;
  return (
    <span className={`plan-state ${state}`} title={was && was !== state ? t("was", { was: t(`state.${was as "chosen"}`) }) : undefined}>
      {t(`state.${state as "chosen"}`)}{was && was !== state && <span className="moved"> ←{" "}{t(`state.${was as "chosen"}`)}</span>}
    </span>
  );
}

function PlannedDay({ line }: { line: Line }) {
  const { t } = useTranslation("roadmaps");
  const figures = line.row?.figures;
  if (!figures?.plannedOn) return <None />;
  const why = figures.moves > 0 ? t("movedFrom", { day: formatDate(figures.previousOn), reason: figures.moveReason, count: figures.moves }) : undefined;
  return <span title={why}>{formatDate(figures.plannedOn)}{figures.moves > 0 && <span className="moved"> ↷ {figures.moves}<span className="visually-hidden">. {why}</span></span>}</span>;
}

function Waiting({ line }: { line: Line }) {
  const { t } = useTranslation("roadmaps");
  return (
    <span className={line.now.waiting > 0 ? "waits" : "muted"}>
      {formatNumber(line.now.waiting)}{line.now.waiting > 0 && line.now.waitingDays > 0 && ` · ${t("days", { count: line.now.waitingDays })}`}
      <Moved now={line.now.waiting} was={line.was?.waiting} />
    </span>
  );
}

export function useBaseColumns(level: Level, words: Words, zone: string, open: (line: Line) => void): Column<Line>[] {
  const { t } = useTranslation("roadmaps");
  return useMemo(() => {
    const name = (title: string): Column<Line> => ({
      id: "name", title, width: "14rem", sortBy: (line) => line.name,
      render: (line) => level === "sections"
        ? <Text>{line.name}</Text>
        : <button type="button" className="link-button" title={line.name} onClick={() => open(line)}>{line.name || t("noMunicipality")}</button>,
    });
    const curators: Column<Line> = {
      id: "curators", title: t("column.curator"), width: "10rem", sortBy: (line) => line.curators.join(),
      render: (line) => <Text>{line.curators.join(", ")}</Text>,
    };
    const municipality: Column<Line> = {
      id: "municipality", title: t("column.municipality"), width: "10.5rem", sortBy: (line) => line.municipalityName, render: (line) => <Text>{line.municipalityName}</Text>,
    };
    const section: Column<Line>[] = [
      { id: "section", title: words.section, width: "15rem", sortBy: (line) => line.row?.sectionTitle ?? "",
        render: (line) => <Text>{line.row?.sectionCode ? [line.row.sectionNumber, line.row.sectionTitle].filter(Boolean).join(" ") : t("state.not_chosen")}</Text> },
      { id: "significance", title: t("column.significance"), width: "8.5rem", sortBy: (line) => ["low", "medium", "high"].indexOf(line.row?.significance ?? ""),
        render: (line) => line.row?.significance ? t(`significance.${line.row.significance as "high"}`) : <None /> },
      { id: "state", title: t("column.state"), width: "10rem", sortBy: (line) => line.row?.figures?.state ?? "", render: (line) => <StateOfSection line={line} /> },
      { id: "planned", title: t("column.planned"), width: "8rem", sortBy: (line) => line.row?.figures?.plannedOn ?? "", render: (line) => <PlannedDay line={line} /> },
    ];
    const rest: Column<Line>[] = [
      share("templates", t("column.templates"), "templatesActivated", "templatesTotal", t),
      count("measuresTotal", t("column.total", { items: words.items })),
      count("measuresStarted", t("column.started")),
      count("measuresFinished", t("column.finished")),
      count("placed", t("column.placed")),
      count("accepted", t("column.accepted")),
      count("returned", t("column.returned")),
      { id: "waiting", title: t("column.waiting", { reviewer: words.reviewer }), isNumber: true, width: "10rem", sortBy: (line) => line.now.waitingDays + line.now.waiting / 1000,
        render: (line) => <Waiting line={line} /> },
      count("overdue", t("column.overdue"), true),
      { id: "last", title: t("column.lastAct"), width: "7rem", sortBy: (line) => line.now.lastActAt,
        render: (line) => line.now.lastActAt ? <span title={formatDateTime(line.now.lastActAt, zone)}>{formatDate(line.now.lastActAt, zone)}</span> : <None /> },
    ];
    const activated = share("activated", t("column.activated"), "activated", "chosen", t);
    if (level === "sections") return [name(words.respondent), municipality, curators, ...section, ...rest];
    if (level === "organisations") return [name(words.respondent), municipality, curators, activated, ...rest];
    return [
      name(t("column.municipality")),
      { id: "organisations", title: t("column.organisations"), isNumber: true, width: wideEnough(t("column.organisations"), 6), sortBy: (line: Line) => line.organisations, render: (line: Line) => formatNumber(line.organisations) },
      count("notStarted", t("column.notStarted")), activated, ...rest,
    ];
  }, [t, level, words.section, words.items, words.respondent, words.reviewer, zone, open]);
}
