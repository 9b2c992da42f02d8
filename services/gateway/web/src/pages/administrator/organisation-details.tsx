// One organisation: how it is now, how it was and will be, and its accounts.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { nowMs } from "../../api/clock";
import { ButtonLink } from "../../parts/controls";
import { formatDate } from "../../parts/format";
import { ErrorNotice, Loading } from "../../parts/surfaces";
import type { Organisation } from "./data";
import { Details, Facts, useKindName } from "./shared";

const COMPARED = ["shortName", "kind", "inn", "phone", "email", "attributes", "zone"] as const;

// What is new in a period against the one before it.
function differences(version: Organisation, before: Organisation | undefined): (typeof COMPARED)[number][] {
  return before ? COMPARED.filter((name) => String(version[name]) !== String(before[name])) : [];
}

function Period({ version, before }: { version: Organisation; before: Organisation | undefined }) {
  const { t } = useTranslation("administrator");
  const kindName = useKindName();
  const show = (one: Organisation, name: (typeof COMPARED)[number]) => name === "kind" ? kindName(one.kind) : String(one[name]) || "—";
  const changed = differences(version, before);
  // The last day, not the first one after it.
  const last = version.validTo && new Date(Date.parse(version.validTo) - 86_400_000).toISOString().slice(0, 10);
  return (
    <li>
      <strong>{formatDate(version.validFrom)} — {last ? formatDate(last) : t("organisations.untilNow")}</strong>
      {!before && <div className="muted">{t("organisations.first")}: {version.shortName}</div>}
      {before && changed.length === 0 && <div className="muted">{t("organisations.noDifference")}</div>}
      {before && changed.map((name) => (
        <div key={name}>{t(`organisations.field.${name}`)}: <del>{show(before, name)}</del> → {show(version, name)}</div>
      ))}
    </li>
  );
}

export function OrganisationDetails({ organisationId, onClose }: { organisationId: string; onClose: () => void }) {
  const { t } = useTranslation("administrator");
  const kindName = useKindName();
  const query = useQuery({
    queryKey: ["organisations", "versions", organisationId],
    queryFn: () => reply(api.GET("/api/v1/organisations/{organisationId}/versions", { params: { path: { organisationId } } })),
  });
  const today = new Date(nowMs()).toISOString().slice(0, 10);
  const versions = query.data?.versions ?? [];
  const now = versions.find((version) => version.validFrom <= today) ?? versions[0];
  if (!now)
    return (
      <Details title={t("organisations.one")} onClose={onClose}>
        {query.error ? <ErrorNotice error={query.error} onRetry={() => void query.refetch()} /> : <Loading rows={4} />}
      </Details>
    );
  return (
    <Details title={now.shortName} onClose={onClose}>
      <Facts rows={[
        [t("organisations.kind"), kindName(now.kind)],
        [t("organisations.code"), now.code],
        [t("organisations.municipality"), now.municipalityName],
        [t("organisations.inn"), now.inn],
        [t("organisations.phone"), now.phone && <a href={`tel:${now.phone.replace(/[^+\d]/g, "")}`}>{now.phone}</a>],
        [t("organisations.email"), now.email && <a href={`mailto:${now.email}`}>{now.email}</a>],
        [t("organisations.attributes"), now.attributes.join(", ")],
        [t("organisations.zone"), now.zone],
      ]} />
      <h3>{t("organisations.history")}</h3>
      <ol className="history">
        {versions.map((version, index) => <Period key={version.validFrom} version={version} before={versions[index + 1]} />)}
      </ol>
      <div className="details-actions">
        <ButtonLink href={`/accounts?organisation=${organisationId}`} icon="key">{t("organisations.accounts")}</ButtonLink>
        <ButtonLink href={`/accounts/issue?organisation=${organisationId}`} icon="plus">{t("organisations.issue")}</ButtonLink>
      </div>
    </Details>
  );
}
