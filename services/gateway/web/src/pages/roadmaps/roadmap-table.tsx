// The road map's table: number, measure, responsible, results, term, state — the columns of the document (S3.5).
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../parts/controls";
import { formatDate, formatDateTime, formatNumber } from "../../parts/format";
import { Icon, type IconName } from "../../parts/icons";
import { DayOffMark } from "../shared/days-off";
import { FormNote } from "../shared/form-note";
import type { Words } from "./common";
import { formOf, numbersOf, type Roadmap, type RoadmapSection } from "./roadmap";

type State = "done" | "late" | "schedule_owed" | "at_risk" | "in_work" | "not_begun";
type ItemState = "accepted" | "waiting" | "returned" | "in_work" | "not_started";

// Word, shape and tone together.
const LOOKS: Record<State, { icon: IconName; tone: string }> = {
  done: { icon: "check", tone: "accepted" }, late: { icon: "clock", tone: "overdue" }, schedule_owed: { icon: "calendar", tone: "in_review" },
  at_risk: { icon: "alert", tone: "in_review" }, in_work: { icon: "edit", tone: "ready" }, not_begun: { icon: "minus", tone: "empty" },
};
const ITEM_LOOKS: Record<ItemState, { icon: IconName; tone: string }> = {
  accepted: { icon: "check", tone: "accepted" }, waiting: { icon: "clock", tone: "in_review" }, returned: { icon: "undo", tone: "rejected" },
  in_work: { icon: "edit", tone: "draft" }, not_started: { icon: "minus", tone: "empty" },
};

export function SectionState({ section, map }: { section: RoadmapSection; map: Roadmap }) {
  const { t } = useTranslation("roadmaps");
  const look = LOOKS[section.state as State] ?? LOOKS.not_begun;
  return (
    <>
      <span className={`state ${look.tone}`}><Icon name={look.icon} size={16} />{t(`roadmap.state.${section.state as State}`)}</span>
      {section.atRiskFrom.length > 0 && <span className="cell-note">{t("roadmap.riskFrom", { numbers: numbersOf(map, section.atRiskFrom) })}</span>}
    </>
  );
}

function Results({ section, map, zone }: { section: RoadmapSection; map: Roadmap; zone: string }) {
  const { t } = useTranslation("roadmaps");
  return (
    <ol className={`results ${section.items.length === 1 ? "single" : ""}`}>
      {section.items.map((item) => {
        const look = ITEM_LOOKS[item.state as ItemState] ?? ITEM_LOOKS.not_started;
        return (
          <li key={item.itemCode}>
            {item.question}
            <span className="result-state">
              <span className={`state ${look.tone}`}><Icon name={look.icon} size={16} />{t(`roadmap.item.${item.state as ItemState}`)}</span>
              {map.organisations > 1 && item.figures && <span className="muted">{t("nOfM", { n: formatNumber(item.figures.accepted), m: formatNumber(item.figures.asked) })}</span>}
              {item.lastActAt && <span className="muted" title={formatDateTime(item.lastActAt, zone)}>{formatDate(item.lastActAt, zone)}</span>}
            </span>
            {item.formOwner && <FormNote form={formOf(item)} />}
          </li>
        );
      })}
    </ol>
  );
}

function Term({ section, onName }: { section: RoadmapSection; onName?: ((section: RoadmapSection) => void) | undefined }) {
  const { t } = useTranslation("roadmaps");
  const day = section.dueFrom ? `${formatDate(section.dueFrom)} – ${formatDate(section.dueOn)}` : formatDate(section.dueOn);
  return (
    <>
      {section.dueText && <span className="due-text">{section.dueText}</span>}
      <strong className="due-day">{section.dueOn ? day : t("roadmap.noDay")}</strong>
      {section.dueFootnote && <span className="cell-note">* {section.dueFootnote}</span>}
      <DayOffMark day={section.dueOn} className="cell-note" />
      {section.duePreviousOn && (
        <span className="cell-note">
          {section.dueReason ? t("roadmap.movedFrom", { day: formatDate(section.duePreviousOn), reason: section.dueReason })
            : t("roadmap.movedOffDayOff", { day: formatDate(section.duePreviousOn) })}
        </span>
      )}
      {section.dueKind === "by_schedule" && onName && (
        <Button isSmall icon="calendar" onPress={() => onName(section)}
          aria-label={t(section.dueOn ? "schedule.moveOf" : "schedule.nameOf", { number: section.number || section.title })}>
          {t(section.dueOn ? "schedule.move" : "schedule.name")}
        </Button>
      )}
    </>
  );
}

export function RoadmapTable({ map, words, zone, onName }: { map: Roadmap; words: Words; zone: string; onName?: (section: RoadmapSection) => void }) {
  const { t } = useTranslation("roadmaps");
  const heads: [string, ReactNode][] = [
    ["number", t("column.number")], ["title", words.section], ["responsible", t("column.responsible")], ["results", words.items], ["due", t("column.due")], ["state", t("column.state")],
  ];
  return (
    <div className="roadmap-place" tabIndex={0} role="group" aria-label={t("roadmap.table")}>
      <table className="roadmap-table">
        <caption className="visually-hidden">{t("roadmap.title")}</caption>
        <thead><tr>{heads.map(([id, title]) => <th key={id} scope="col" className={`of-${id}`}>{title}</th>)}</tr></thead>
        <tbody>
          {map.sections.map((section, index) => (
            <tr key={section.code}>
              <td data-label={t("column.number")}>{section.number || `${index + 1}.`}</td>
              <th scope="row">
                {section.title}
                {section.dependsOn.length > 0 && <span className="cell-note">{t("roadmap.after", { numbers: numbersOf(map, section.dependsOn) })}</span>}
                {section.series && <span className="cell-note">{t("roadmap.inSeries", { numbers: numbersOf(map, map.series.find((one) => one.name === section.series)?.sectionCodes ?? []) })}</span>}
              </th>
              <td data-label={t("column.responsible")}>
                {section.responsible.map((party) => (
                  <span key={party.title} className="party">{party.title}{party.isOutside && <span className="cell-note">{t("roadmap.outside")}</span>}</span>
                ))}
              </td>
              <td data-label={words.items}><Results section={section} map={map} zone={zone} /></td>
              <td data-label={t("column.due")}><Term section={section} onName={onName} /></td>
              <td data-label={t("column.state")}><SectionState section={section} map={map} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
