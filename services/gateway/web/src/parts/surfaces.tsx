// What stands around the work: page head, notices, dialogs, tabs, and the states of a page without its data.
import { Component, useEffect, useRef, useState, type ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { OfflineError, ProblemError } from "../api/problem";
import { Button, ButtonLink } from "./controls";
import { Icon, type IconName } from "./icons";

export function useDocumentTitle(title: string): void {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t("product")}`;
  }, [title, t]);
}

// Sets the document's title too. `actions`: at most one of kind primary.
export function PageHead({ title, status, actions }: { title: string; status?: ReactNode; actions?: ReactNode }) {
  useDocumentTitle(title);
  return (
    <div className="page-head">
      <div>
        <h1>{title}</h1>
        {status && <div className="page-status">{status}</div>}
      </div>
      {actions && <div className="page-actions">{actions}</div>}
    </div>
  );
}

export function Notice({ tone = "info", title, children, action }:
  { tone?: "info" | "good" | "warning" | "bad"; title?: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={`notice ${tone}`} role={tone === "bad" ? "alert" : "status"}>
      <div>
        {title && <strong className="notice-title">{title}</strong>}
        {children}
      </div>
      {action}
    </div>
  );
}

// What went wrong, in words, with the next step; the codes are folded away.
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const retry = onRetry && <Button onPress={onRetry}>{t("retry")}</Button>;
  if (error instanceof OfflineError)
    return <Notice tone="warning" title={t("error.offlineTitle")} action={retry}>{t("error.offline")}</Notice>;
  // Whatever else is refused says why in its own words.
  if (error instanceof ProblemError && error.status === 403 && error.code === "forbidden")
    return <Notice tone="warning" title={t("error.forbiddenTitle")}>{t("error.forbidden")}</Notice>;
  const problem = error instanceof ProblemError ? error : null;
  return (
    <Notice tone="bad" title={t("error.title")} action={retry}>
      <p>{problem?.message ?? String(error)}</p>
      {problem && problem.violations.length > 0 && (
        <ul>{problem.violations.map((violation) => <li key={violation.field}>{violation.message}</li>)}</ul>
      )}
      {problem && (
        <details>
          <summary>{t("error.support")}</summary>
          {t("error.code")}: {problem.status} {problem.code}. {t("error.request")}: {problem.instance}
        </details>
      )}
    </Notice>
  );
}

// At the top of a form: links to the fields at fault; the focus comes here.
export function ErrorSummary({ errors }: { errors: { fieldId: string; message: string }[] }) {
  const { t } = useTranslation();
  const ref = useRef<HTMLDivElement>(null);
  const key = errors.map((error) => error.fieldId + error.message).join();
  useEffect(() => {
    if (key) ref.current?.focus();
  }, [key]);
  if (errors.length === 0) return null;
  return (
    <div className="notice bad error-summary" role="alert" tabIndex={-1} ref={ref}>
      <div>
        <strong className="notice-title">{t("error.summary")}</strong>
        <ul>
          {errors.map((error) => (
            <li key={error.fieldId}>
              <a href={`#${error.fieldId}`} onClick={(event) => {
                event.preventDefault();
                document.getElementById(error.fieldId)?.focus();
              }}>{error.message}</a>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

// Nothing for 300 ms, then a skeleton, after 3 s words.
export function Loading({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation();
  const [stage, setStage] = useState(0);
  useEffect(() => {
    const timers = [window.setTimeout(() => setStage(1), 300), window.setTimeout(() => setStage(2), 3000)];
    return () => timers.forEach((timer) => window.clearTimeout(timer));
  }, []);
  if (stage === 0) return <div className="skeleton-space" aria-busy="true" />;
  return (
    <div className="skeleton" role="status">
      <p className={stage === 2 ? "muted" : "visually-hidden"}>{stage === 2 ? t("stillLoading") : t("loading")}</p>
      {Array.from({ length: rows }, (_, index) => <div key={index} className="skeleton-row" aria-hidden="true" />)}
    </div>
  );
}

// What will appear here, why it is empty, the next step.
export function EmptyState({ icon = "list", title, children, action }: { icon?: IconName; title?: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty-state">
      <Icon name={icon} size={36} />
      {title && <h2>{title}</h2>}
      {children && <div className="muted">{children}</div>}
      {action}
    </div>
  );
}

function Nowhere({ icon, title, children }: { icon: IconName; title: string; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={title} />
      <EmptyState icon={icon} action={<ButtonLink href="/" kind="primary">{t("error.toStart")}</ButtonLink>}>{children}</EmptyState>
    </>
  );
}

export function NotFound() {
  const { t } = useTranslation();
  return <Nowhere icon="help" title={t("error.notFoundTitle")}>{t("error.notFound")}</Nowhere>;
}

// The page exists, and others see it.
export function NoRights() {
  const { t } = useTranslation();
  return <Nowhere icon="lock" title={t("error.forbiddenTitle")}>{t("error.forbidden")}</Nowhere>;
}

// Only for a decision that must stop everything. `consequence` says what the action will do.
export function ConfirmDialog({ isOpen, onClose, title, children, confirm, onConfirm, isDanger, isBusy, error }: {
  isOpen: boolean; onClose: () => void; title: string; children: ReactNode; confirm: string;
  onConfirm: () => void; isDanger?: boolean; isBusy?: boolean; error?: unknown;
}) {
  const { t } = useTranslation();
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={title}>
      {children}
      {error ? <ErrorNotice error={error} /> : null}
      <div className="dialog-actions">
        <Button onPress={onClose}>{t("cancel")}</Button>
        <Button kind={isDanger ? "danger" : "primary"} onPress={onConfirm} isDisabled={isBusy ?? false}>{confirm}</Button>
      </div>
    </Dialog>
  );
}

export function Dialog({ isOpen, onClose, title, children, isWide }:
  { isOpen: boolean; onClose?: () => void; title: string; children: ReactNode; isWide?: boolean }) {
  return (
    <ModalOverlay className="overlay" isOpen={isOpen} isDismissable={Boolean(onClose)} isKeyboardDismissDisabled={!onClose}
      onOpenChange={(open) => !open && onClose?.()}>
      <Modal className={`modal ${isWide ? "wide" : ""}`}>
        <AriaDialog className="dialog">
          <Heading slot="title" level={2}>{title}</Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export interface TabEntry { id: string; text: string; count?: number; href: string; }

// Tabs that are addresses: the page below belongs to the chosen one.
export function TabLinks({ label, tabs, current, onChoose }:
  { label: string; tabs: TabEntry[]; current: string; onChoose: (tab: TabEntry) => void }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <a key={tab.id} href={tab.href} className="tab" aria-current={tab.id === current ? "page" : undefined}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            onChoose(tab);
          }}>
          {tab.text}{tab.count !== undefined && <span className="count">{tab.count}</span>}
        </a>
      ))}
    </nav>
  );
}

// A short word after something worked; it disappears, and screen readers hear it.
export function useToast(): { toast: ReactNode; show: (text: string) => void } {
  const [text, setText] = useState("");
  const timer = useRef(0);
  const show = (next: string) => {
    setText(next);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setText(""), 6000);
  };
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return { show, toast: <div className="toast-place" role="status">{text && <div className="toast"><Icon name="check" />{text}</div>}</div> };
}

export class CrashGuard extends Component<{ children: ReactNode; fallback: ReactNode }, { hasCrashed: boolean }> {
  override state = { hasCrashed: false };
  static getDerivedStateFromError() {
    return { hasCrashed: true };
  }
  override render() {
    return this.state.hasCrashed ? this.props.fallback : this.props.children;
  }
}
