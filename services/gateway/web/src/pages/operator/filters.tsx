// What of the queue is looked at: conditions in the address, search in what is loaded.
import { useQuery } from "@tanstack/react-query";
import { useMemo, type Ref } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { useParameter } from "../../parts/address";
import { Button, SearchField, Select, type Choice } from "../../parts/controls";
import type { Filters } from "./queue-data";

const ALL = "all";
const STATES = ["waiting", "opened", "accepted", "rejected", "withdrawn"] as const;
const HOURS = { "24": "filter.day", "72": "filter.threeDays", "168": "filter.week", "720": "filter.month" } as const;

export function useRounds() {
  return useQuery({ queryKey: ["rounds"], staleTime: 300_000, queryFn: () => reply(api.GET("/api/v1/rounds", { params: { query: {} } })) });
}

export function useFilters() {
  const [programmeCode, setProgramme] = useParameter("programme", ALL);
  const [roundId, setRound] = useParameter("round", ALL);
  const [municipalityId, setMunicipality] = useParameter("municipality", ALL);
  const [hours, setHours] = useParameter("hours", ALL);
  const [state, setState] = useParameter("state", ALL);
  const known = (value: string) => (value === ALL ? "" : value);
  const filters: Filters = useMemo(
    () => ({
      programmeCode: known(programmeCode), roundId: known(roundId), municipalityId: known(municipalityId),
      waitingAtLeastHours: Number(known(hours)) || 0, state: known(state),
    }),
    [programmeCode, roundId, municipalityId, hours, state],
  );
  return {
    filters, programmeCode, setProgramme, roundId, setRound, municipalityId, setMunicipality, hours, setHours, state, setState,
    isFiltered: [programmeCode, roundId, municipalityId, hours, state].some((value) => value !== ALL),
    clear: () => [setProgramme, setRound, setMunicipality, setHours, setState].forEach((set) => set(ALL)),
  };
}

export function FilterBar({ chosen, search, onSearch, searchRef }:
  { chosen: ReturnType<typeof useFilters>; search: string; onSearch: (text: string) => void; searchRef: Ref<HTMLInputElement> }) {
  const { t } = useTranslation(["operator", "common"]);
  const programmes = useQuery({ queryKey: ["programmes"], staleTime: 300_000, queryFn: () => reply(api.GET("/api/v1/programmes")) });
  const rounds = useRounds();
  const municipalities = useQuery({
    queryKey: ["organisations", "municipalities"], staleTime: 300_000,
    queryFn: () => reply(api.GET("/api/v1/organisations", { params: { query: { kind: "municipality", limit: 1000 } } })),
  });
  const withAll = (choices: Choice[], all: string = t("filter.all")) => [{ id: ALL, text: all }, ...choices];
  const roundChoices = (rounds.data?.rounds ?? [])
    .filter((round) => round.state !== "planned" && (chosen.programmeCode === ALL || round.programmeCode === chosen.programmeCode))
    .map((round) => ({ id: round.roundId, text: round.name }));
  const municipalityChoices = (municipalities.data?.organisations ?? [])
    .map((one) => ({ id: one.organisationId, text: one.shortName }))
    .sort((a, b) => a.text.localeCompare(b.text, "ru"));
  return (
    <div className="toolbar queue-filters" role="search">
      <SearchField label={t("search")} value={search} onChange={onSearch} inputRef={searchRef} />
      {(programmes.data?.programmes.length ?? 0) > 1 && (
        <Select label={t("filter.programme")} value={chosen.programmeCode} onChange={chosen.setProgramme}
          choices={withAll(programmes.data!.programmes.map((one) => ({ id: one.code, text: one.title })))} />
      )}
      {roundChoices.length > 1 && <Select label={t("filter.round")} value={chosen.roundId} onChange={chosen.setRound} choices={withAll(roundChoices)} />}
      {municipalityChoices.length > 1 && (
        <Select label={t("filter.municipality")} value={chosen.municipalityId} onChange={chosen.setMunicipality} choices={withAll(municipalityChoices)} />
      )}
      <Select label={t("filter.waiting")} value={chosen.hours} onChange={chosen.setHours}
        choices={withAll(Object.entries(HOURS).map(([id, key]) => ({ id, text: t(key) })), t("filter.anyTime"))} />
      <Select label={t("filter.state")} value={chosen.state} onChange={chosen.setState}
        choices={withAll(STATES.map((id) => ({ id, text: t(`state.${id}`) })), t("state.pending"))} />
      {chosen.isFiltered && <Button kind="quiet" icon="cross" onPress={chosen.clear}>{t("common:table.clearFilters")}</Button>}
    </div>
  );
}
