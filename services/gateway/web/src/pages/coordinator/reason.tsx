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
  const { t } = useTranslation();
  return <Reason reason={reason} text={useReasonText(zone)(reason, at)} noData={t("noData")} />;
}

// The words come from outside: a cell of a long table looks up nothing by itself.
export const Reason = ({ reason, text, noData }: { reason: string; text: string; noData: string }) =>
  <span className={`reason ${reason}`} title={text}><span className="visually-hidden">{noData}: </span>{text}</span>;

// A small bar with its numbers: «6 из 8».
export function FilledBar({ filled, total }: { filled: number; total: number }) {
  const { t } = useTranslation("coordinator");
  return <Filled filled={filled} total={total} text={t("filledOf", { filled: formatNumber(filled), total: formatNumber(total) })} />;
}

export const Filled = ({ filled, total, text }: { filled: number; total: number; text: string }) => (
  <span className="filled">
    <span className="filled-track" aria-hidden="true"><span style={{ width: `${total ? (100 * filled) / total : 0}%` }} /></span>
    <span className="nowrap">{text}</span>
  </span>
);
