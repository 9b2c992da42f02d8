// My account at the system outside: linking and unlinking, in the profile and right after an entry that nobody knew.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { linkOffer, useProviderName } from "../../api/provider";
import { Button } from "../../parts/controls";
import { formatDateTime } from "../../parts/format";
import { ConfirmDialog, Dialog, ErrorNotice } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { useProvider } from "./provider-button";

export function ProviderLink() {
  const { t } = useTranslation("entry");
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const link = useQuery({ queryKey: ["profile", "provider"], queryFn: () => reply(api.GET("/api/v1/profile/provider")) });
  const going = useProvider("link", "/profile");
  const unlink = useCommand(
    (_: null, headers) => reply(api.DELETE("/api/v1/profile/provider", { headers })),
    {
      onDone: (result) => {
        setAsking(false);
        queries.setQueryData(["profile", "provider"], result);
      },
    },
  );
  if (!link.data?.providerName) return link.error ? <ErrorNotice error={link.error} onRetry={() => void link.refetch()} /> : null;
  const { providerName: name, linked, linkedAt, shownName } = link.data;
  return (
    <section aria-labelledby="provider-heading">
      <h2 id="provider-heading">{t("providerTitle", { name })}</h2>
      {linked ? (
        <>
          <p>{t(shownName ? "linkedAs" : "linked", { account: shownName, at: formatDateTime(linkedAt) })}</p>
          <Button onPress={() => setAsking(true)}>{t("unlink")}</Button>
        </>
      ) : (
        <>
          <p className="muted">{t("linkIntro", { name })}</p>
          <Button onPress={() => going.mutate(null)} isDisabled={going.isPending || going.isSuccess}>{t("link")}</Button>
          {going.error ? <ErrorNotice error={going.error} /> : null}
        </>
      )}
      <ConfirmDialog isOpen={isAsking} onClose={() => setAsking(false)} title={t("unlink")} confirm={t("unlink")} isDanger
        isBusy={unlink.isPending} error={unlink.error} onConfirm={() => unlink.mutate(null)}>
        <p>{t("unlinkConsequence", { name })}</p>
      </ConfirmDialog>
    </section>
  );
}

export function LinkOffer() {
  const { t } = useTranslation("entry");
  const [isOpen, setOpen] = useState(true);
  const name = useProviderName();
  const going = useProvider("link", "/profile");
  const close = () => {
    linkOffer.forget();
    setOpen(false);
  };
  if (!name) return null;
  return (
    <Dialog isOpen={isOpen} onClose={close} title={t("offerTitle")}>
      <p>{t("offer", { name })}</p>
      {going.error ? <ErrorNotice error={going.error} /> : null}
      <div className="dialog-actions">
        <Button onPress={close}>{t("notNow")}</Button>
        <Button kind="primary" isDisabled={going.isPending || going.isSuccess}
          onPress={() => {
            linkOffer.forget();
            going.mutate(null);
          }}>{t("link")}</Button>
      </div>
    </Dialog>
  );
}
