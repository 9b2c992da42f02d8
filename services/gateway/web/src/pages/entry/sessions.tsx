// Where I am logged in; ending one session or all of them.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { useProviderName } from "../../api/provider";
import { session } from "../../api/session";
import { Button } from "../../parts/controls";
import { formatDateTime } from "../../parts/format";
import { ConfirmDialog, ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";

export function SessionsPage() {
  const { t } = useTranslation("entry");
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const provider = useProviderName();
  const list = useQuery({ queryKey: ["sessions"], queryFn: () => reply(api.GET("/api/v1/sessions")) });
  const end = useCommand(
    (sessionId: string, headers) => reply(api.DELETE("/api/v1/sessions/{sessionId}", { params: { path: { sessionId } }, headers })),
    { onDone: () => void queries.invalidateQueries({ queryKey: ["sessions"] }) },
  );
  const endAll = useCommand(
    (_: null, headers) => reply(api.POST("/api/v1/sessions:revokeAll", { headers })),
    { onDone: () => session.leave() },
  );
  return (
    <>
      <PageHead title={t("sessionsTitle")} status={t("sessionsIntro")}
        actions={<Button kind="danger" onPress={() => setAsking(true)}>{t("endAll")}</Button>} />
      {list.isPending && <Loading />}
      {list.error && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {end.error ? <ErrorNotice error={end.error} /> : null}
      {list.data && (
        <ul className="card-list">
          {list.data.sessions.map((entry) => (
            <li key={entry.sessionId} className="card">
              <dl className="facts">
                <dt>{t("lastUsedAt")}</dt><dd>{formatDateTime(entry.lastUsedAt)}</dd>
                <dt>{t("startedAt")}</dt><dd>{formatDateTime(entry.startedAt)}</dd>
                <dt>{t("address")}</dt><dd>{entry.clientAddress}</dd>
                <dt>{t("way")}</dt><dd>{entry.byProvider ? t("wayProvider", { name: provider }) : t("wayPassword")}</dd>
              </dl>
              {entry.current
                ? <span className="state accepted">{t("thisSession")}</span>
                : <Button onPress={() => end.mutate(entry.sessionId)} aria-label={`${t("endSession")}: ${entry.clientAddress}, ${formatDateTime(entry.startedAt)}`}>{t("endSession")}</Button>}
            </li>
          ))}
        </ul>
      )}
      <ConfirmDialog isOpen={isAsking} onClose={() => setAsking(false)} title={t("endAll")} confirm={t("endAll")} isDanger
        isBusy={endAll.isPending} error={endAll.error}
        onConfirm={() => void session.mayLeave().then((may) => may && endAll.mutate(null))}>
        <p>{t("endAllConsequence")}</p>
      </ConfirmDialog>
    </>
  );
}
