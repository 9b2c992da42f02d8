// When an answer is due, in the source's own words (S3.14); what is to be done while it has no date.
import { useTranslation } from "react-i18next";
import { PARAMETER } from "../shared/programme";
import { ButtonLink } from "../../parts/controls";
import { Notice } from "../../parts/surfaces";
import { useProgrammeOf, type Assignment } from "./assignments";

export function DueWords({ assignment }: { assignment: Assignment }) {
  const { t } = useTranslation("plan");
  const programme = useProgrammeOf(assignment);
  const isAwaited = assignment.dueKind === "by_schedule" && !assignment.dueAt;
  const section = programme?.sections.find((one) => one.code === assignment.sectionCode);
  const item = section?.items.find((one) => one.code === assignment.itemCode);
  const owner = item?.due?.owner || section?.due?.owner;
  const plan = `/plan?${programme ? `${PARAMETER}=${encodeURIComponent(programme.code)}&` : ""}round=${assignment.roundId}&section=${encodeURIComponent(assignment.sectionCode)}`;
  return (
    <>
      {(assignment.dueText || assignment.checkpoint > 1) && (
        <p className="due-words">
          {assignment.dueText && <><span className="label">{t("due.words")}</span> {assignment.dueText}</>}
          {assignment.checkpoint > 1 && <span className="state">{t("due.checkpoint", { number: String(assignment.checkpoint) })}</span>}
        </p>
      )}
      {isAwaited && <Notice>{owner ? t("due.unknownOf", { owner }) : `${t("due.unknown")}.`}</Notice>}
      {assignment.needsPlan && (
        <Notice tone="warning" title={t("due.needsPlan")} action={<ButtonLink kind="primary" href={plan} icon="calendar">{t("due.toPlan")}</ButtonLink>}>
          <p>{t("due.needsPlanText")}</p>
        </Notice>
      )}
    </>
  );
}
