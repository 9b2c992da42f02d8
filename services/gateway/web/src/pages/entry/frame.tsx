// Pages before the cabinet opens: one card in the middle.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Brand, LanguageSwitch } from "../../layout";
import { useDocumentTitle } from "../../parts/surfaces";

export function EntryFrame({ title, step, children }: { title: string; step?: string; children: ReactNode }) {
  const { t } = useTranslation();
  useDocumentTitle(title);
  return (
    <div className="entry">
      <header className="top"><Brand system={t("system")} /><div className="top-end"><LanguageSwitch /></div></header>
      <main className="entry-card">
        {step && <p className="muted">{step}</p>}
        <h1>{title}</h1>
        {children}
      </main>
    </div>
  );
}
