// Where the addressees are: the author's whole territory, or some municipalities and organisations of it.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";
import { useAccount } from "../../api/session";
import { Checkbox, RadioGroup, SearchField } from "../../parts/controls";
import { ErrorNotice } from "../../parts/surfaces";

type Organisation = Full<components["schemas"]["Organisation"]>;

const FOUND_MAX = 30;
const UNITS_MAX = 1000;

function useOrganisations(query: { kind?: string; query?: string; limit: number }, isWanted: boolean) {
  return useQuery({
    queryKey: ["organisations", "units", query],
    enabled: isWanted,
    placeholderData: (before) => before,
    queryFn: () => reply(api.GET("/api/v1/organisations", { params: { query } })),
  });
}

export function Units({ chosen, onChange, error }: { chosen: string[]; onChange: (ids: string[]) => void; error: string }) {
  const { t } = useTranslation("messages");
  const { organisationPath } = useAccount();
  const [isSome, setSome] = useState(chosen.length > 0);
  const [search, setSearch] = useState("");
  // Of the federation the units are its regions, of a region its municipalities, of a municipality its organisations.
  const kind = organisationPath === "*" ? "region" : organisationPath.includes(".") ? "" : "municipality";
  const units = useOrganisations({ ...(kind && { kind }), limit: UNITS_MAX }, isSome);
  const found = useOrganisations({ query: search.trim(), limit: FOUND_MAX }, isSome && search.trim().length > 1);
  const known = [...(units.data?.organisations ?? []), ...(search.trim().length > 1 ? found.data?.organisations ?? [] : [])];
  const shown = known.filter((one, at) => known.findIndex((other) => other.organisationId === one.organisationId) === at);
  const toggle = (one: Organisation, isOn: boolean) => onChange(isOn ? [...chosen, one.organisationId] : chosen.filter((id) => id !== one.organisationId));
  return (
    <fieldset>
      <RadioGroup label={t("territory")} value={isSome ? "some" : "all"} error={error}
        onChange={(id) => { setSome(id === "some"); if (id === "all") onChange([]); }}
        choices={[{ id: "all", text: t("wholeTerritory") }, { id: "some", text: t("someUnits", { count: chosen.length }) }]} />
      {isSome && (
        <>
          <SearchField label={t("findUnit")} value={search} onChange={setSearch} />
          {units.error ? <ErrorNotice error={units.error} onRetry={() => void units.refetch()} /> : null}
          <div className="message-units" role="group" aria-label={t("units")} tabIndex={0}>
            {shown.map((one) => (
              <Checkbox key={one.organisationId} isSelected={chosen.includes(one.organisationId)} onChange={(isOn) => toggle(one, isOn)}>
                {one.shortName}{one.municipalityName && one.municipalityName !== one.shortName ? ` — ${one.municipalityName}` : ""}
              </Checkbox>
            ))}
          </div>
        </>
      )}
    </fieldset>
  );
}
