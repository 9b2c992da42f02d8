// Small parts that the administrator's pages share.
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../parts/controls";
import { Icon } from "../../parts/icons";
import { Notice } from "../../parts/surfaces";
import type { OrganisationKind } from "./data";

// What a row of a table is opened by, for those who have no mouse.
export function RowLink({ children, onOpen, isCurrent }: { children: ReactNode; onOpen: () => void; isCurrent?: boolean }) {
  return (
    <button type="button" className="row-link" aria-expanded={isCurrent}
      onClick={(event) => { event.stopPropagation(); onOpen(); }}>
      {children}
    </button>
  );
}

// Details beside the list; the focus comes here when a row is opened, and what closes it stands first.
export function Details({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation("administrator");
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    ref.current?.focus({ preventScroll: window.innerWidth >= 1024 });
  }, [title]);
  return (
    <aside className="details admin-details" aria-label={title} tabIndex={-1} ref={ref}>
      <div className="details-head">
        <h2>{title}</h2>
        <Button kind="quiet" icon="cross" aria-label={t("closeDetails")} onPress={onClose} />
      </div>
      {children}
    </aside>
  );
}

export function Facts({ rows }: { rows: [label: string, value: ReactNode][] }) {
  return (
    <dl className="facts">
      {rows.filter(([, value]) => value !== "" && value !== undefined).map(([label, value]) => [
        <dt key={`${label}-t`}>{label}</dt>, <dd key={`${label}-d`}>{value}</dd>,
      ])}
    </dl>
  );
}

// A value that follows the typing after a pause: one question per word and not per letter.
export function useSettled(value: string, pauseMs = 300): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), pauseMs);
    return () => window.clearTimeout(timer);
  }, [value, pauseMs]);
  return settled;
}

export function useKindName() {
  const { t } = useTranslation("administrator");
  return (kind: string) => t(`kindShort.${kind as OrganisationKind}`);
}

// Somebody changed the same thing in between: what it was when the dialog opened, what it is now.
export function ChangedMeanwhile({ rows }: { rows: { label: string; was: string; is: string }[] }) {
  const { t } = useTranslation("administrator");
  const different = rows.filter((row) => row.was !== row.is);
  return (
    <Notice tone="warning" title={t("dialogStale")}>
      <ul>{different.map((row) => <li key={row.label}>{row.label}: <del>{row.was}</del> <Icon name="right" size={16} /> <strong>{row.is}</strong></li>)}</ul>
    </Notice>
  );
}
