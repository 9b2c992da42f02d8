// Accounts issued in bulk: how many there will be, page after page, and their one-time passwords once.
import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { useParameter } from "../../parts/address";
import { Button, ButtonLink, Checkbox, Select } from "../../parts/controls";
import { formatDate, formatNumber } from "../../parts/format";
import { ConfirmDialog, ErrorNotice, Loading, Notice, PageHead } from "../../parts/surfaces";
import { DataTable, type Column } from "../../parts/table";
import { useCommand } from "../../parts/use-command";
import { KINDS, ROLES, useOrganisations, type IssuedAccount, type Organisation, type Role } from "./data";
import { Envelopes, saveFile, toCsv } from "./envelopes";
import { issuing } from "./issuing";
import { useKindName } from "./shared";

// Which kinds of organisation get which role, those usual first; the server has the last word.
type IssuedRole = (typeof ROLES)[number];
const SUITABLE: Record<IssuedRole, readonly string[]> = {
  ROLE_RESPONDENT: ["school", "authority", "superior", "other"],
  ROLE_OPERATOR: ["superior", "authority", "municipality", "region", "federation"],
  ROLE_COORDINATOR: ["authority", "municipality", "region", "federation"],
  ROLE_CURATOR: ["school", "authority", "superior", "municipality", "region", "federation", "other"],
  ROLE_ADMINISTRATOR: ["region", "federation"],
};
// What is ticked to begin with: a role for those who usually have it.
const USUAL: Record<IssuedRole, string[]> = {
  ROLE_RESPONDENT: ["school", "authority"], ROLE_OPERATOR: ["region"], ROLE_COORDINATOR: ["authority", "region"], ROLE_CURATOR: [], ROLE_ADMINISTRATOR: [],
};

const MOST_PER_ORGANISATION = 20;
const NUMBERS = Array.from({ length: MOST_PER_ORGANISATION }, (_, index) => ({ id: String(index + 1), text: String(index + 1) }));

// What each organisation shall have in the end, so that to repeat a wish issues nothing more.
export interface Wish { role: Role; kinds: string[]; belowPath: string; codes: string[]; perOrganisation: number; }

function useForecast(wish: Wish) {
  return useQuery({
    queryKey: ["accounts", "forecast", wish],
    enabled: wish.kinds.length > 0,
    staleTime: 0,
    queryFn: async () => (await reply(api.POST("/api/v1/accounts:issue", { body: { ...wish, dryRun: true } }))).remaining,
  });
}

// The one organisation that the address names.
function useOrganisation() {
  const [organisationId, choose] = useParameter("organisation");
  const question = useQuery({
    queryKey: ["organisations", "one", organisationId],
    queryFn: organisationId
      ? () => reply(api.GET("/api/v1/organisations/{organisationId}", { params: { path: { organisationId } } }))
      : skipToken,
  });
  return { organisationId, question, forget: () => choose("") };
}

// Whom to: one organisation, or all of some kinds in a territory.
function WhomField({ organisation, onForget, role, kinds, onKinds, below, onBelow }: {
  organisation: Organisation | undefined; onForget: () => void; role: IssuedRole;
  kinds: string[]; onKinds: (kinds: string[]) => void; below: string; onBelow: (below: string) => void;
}) {
  const { t } = useTranslation("administrator");
  const kindName = useKindName();
  const municipalities = useOrganisations({ asOf: "", kind: "municipality", below: "", query: "" });
  const regions = useOrganisations({ asOf: "", kind: "region", below: "", query: "" });
  if (organisation)
    return (
      <div className="field">
        <span className="label">{t("issue.organisation")}</span>
        <span className="inline">{organisation.shortName} <Button kind="quiet" isSmall icon="cross" onPress={onForget}>{t("issue.manyInstead")}</Button></span>
      </div>
    );
  return (
    <>
      <div className="field" role="group" aria-label={t("issue.kinds")}>
        <span className="label">{t("issue.kinds")}</span>
        {KINDS.filter((kind) => SUITABLE[role].includes(kind)).map((kind) => (
          <Checkbox key={kind} isSelected={kinds.includes(kind)} onChange={(isOn) => onKinds(isOn ? [...kinds, kind] : kinds.filter((one) => one !== kind))}>{kindName(kind)}</Checkbox>
        ))}
      </div>
      <Select label={t("issue.territory")} value={below} onChange={onBelow}
        choices={[
          { id: "all", text: t("issue.everywhere") },
          ...[...(regions.data ?? []), ...(municipalities.data ?? [])].map((one) => ({ id: one.path, text: one.shortName })),
        ]} />
    </>
  );
}

