// Why there is no data, in words (F10, S2.61), and how much of it there is.
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { formatDate, formatNumber } from "../../parts/format";

const REASONS = ["rejected", "draft_not_sent", "never_logged_in", "not_begun", "not_due_yet", "in_review", "already_accepted"] as const;
type Reason = (typeof REASONS)[number];
const isKnown = (reason: string): reason is Reason => (REASONS as readonly string[]).includes(reason);

export function useReasonText(zone: string): (reason: string, at: string) => string {
  const { t } = useTranslation("coordinator");
  return useCallback((reason, at) => (isKnown(reason) ? t(`reason.${reason}`, { day: formatDate(at, zone) }) : ""), [t, zone]);
}

export function ReasonText({ reason, at, zone }: { reason: string; at: string; zone: string }) {
  const { t } = useTranslation("coordinator");
  const text = useReasonText(zone)(reason, at);
  return <span className={`reason ${reason}`} title={text}><span className="visually-hidden">{t("noData", { ns: "common" })}: </span>{text}</span>;
}

// A small bar with its numbers: «6 из 8».
export function FilledBar({ filled, total }: { filled: number; total: number }) {
  const { t } = useTranslation("coordinator");
  return (
    <span className="filled">
      <span className="filled-track" aria-hidden="true"><span style={{ width: `${total ? (100 * filled) / total : 0}%` }} /></span>
      <span className="nowrap">{t("filledOf", { filled: formatNumber(filled), total: formatNumber(total) })}</span>
    </span>
  );
}
