// Accounts: whose they are, who has logged in; one-time passwords anew, closing and reopening.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { Button, ButtonLink, SearchField, Select } from "../../parts/controls";
import { formatDateTime, formatNumber } from "../../parts/format";
import { useParameter } from "../../parts/address";
import { EmptyState, ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import { DataTable, type Column } from "../../parts/table";
import { AccountDetails, AccountTag } from "./account-details";
import { ROLES, type Account, type Role } from "./data";
import { RowLink, useSettled } from "./shared";

const PAGE = 500;
const STATES = ["open", "never", "closed", "linked"] as const;

interface Question { query: string; role: string; state: string; organisationId: string; }

function useAccounts({ query, role, state, organisationId }: Question) {
  return useInfiniteQuery({
    queryKey: ["accounts", { query, role, state, organisationId }],
    initialPageParam: "",
    queryFn: ({ pageParam }) =>
      reply(api.GET("/api/v1/accounts", {
        params: {
          query: {
            limit: PAGE, ...(query && { query }), ...(role && { role: role as Role }), ...(state && { state }),
            ...(organisationId && { organisationId }), ...(pageParam && { afterLogin: pageParam }),
          },
        },
      })),
    getNextPageParam: (page) => (page.accounts.length < PAGE ? undefined : page.accounts.at(-1)!.login),
  });
}

export function AccountsPage() {
  const { t } = useTranslation("administrator");
  const { t: common } = useTranslation();
  const [query, setQuery] = useParameter("query");
  const [role, setRole] = useParameter("role", "all");
  const [state, setState] = useParameter("state", "all");
  const [organisation, setOrganisation] = useParameter("organisation");
  const [current, setCurrent] = useParameter("account");
  const asked = useSettled(query.trim());
  const list = useAccounts({ query: asked, role: role === "all" ? "" : role, state: state === "all" ? "" : state, organisationId: organisation });
  const accounts = useMemo(() => list.data?.pages.flatMap((page) => page.accounts) ?? [], [list.data]);
  const total = list.data?.pages[0]?.total ?? 0;
  // The rest follows by itself, so that the table can be scrolled and counted as a whole.
  const { hasNextPage, isFetchingNextPage, isError, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isError, fetchNextPage]);

  const columns: Column<Account>[] = [
    { id: "login", title: t("accounts.login"), render: (account) => <RowLink isCurrent={account.accountId === current} onOpen={() => setCurrent(account.accountId, true)}>{account.login}</RowLink> },
    { id: "organisation", title: t("accounts.organisation"), render: (account) => account.organisationName },
    { id: "role", title: t("accounts.role"), render: (account) => common(`role.${account.role as "ROLE_RESPONDENT"}`) },
    { id: "person", title: t("accounts.person"), render: (account) => account.profileRequired ? "" : account.displayName },
    { id: "last", title: t("accounts.lastLogin"), render: (account) => formatDateTime(account.lastLoginAt) || <span className="muted">{t("accounts.never")}</span> },
    { id: "state", title: t("accounts.state"), render: (account) => <AccountTag account={account} /> },
  ];
  const isFiltered = asked !== "" || role !== "all" || state !== "all" || organisation !== "";
  const opened = accounts.find((account) => account.accountId === current);
  return (
    <>
      <PageHead title={t("accounts.title")}
        status={<span role="status">{list.data && (accounts.length < total ? t("loaded", { count: accounts.length, total: formatNumber(total) }) : t("accounts.counts", { count: total, formatted: formatNumber(total) }))}</span>}
        actions={<><ButtonLink href="/accounts/letters" icon="mail">{t("accounts.letters")}</ButtonLink><ButtonLink href="/accounts/issue" kind="primary" icon="key">{t("accounts.issue")}</ButtonLink></>} />
      <div className={opened ? "split" : ""}>
        <div>
          <div className="toolbar">
            <SearchField label={t("accounts.search")} value={query} onChange={setQuery} />
            <Select label={t("accounts.role")} value={role} onChange={setRole}
              choices={[{ id: "all", text: t("accounts.allRoles") }, ...ROLES.map((id) => ({ id, text: common(`role.${id}`) }))]} />
            <Select label={t("accounts.state")} value={state} onChange={setState}
              choices={[{ id: "all", text: t("accounts.allStates") }, ...STATES.map((id) => ({ id, text: t(`accounts.stateChoice.${id}`) }))]} />
            {organisation && <Button kind="quiet" icon="cross" onPress={() => setOrganisation("")}>{t("accounts.oneOrganisation", { name: accounts[0]?.organisationName ?? "…" })}</Button>}
          </div>
          {list.isPending && <Loading />}
          {list.error && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
          {list.data && total === 0 && !isFiltered && <EmptyState icon="key" title={t("accounts.emptyTitle")}>{t("accounts.empty")}</EmptyState>}
          {list.data && (total > 0 || isFiltered) && (
            <DataTable caption={t("accounts.title")} columns={columns} rows={accounts} keyOf={(account) => account.accountId} currentKey={current}
              onOpen={(account) => setCurrent(account.accountId, true)} empty={<p className="muted empty-row">{common("table.nothingFound")}</p>} />
          )}
        </div>
        {opened && <AccountDetails account={opened} onClose={() => setCurrent("")} />}
      </div>
    </>
  );
}