function WishForm({ organisation, onForget, onStart }:
  { organisation: Organisation | undefined; onForget: () => void; onStart: (wish: Wish, count: number) => void }) {
  const { t } = useTranslation("administrator");
  const { t: common } = useTranslation();
  const roles = ROLES.filter((one) => !organisation || SUITABLE[one].includes(organisation.kind));
  const [role, setRole] = useState<IssuedRole>(roles[0] ?? "ROLE_RESPONDENT");
  const [ticked, setKinds] = useState(USUAL[role]);
  const [below, setBelow] = useState("all");
  const [perOrganisation, setPerOrganisation] = useState("1");
  const [isAsking, setAsking] = useState(false);
  const kinds = organisation ? [organisation.kind] : ticked;
  const wish: Wish = {
    role, kinds, belowPath: organisation || below === "all" ? "" : below, codes: organisation ? [organisation.code] : [],
    perOrganisation: Number(perOrganisation),
  };
  const forecast = useForecast(wish);
  const count = kinds.length === 0 ? 0 : (forecast.data ?? 0);
  const chooseRole = (id: string) => {
    setRole(id as IssuedRole);
    setKinds(USUAL[id as IssuedRole]);
  };
  return (
    <>
      <div className="form">
        <Select label={t("issue.role")} hint={t("issue.roleHint")} value={role} onChange={chooseRole} choices={roles.map((id) => ({ id, text: common(`role.${id}`) }))} />
        <WhomField {...{ organisation, onForget, role, kinds, below }} onKinds={setKinds} onBelow={setBelow} />
        <Select label={t("issue.perOrganisation")} hint={t("issue.perOrganisationHint")} value={perOrganisation} onChange={setPerOrganisation} choices={NUMBERS} />
        {forecast.error ? <ErrorNotice error={forecast.error} onRetry={() => void forecast.refetch()} /> : null}
        <p role="status" className="forecast">
          {kinds.length === 0 ? t("issue.noKinds") : forecast.isFetching ? t("issue.counting") : count === 0 ? t("issue.nobody") : t("issue.forecast", { count, formatted: formatNumber(count) })}
        </p>
        <Button kind="primary" isDisabled={count === 0 || forecast.isFetching} onPress={() => setAsking(true)}>{t("issue.start", { count, formatted: formatNumber(count) })}</Button>
      </div>
      <ConfirmDialog isOpen={isAsking} onClose={() => setAsking(false)} title={t("issue.confirmTitle")} confirm={t("issue.start", { count, formatted: formatNumber(count) })}
        onConfirm={() => { setAsking(false); onStart(wish, count); }}>
        <p>{t("issue.confirm", { count, formatted: formatNumber(count) })}</p>
        <p>{t("issue.once")}</p>
      </ConfirmDialog>
    </>
  );
}

