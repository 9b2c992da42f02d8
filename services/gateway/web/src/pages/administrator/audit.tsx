// Who read or changed personal data: searched by act, person, organisation and time.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../api/schema";
import { api, reply, type Full } from "../../api/client";
import { Button, SearchField, Select, TextField } from "../../parts/controls";
import { formatDateTime, formatNumber } from "../../parts/format";
import { useParameter } from "../../parts/address";
import { ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import { DataTable, type Column } from "../../parts/table";
import { Details, Facts, RowLink, useSettled } from "./shared";

type AuditRecord = Full<components["schemas"]["AuditRecord"]>;

const PAGE = 200;
const ACTS = [
  "logged_in", "logged_in_by_provider", "login_refused", "logged_out", "session_revoked", "all_sessions_revoked", "token_reused", "password_changed", "password_reset",
  "profile_read", "profile_saved", "account_issued", "account_closed", "account_reopened", "accounts_listed", "organisations_imported",
  "organisation_read", "audit_read", "start_report_read", "provided_report_read", "provided_values_read",
  "curator_bound", "curator_unbound", "provider_linked", "provider_unlinked",
  "roadmaps_report_read", "activity_report_read", "forecast_report_read", "message_addressees_read",
  "feed_key_issued", "feed_key_revoked", "calendar_day_changed", "access_mailed",
] as const;
type Act = (typeof ACTS)[number];

interface Question { act: string; login: string; organisationId: string; from: string; to: string; }

const seconds = (at: string) => `${formatDateTime(at)}:${at.slice(17, 19)}`;
// A day as the reader's clock counts it.
const startOf = (day: string, offset = 0) => {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year!, month! - 1, date! + offset).toISOString();
};

function useAudit({ act, login, organisationId, from, to }: Question) {
  return useInfiniteQuery({
    queryKey: ["audit", { act, login, organisationId, from, to }],
    initialPageParam: 0,
    staleTime: 0,
    queryFn: ({ pageParam }) =>
      reply(api.GET("/api/v1/audit", {
        params: {
          query: {
            limit: PAGE, ...(act && { act }), ...(login && { login }), ...(organisationId && { organisationId }),
            ...(from && { from: startOf(from) }), ...(to && { to: startOf(to, 1) }), ...(pageParam && { beforeNumber: pageParam as never }),
          },
        },
      })),
    getNextPageParam: (page) => (page.records.length < PAGE ? undefined : Number(page.records.at(-1)!.number)),
  });
}

function RecordDetails({ record, onClose }: { record: AuditRecord; onClose: () => void }) {
  const { t } = useTranslation("administrator");
  return (
    <Details title={t(`audit.act.${record.act as Act}`)} onClose={onClose}>
      <Facts rows={[
        [t("audit.number"), formatNumber(Number(record.number))],
        [t("audit.at"), seconds(record.at)],
        [t("audit.actor"), record.actorLogin || record.actorAccountId || t("audit.nobody")],
        [t("audit.whose"), record.accountLogin || record.accountId],
        [t("audit.organisation"), record.organisationName],
        [t("audit.address"), record.clientAddress],
        [t("audit.detail"), record.detail && <code>{record.detail}</code>],
        [t("audit.hash"), <code key="hash" className="wrapped">{record.hash}</code>],
      ]} />
      <p className="hint">{t("audit.hashHint")}</p>
    </Details>
  );
}

export function AuditPage() {
  const { t } = useTranslation("administrator");
  const { t: common } = useTranslation();
  const [act, setAct] = useParameter("act", "all");
  const [login, setLogin] = useParameter("login");
  const [organisation, setOrganisation] = useParameter("organisation");
  const [from, setFrom] = useParameter("from");
  const [to, setTo] = useParameter("to");
  const [current, setCurrent] = useParameter("record");
  const asked = useSettled(login.trim());
  const list = useAudit({ act: act === "all" ? "" : act, login: asked, organisationId: organisation, from, to });
  const records = useMemo(() => list.data?.pages.flatMap((page) => page.records) ?? [], [list.data]);
  const opened = records.find((record) => String(record.number) === current);
  const columns: Column<AuditRecord>[] = [
    { id: "at", title: t("audit.at"), render: (record) => <RowLink isCurrent={record === opened} onOpen={() => setCurrent(String(record.number), true)}>{seconds(record.at)}</RowLink> },
    { id: "act", title: t("audit.what"), render: (record) => t(`audit.act.${record.act as Act}`) },
    { id: "actor", title: t("audit.actor"), render: (record) => record.actorLogin || <span className="muted">{t("audit.nobody")}</span> },
    { id: "whose", title: t("audit.whose"), render: (record) => record.accountLogin },
    { id: "organisation", title: t("audit.organisation"), render: (record) => record.organisationName },
    { id: "address", title: t("audit.address"), render: (record) => record.clientAddress },
  ];
  return (
    <>
      <PageHead title={t("audit.title")} status={t("audit.status")} />
      <div className={opened ? "split" : ""}>
        <div>
          <div className="toolbar">
            <SearchField label={t("audit.login")} value={login} onChange={setLogin} />
            <Select label={t("audit.what")} value={act} onChange={setAct}
              choices={[{ id: "all", text: t("audit.allActs") }, ...ACTS.map((id) => ({ id, text: t(`audit.act.${id}`) }))]} />
            <TextField type="date" label={t("audit.from")} value={from} onChange={setFrom} />
            <TextField type="date" label={t("audit.to")} value={to} onChange={setTo} />
            {organisation && <Button kind="quiet" icon="cross" onPress={() => setOrganisation("")}>{records[0]?.organisationName || t("audit.organisation")}</Button>}
            <Button icon="undo" onPress={() => void list.refetch()}>{t("audit.refresh")}</Button>
          </div>
          {list.isPending && <Loading />}
          {list.error && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
          {list.data && (
            <DataTable caption={t("audit.title")} columns={columns} rows={records} keyOf={(record) => String(record.number)} currentKey={current}
              onOpen={(record) => setCurrent(String(record.number), true)} empty={<p className="muted empty-row">{common("table.nothingFound")}</p>} />
          )}
          {list.hasNextPage && <Button isDisabled={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>{common("more")}</Button>}
        </div>
        {opened && <RecordDetails record={opened} onClose={() => setCurrent("")} />}
      </div>
    </>
  );
}
