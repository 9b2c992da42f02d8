// The feed for dashboards: where its door is, who has a key to it, and taking a key back.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { Button, ButtonLink } from "../../parts/controls";
import { formatDateTime, formatNumber } from "../../parts/format";
import { Icon } from "../../parts/icons";
import { ConfirmDialog, EmptyState, ErrorNotice, Loading, Notice, PageHead } from "../../parts/surfaces";
import { DataTable, type Column } from "../../parts/table";
import { useCommand } from "../../parts/use-command";
import { useFeedKeys, type FeedKey, type FeedKeys } from "./data";

export const territoryName = (key: FeedKey) => key.territoryName || key.territory;

export function Door({ door }: { door: Pick<FeedKeys, "addresses" | "serverKey"> }) {
  const { t } = useTranslation("feed");
  if (door.addresses.length === 0) return <Notice tone="warning" title={t("closedTitle")}>{t("closed")}</Notice>;
  return (
    <dl className="facts feed-door">
      <dt>{t("address")}</dt>
      <dd>{door.addresses.map((address) => <code key={address} className="wrapped">{address} </code>)}</dd>
      <dt>{t("serverKey")}</dt>
      <dd><code className="wrapped">{door.serverKey}</code></dd>
    </dl>
  );
}

function Revoking({ feedKey, onClose, onDone }: { feedKey: FeedKey; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation("feed");
  const queries = useQueryClient();
  const revoke = useCommand(
    (feedKeyId: string, headers) => reply(api.DELETE("/api/v1/feed/keys/{feedKeyId}", { params: { path: { feedKeyId } }, headers })),
    {
      onDone: () => {
        void queries.invalidateQueries({ queryKey: ["feed"] });
        onDone();
      },
    },
  );
  return (
    <ConfirmDialog isOpen onClose={onClose} title={t("revokeTitle", { name: feedKey.name })} confirm={t("revoke")} isDanger
      onConfirm={() => revoke.mutate(feedKey.feedKeyId)} isBusy={revoke.isPending} error={revoke.error}>
      <ul className="consequences">
        <li>{t("revokeNow")}</li>
        <li>{t("revokeForGood")}</li>
      </ul>
    </ConfirmDialog>
  );
}

function Keys({ caption, keys, onRevoke }: { caption: string; keys: FeedKey[]; onRevoke?: (key: FeedKey) => void }) {
  const { t } = useTranslation("feed");
  const columns: Column<FeedKey>[] = [
    { id: "name", title: t("name"), render: (key) => <span className="wrapped">{key.name}</span> },
    { id: "territory", title: t("territory"), render: (key) => <>{territoryName(key)} <code className="muted">{key.territory}</code></> },
    { id: "issued", title: t("issuedAt"), render: (key) => formatDateTime(key.issuedAt) },
    { id: "seen", title: t("lastSeen"), render: (key) => (key.lastSeenAt ? formatDateTime(key.lastSeenAt) : t("never")) },
    {
      id: "state", title: t("state"),
      render: (key) => key.revokedAt
        ? <span className="state closed"><Icon name="lock" size={16} />{t("revokedAt", { moment: formatDateTime(key.revokedAt) })}</span>
        : <span className="state accepted"><Icon name="check" size={16} />{t("holds")}</span>,
    },
    ...(onRevoke ? [{
      id: "act", title: t("act"),
      render: (key: FeedKey) => <Button kind="quiet" isSmall aria-label={t("revokeOf", { name: key.name })} onPress={() => onRevoke(key)}>{t("revoke")}</Button>,
    }] : []),
  ];
  return <DataTable caption={caption} columns={columns} rows={keys} keyOf={(key) => key.feedKeyId} />;
}

export function FeedKeysPage() {
  const { t } = useTranslation("feed");
  const query = useFeedKeys();
  const [revoking, setRevoking] = useState<FeedKey | null>(null);
  const [said, setSaid] = useState("");
  const holding = query.data?.keys.filter((key) => !key.revokedAt) ?? [];
  const revoked = query.data?.keys.filter((key) => key.revokedAt) ?? [];
  return (
    <>
      <PageHead title={t("title")} status={query.data && <span>{t("count", { count: holding.length, formatted: formatNumber(holding.length) })}</span>}
        actions={<ButtonLink href="/feed/issue" kind="primary" icon="plus">{t("issue")}</ButtonLink>} />
      <p className="hint">{t("about")}</p>
      {query.isPending && <Loading rows={3} />}
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {said && <Notice tone="good">{said}</Notice>}
      {query.data && (
        <>
          <Door door={query.data} />
          {query.data.keys.length === 0 && <EmptyState icon="key" title={t("emptyTitle")}>{t("empty")}</EmptyState>}
          {holding.length > 0 && <Keys caption={t("table")} keys={holding} onRevoke={setRevoking} />}
          {revoked.length > 0 && (
            <>
              <h2>{t("revokedTable")}</h2>
              <Keys caption={t("revokedTable")} keys={revoked} />
            </>
          )}
        </>
      )}
      {revoking && (
        <Revoking feedKey={revoking} onClose={() => setRevoking(null)} onDone={() => {
          setSaid(t("revoked", { name: revoking.name }));
          setRevoking(null);
        }} />
      )}
    </>
  );
}