function Issued({ accounts, onForget }: { accounts: IssuedAccount[]; onForget: () => void }) {
  const { t } = useTranslation("administrator");
  const [isAsking, setAsking] = useState(false);
  const [isShown, setShown] = useState(false);
  const columns: Column<IssuedAccount>[] = [
    { id: "organisation", title: t("accounts.organisation"), render: (account) => account.organisationName },
    { id: "login", title: t("accounts.login"), render: (account) => account.login },
    { id: "password", title: t("envelope.password"), render: (account) => isShown ? <code>{account.oneTimePassword}</code> : "••••••••" },
    { id: "expires", title: t("issue.expires"), render: (account) => formatDate(account.expiresAt) },
  ];
  const save = () => saveFile("vekha-accounts.csv", toCsv([
    [t("accounts.organisation"), t("envelope.address"), t("accounts.login"), t("envelope.password"), t("issue.expires")],
    ...accounts.map((one) => [one.organisationName, window.location.origin, one.login, one.oneTimePassword, formatDate(one.expiresAt)]),
  ]));
  return (
    <>
      <Notice tone="warning" title={t("issue.doneTitle", { count: accounts.length, formatted: formatNumber(accounts.length) })}>{t("issue.done")}</Notice>
      <div className="toolbar">
        <Button kind="primary" icon="print" onPress={() => window.print()}>{t("issue.print", { count: Math.ceil(accounts.length / 6), formatted: formatNumber(Math.ceil(accounts.length / 6)) })}</Button>
        <Button icon="download" onPress={save}>{t("issue.save")}</Button>
        <Button kind="quiet" onPress={() => setShown(!isShown)}>{t(isShown ? "issue.hide" : "issue.show")}</Button>
        <Button kind="danger" onPress={() => setAsking(true)}>{t("issue.forget")}</Button>
      </div>
      <DataTable caption={t("issue.table")} columns={columns} rows={accounts} keyOf={(account) => account.accountId} />
      <Envelopes accounts={accounts} />
      <ConfirmDialog isOpen={isAsking} onClose={() => setAsking(false)} title={t("issue.forgetTitle")} confirm={t("issue.forget")} isDanger onConfirm={onForget}>
        <p>{t("issue.forgetConsequence")}</p>
      </ConfirmDialog>
    </>
  );
}

export function AccountIssuePage() {
  const { t } = useTranslation("administrator");
  const queries = useQueryClient();
  const { organisationId, question, forget } = useOrganisation();
  const state = useSyncExternalStore(issuing.subscribe, issuing.get);
  const step = useCommand(
    (wish: Wish, headers) => reply(api.POST("/api/v1/accounts:issue", { body: wish, headers })),
    {
      onDone: (page, wish) => {
        issuing.add(page.accounts, page.remaining);
        if (page.remaining > 0 && page.accounts.length > 0) step.mutate(wish);
        else void queries.invalidateQueries({ queryKey: ["accounts"] });
      },
    },
  );
  const isUnsaved = state.accounts.length > 0;
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isUnsaved]);
  const start = (wish: Wish, count: number) => {
    issuing.start(wish, count);
    step.mutate(wish);
  };
  const isRunning = step.isPending;
  return (
    <>
      <PageHead title={t("issue.title")} status={t("issue.status")} actions={<ButtonLink href="/accounts">{t("issue.back")}</ButtonLink>} />
      {question.error ? <ErrorNotice error={question.error} onRetry={() => void question.refetch()} /> : null}
      {organisationId && question.isPending && <Loading rows={4} />}
      {!isRunning && !isUnsaved && !step.error && (question.data || !organisationId) && (
        <WishForm key={organisationId} organisation={question.data} onForget={forget} onStart={start} />
      )}
      {isRunning && (
        <div className="progress-box" role="status">
          <p>{t("issue.progress", { count: state.accounts.length, formatted: formatNumber(state.accounts.length), total: formatNumber(state.expected) })}</p>
          <progress max={Math.max(state.expected, 1)} value={state.accounts.length} aria-label={t("issue.title")} />
          {state.accounts.length === 0 && <Loading rows={2} />}
        </div>
      )}
      {step.error ? <ErrorNotice error={step.error} onRetry={() => state.wish && step.mutate(state.wish)} /> : null}
      {!isRunning && isUnsaved && <Issued accounts={state.accounts} onForget={() => { issuing.forget(); step.reset(); }} />}
    </>
  );
}
