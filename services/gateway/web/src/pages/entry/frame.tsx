// Pages before the cabinet opens: one card in the middle.
import type { ReactNode } from "react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Brand, LanguageSwitch } from "../../layout";

export function EntryFrame({ title, step, children }: { title: string; step?: string; children: ReactNode }) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t("product")}`;
  }, [title, t]);
  return (
    <div className="entry">
      <header className="top"><Brand /><div className="top-end"><LanguageSwitch /></div></header>
      <main className="entry-card">
        {step && <p className="muted">{step}</p>}
        <h1>{title}</h1>
        {children}
      </main>
    </div>
  );
}
