// Who changed what between versions, and on which act.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { Button } from "../../parts/controls";
import { formatDateTime } from "../../parts/format";
import { ErrorNotice, Loading } from "../../parts/surfaces";
import { differences, useVersion, useVersions, type Versions as List } from "./data";
import { Difference } from "./difference";

const NAMES_FRESH_MS = 300_000;

function Who({ accountId }: { accountId: string }) {
  const { t } = useTranslation("book");
  const found = useQuery({
    queryKey: ["accounts", "name", accountId], enabled: accountId !== "", staleTime: NAMES_FRESH_MS,
    queryFn: () => reply(api.GET("/api/v1/accounts", { params: { query: { accountId, limit: 1 } } })),
  });
  const account = found.data?.accounts[0];
  return <>{account ? account.displayName || account.login : t("versions.somebody")}</>;
}

function Changes({ code, number }: { code: string; number: number }) {
  const { t } = useTranslation("book");
  const is = useVersion(code, number), was = useVersion(code, number - 1);
  const error = is.error ?? (number > 1 ? was.error : null);
  if (error) return <ErrorNotice error={error} onRetry={() => { void is.refetch(); void was.refetch(); }} />;
  if (number === 1) return <p className="muted">{t("versions.first")}</p>;
  return is.data && was.data ? <Difference changes={differences(was.data.file, is.data.file)} /> : <Loading rows={2} />;
}

export function Versions({ code, zone }: { code: string; zone: string }) {
  const { t } = useTranslation("book");
  const versions = useVersions(code);
  const [open, setOpen] = useState(0);
  const line = (one: List[number]) => (
    <li key={one.version}>
      <div className="book-section-head">
        <span>
          <strong>{t("versions.number", { number: String(one.version) })}</strong>{one.year > 0 && ` · ${t("year", { year: String(one.year) })}`} · {one.basis || t("versions.noBasis")}
          <br /><span className="muted">{formatDateTime(one.loadedAt, zone)} · <Who accountId={one.loadedBy} /></span>
        </span>
        <Button isSmall aria-expanded={open === one.version} onPress={() => setOpen(open === one.version ? 0 : one.version)}>{t("versions.changes", { number: String(one.version) })}</Button>
      </div>
      {open === one.version && <Changes code={code} number={one.version} />}
    </li>
  );
  return (
    <section className="book-versions" aria-labelledby="book-versions">
      <h2 id="book-versions">{t("versions.title")}</h2>
      {versions.error && <ErrorNotice error={versions.error} onRetry={() => void versions.refetch()} />}
      <ol className="book-list">{versions.data?.versions.map(line)}</ol>
    </section>
  );
}
