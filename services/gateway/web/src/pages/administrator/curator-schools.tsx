// The schools that a curator answers for: picked by search, what changes is seen before it is saved (S1.6).
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { Button, SearchField } from "../../parts/controls";
import { Icon } from "../../parts/icons";
import { ErrorNotice, Loading, useToast } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import type { Account, Organisation } from "./data";
import { useSettled } from "./shared";

interface School { code: string; name: string; place: string; }

const OFFERED_MAX = 20;
const byCode = (a: School, b: School) => a.code.localeCompare(b.code);

function useOffered(below: string, query: string) {
  return useQuery({
    queryKey: ["organisations", "offered", below, query],
    enabled: query.length > 1,
    placeholderData: (before) => before,
    queryFn: () => reply(api.GET("/api/v1/organisations", { params: { query: { query, belowPath: below, limit: OFFERED_MAX } } })),
  });
}

const isAsked = (one: Organisation) => one.kind === "school" || one.kind === "authority" || one.kind === "other";

export function CuratorSchools({ account }: { account: Account }) {
  const { t } = useTranslation("administrator");
  const queries = useQueryClient();
  const { toast, show } = useToast();
  const key = ["accounts", "schools", account.accountId];
  const path = { accountId: account.accountId };
  const [search, setSearch] = useState("");
  // What is to be; null: as it is.
  const [wanted, setWanted] = useState<School[] | null>(null);
  const list = useQuery({ queryKey: key, queryFn: () => reply(api.GET("/api/v1/accounts/{accountId}/schools", { params: { path } })) });
  const bound: School[] = (list.data?.schools ?? []).map((one) => ({ code: one.code, name: one.shortName, place: one.municipalityName }));
  const chosen = wanted ?? bound;
  const has = (schools: School[], code: string) => schools.some((one) => one.code === code);
  const added = chosen.filter((one) => !has(bound, one.code));
  const gone = bound.filter((one) => !has(chosen, one.code));
  const settled = useSettled(search.trim());
  const offered = useOffered(account.organisationPath, settled);
  const found = settled.length > 1 ? (offered.data?.organisations ?? []).filter((one) => isAsked(one) && !has(chosen, one.code)) : [];
  const save = useCommand(
    (codes: string[], headers) => reply(api.PUT("/api/v1/accounts/{accountId}/schools", { params: { path }, body: { codes }, headers })),
    { onDone: (now) => { queries.setQueryData(key, now); setWanted(null); setSearch(""); show(t("schools.saved", { count: now.schools.length })); } },
  );
  const add = (one: Organisation) => setWanted([...chosen, { code: one.code, name: one.shortName, place: one.municipalityName }].sort(byCode));
  const drop = (code: string) => setWanted(chosen.filter((one) => one.code !== code));
  if (list.isPending) return <Loading rows={3} />;
  if (list.error) return <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />;
  const isChanged = added.length + gone.length > 0;
  return (
    <section className="curator-schools" aria-labelledby="schools-title">
      <h3 id="schools-title">{t("schools.title", { count: bound.length })}</h3>
      {chosen.length === 0 && <p className="muted">{t("schools.none")}</p>}
      <ul>
        {chosen.map((one) => (
          <li key={one.code}>
            <span>
              {one.name} <span className="muted">{one.place}</span>
              {!has(bound, one.code) && <span className="state ready"><Icon name="plus" size={16} />{t("schools.new")}</span>}
            </span>
            {!account.closed && <Button kind="quiet" isSmall icon="cross" aria-label={t("schools.drop", { name: one.name })} onPress={() => drop(one.code)} />}
          </li>
        ))}
      </ul>
      {!account.closed && (
        <>
          <SearchField label={t("schools.search")} value={search} onChange={setSearch} />
          {settled.length > 1 && offered.data && found.length === 0 && <p className="muted">{t("schools.nothing")}</p>}
          <ul aria-label={t("schools.found")}>
            {found.map((one) => (
              <li key={one.code}>
                <span>{one.shortName} <span className="muted">{one.municipalityName}</span></span>
                <Button isSmall icon="plus" aria-label={t("schools.add", { name: one.shortName })} onPress={() => add(one)} />
              </li>
            ))}
          </ul>
        </>
      )}
      {isChanged && (
        <div className="schools-change" role="group" aria-label={t("schools.change")}>
          {added.length > 0 && <p><strong>{t("schools.added")}</strong> {added.map((one) => one.name).join(", ")}</p>}
          {gone.length > 0 && <p><strong>{t("schools.gone")}</strong> {gone.map((one) => one.name).join(", ")}. {t("schools.goneConsequence")}</p>}
          {save.error ? <ErrorNotice error={save.error} /> : null}
          <div className="details-actions">
            <Button kind="primary" onPress={() => save.mutate(chosen.map((one) => one.code))} isDisabled={save.isPending}>{t("schools.save")}</Button>
            <Button onPress={() => setWanted(null)}>{t("cancel", { ns: "common" })}</Button>
          </div>
        </div>
      )}
      {toast}
    </section>
  );
}
