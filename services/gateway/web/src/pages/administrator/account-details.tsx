// One account: what is known of it, a new one-time password, closing and reopening, its link to the system outside.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { useAccount } from "../../api/session";
import { Button, ButtonLink } from "../../parts/controls";
import { formatDateTime } from "../../parts/format";
import { Icon } from "../../parts/icons";
import { ConfirmDialog, Notice, useToast } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { CuratorSchools } from "./curator-schools";
import type { Account, IssuedAccount } from "./data";
import { Envelopes } from "./envelopes";
import { Details, Facts } from "./shared";

export function AccountTag({ account }: { account: Account }) {
  const { t } = useTranslation("administrator");
  if (account.closed) return <span className="state closed"><Icon name="lock" size={16} />{t("accounts.tag.closed")}</span>;
  if (!account.lastLoginAt) return <span className="state draft"><Icon name="key" size={16} />{t("accounts.tag.never")}</span>;
  if (account.passwordChangeRequired) return <span className="state in_review"><Icon name="key" size={16} />{t("accounts.tag.oneTime")}</span>;
  return <span className="state accepted"><Icon name="check" size={16} />{t("accounts.tag.works")}</span>;
}

// Shown once; the words on paper are those of the envelope.
function FreshPassword({ issued, onHide }: { issued: IssuedAccount; onHide: () => void }) {
  const { t } = useTranslation("administrator");
  const { t: common } = useTranslation();
  return (
    <>
      <Notice tone="good" title={t("accounts.freshTitle")}>
        <p className="secret">{issued.oneTimePassword}</p>
        <p>{t("accounts.fresh", { date: formatDateTime(issued.expiresAt) })}</p>
        <div className="details-actions">
          <Button kind="primary" icon="print" onPress={() => window.print()}>{common("print")}</Button>
          <Button onPress={onHide}>{t("accounts.hide")}</Button>
        </div>
      </Notice>
      <Envelopes accounts={[issued]} />
    </>
  );
}

export function AccountDetails({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation("administrator");
  const { t: common } = useTranslation();
  const queries = useQueryClient();
  const me = useAccount();
  const { toast, show } = useToast();
  const [asking, setAsking] = useState<"reset" | "close" | "reopen" | "unlink" | null>(null);
  const [fresh, setFresh] = useState<IssuedAccount | null>(null);
  const refresh = () => {
    setAsking(null);
    void queries.invalidateQueries({ queryKey: ["accounts"] });
  };
  const reset = useCommand(
    (accountId: string, headers) => reply(api.POST("/api/v1/accounts/{accountId}:resetPassword", { params: { path: { accountId } }, headers })),
    { onDone: (issued) => { refresh(); setFresh(issued); } },
  );
  const setClosed = useCommand(
    ({ accountId, closed }: { accountId: string; closed: boolean }, headers) =>
      reply(api.PUT("/api/v1/accounts/{accountId}/closed", { params: { path: { accountId } }, body: { closed }, headers })),
    { onDone: (_, { closed }) => { refresh(); show(t(closed ? "accounts.closedDone" : "accounts.reopened")); } },
  );
  const unlink = useCommand(
    (accountId: string, headers) => reply(api.PUT("/api/v1/accounts/{accountId}/provider", { params: { path: { accountId } }, body: { subject: "" }, headers })),
    { onDone: () => { refresh(); show(t("accounts.unlinked")); } },
  );
  const isMine = account.accountId === me.accountId;
  const dialog = asking && {
    reset: { title: t("accounts.resetTitle", { login: account.login }), text: t("accounts.resetConsequence"), button: t("accounts.resetDo"), isDanger: false },
    close: { title: t("accounts.closeTitle", { login: account.login }), text: t("accounts.closeConsequence"), button: t("accounts.closeDo"), isDanger: true },
    reopen: { title: t("accounts.reopenTitle", { login: account.login }), text: t("accounts.reopenConsequence"), button: t("accounts.reopenDo"), isDanger: false },
    unlink: { title: t("accounts.unlinkTitle", { login: account.login }), text: t("accounts.unlinkConsequence", { name: account.linkedName }), button: t("accounts.unlinkDo"), isDanger: true },
  }[asking];
  const command = { reset, close: setClosed, reopen: setClosed, unlink }[asking ?? "reset"];
  const confirm = () => asking === "reset" ? reset.mutate(account.accountId) : asking === "unlink" ? unlink.mutate(account.accountId) : setClosed.mutate({ accountId: account.accountId, closed: asking === "close" });
  return (
    <Details title={account.login} onClose={onClose}>
      <p><AccountTag account={account} /></p>
      {fresh && fresh.accountId === account.accountId && <FreshPassword issued={fresh} onHide={() => setFresh(null)} />}
      <Facts rows={[
        [t("accounts.organisation"), account.organisationName],
        [t("accounts.role"), common(`role.${account.role as "ROLE_RESPONDENT"}`)],
        [t("accounts.territory"), account.organisationPath],
        [t("accounts.person"), account.profileRequired ? t("accounts.noProfile") : account.displayName],
        [t("accounts.lastLogin"), formatDateTime(account.lastLoginAt) || t("accounts.never")],
        [t("accounts.linked"), account.linkedSince ? t("accounts.linkedSince", { name: account.linkedName, at: formatDateTime(account.linkedSince) }) : t("accounts.notLinked")],
        [t("accounts.password"), t(account.passwordChangeRequired ? "accounts.passwordOneTime" : "accounts.passwordOwn")],
      ]} />
      {account.role === "ROLE_CURATOR" && <CuratorSchools key={account.accountId} account={account} />}
      <div className="details-actions">
        {!account.closed && <Button icon="key" onPress={() => setAsking("reset")}>{t("accounts.reset")}</Button>}
        {account.linkedSince && <Button icon="cross" onPress={() => setAsking("unlink")}>{t("accounts.unlink")}</Button>}
        {account.closed && <Button icon="undo" onPress={() => setAsking("reopen")}>{t("accounts.reopen")}</Button>}
        {!account.closed && !isMine && <Button kind="danger" icon="lock" onPress={() => setAsking("close")}>{t("accounts.close")}</Button>}
        <ButtonLink href={`/organisations?organisation=${account.organisationId}`} icon="building">{t("accounts.toOrganisation")}</ButtonLink>
      </div>
      {dialog && (
        <ConfirmDialog isOpen onClose={() => setAsking(null)} title={dialog.title} confirm={dialog.button} isDanger={dialog.isDanger}
          isBusy={command.isPending} error={command.error} onConfirm={confirm}>
          <p>{dialog.text}</p>
        </ConfirmDialog>
      )}
      {toast}
    </Details>
  );
}
