// The state of an item: word, shape and tone together, so that none has to carry it alone.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { formatDate, timeLeft } from "./format";

export type ItemState = "empty" | "draft" | "ready" | "in_review" | "accepted" | "rejected" | "closed" | "unplanned";

type ShapeName = ItemState | "overdue" | "active";

const SHAPES: Record<ShapeName, string> = {
  empty: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z",
  draft: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 4v16",
  ready: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 4v8h-8",
  in_review: "M5 12a7 7 0 0 1 12-5l2 2m0-5v5h-5M19 12a7 7 0 0 1-12 5l-2-2m0 5v-5h5",
  accepted: "M4.5 12.5l5 5L20 7",
  rejected: "M12 5v9m0 4v.5",
  closed: "M7 11V8a5 5 0 0 1 10 0v3M5.5 11h13v9h-13z",
  active: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z",
  unplanned: "M5 6h14v14H5zM5 10h14M9 3v4M15 3v4",
  overdue: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 8v4l3 2",
};
const FILLS: Partial<Record<ShapeName, string>> = {
  active: "M12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z",
  draft: "M12 4a8 8 0 0 0 0 16z",
  ready: "M12 4a8 8 0 1 1-8 8h8z",
};

function Shape({ state }: { state: ShapeName }) {
  return (
    <svg className="state-shape" width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2.2"
      strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      {FILLS[state] && <path d={FILLS[state]} fill="currentColor" stroke="none" />}
      <path d={SHAPES[state]} />
    </svg>
  );
}

// `date`: shown after the word («Принято 07.08.2020»).
export function StateTag({ state, date, zone }: { state: ItemState; date?: string; zone?: string }) {
  const { t } = useTranslation();
  return (
    <span className={`state ${state}`}>
      <Shape state={state} />
      {t(`state.${state}`)}{date ? ` ${formatDate(date, zone)}` : ""}
    </span>
  );
}

// The same look for states of other things; the word is the caller's.
export function ShapeTag({ shape, tone, children }: { shape: ShapeName; tone: ItemState | "overdue" | "due"; children: ReactNode }) {
  return <span className={`state ${tone}`}><Shape state={shape} />{children}</span>;
}

export function DueTag({ dueAt, zone }: { dueAt: string; zone: string }) {
  const left = timeLeft(dueAt, zone);
  return (
    <span className={`state ${left.isLate ? "overdue" : "due"}`}>
      <Shape state="overdue" />
      {left.text}
    </span>
  );
}
