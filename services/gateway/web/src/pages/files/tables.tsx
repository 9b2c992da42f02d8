// Where BI tools and programs of one's own read the same as tables, and how to begin (deploy/bi).
import { useTranslation } from "react-i18next";
import { useAccount } from "../../api/session";

const TABLES = ["organisations", "programmes", "items", "rounds", "assignments", "plans", "changes"] as const;

export function TablesForPrograms() {
  const { t } = useTranslation("files");
  const { role } = useAccount();
  if (role !== "ROLE_COORDINATOR" && role !== "ROLE_ADMINISTRATOR") return null;
  return (
    <section className="file-tables" aria-labelledby="file-tables">
      <h2 id="file-tables">{t("tables.title")}</h2>
      <p>{t("tables.about")}</p>
      <dl className="facts">
        {TABLES.map((table) => (
          <div key={table}>
            <dt><code className="wrapped">{`${location.origin}/api/v1/bi/${table}`}</code></dt>
            <dd>{t(`tables.${table}`)}</dd>
          </div>
        ))}
      </dl>
      <ol>
        <li>{t("tables.account")}</li>
        <li>{t("tables.read")}</li>
        <li>{t("tables.example")}</li>
      </ol>
    </section>
  );
}
