// What of the queue is looked at: conditions in the address, search in what is loaded.
import { useQuery } from "@tanstack/react-query";
import { useMemo, type Ref } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { useAccount } from "../../api/session";
import { useParameter } from "../../parts/address";
import { Button, SearchField, Select, type Choice } from "../../parts/controls";
import { useProgrammes } from "../shared/programme";
import type { Filters } from "./queue-data";

const ALL = "all";
const collator = new Intl.Collator("ru");
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

// What the conditions may be. Nothing of the list is drawn before they are known, so that nothing moves when they come.
export function useConditions(chosen: ReturnType<typeof useFilters>) {
  const { t } = useTranslation(["operator", "common"]);
  const programmes = useProgrammes();
  const rounds = useRounds();
  // A curator has schools, not places.
  const isCurator = useAccount().role === "ROLE_CURATOR";
  const municipalities = useQuery({
    enabled: !isCurator,
    queryKey: ["organisations", "municipalities"], staleTime: 300_000,
    queryFn: () => reply(api.GET("/api/v1/organisations", { params: { query: { kind: "municipality", limit: 1000 } } })),
  });
  const choices = useMemo(() => {
    const withAll = (known: Choice[], all: string = t("filter.all")) => [{ id: ALL, text: all }, ...known];
    return {
      programmes: withAll(programmes.data?.programmes.map((one) => ({ id: one.code, text: one.title })) ?? []),
      rounds: withAll((rounds.data?.rounds ?? [])
        .filter((round) => round.state !== "planned" && (chosen.programmeCode === ALL || round.programmeCode === chosen.programmeCode))
        .map((round) => ({ id: round.roundId, text: round.name }))),
      municipalities: withAll((municipalities.data?.organisations ?? []).map((one) => ({ id: one.organisationId, text: one.shortName }))
        .sort((a, b) => collator.compare(a.text, b.text))),
      hours: withAll(Object.entries(HOURS).map(([id, key]) => ({ id, text: t(key) })), t("filter.anyTime")),
      states: withAll(STATES.map((id) => ({ id, text: t(`state.${id}`) })), t("state.pending")),
    };
  }, [t, programmes.data, rounds.data, municipalities.data, chosen.programmeCode]);
  return { choices, areKnown: !programmes.isPending && !rounds.isPending && !municipalities.isLoading };
}

// Of the list a choice of one is none.
const isChoice = (choices: Choice[]) => choices.length > 2;

export function FilterBar({ chosen, choices, search, onSearch, searchRef }: {
  chosen: ReturnType<typeof useFilters>; choices: ReturnType<typeof useConditions>["choices"];
  search: string; onSearch: (text: string) => void; searchRef: Ref<HTMLInputElement>;
}) {
  const { t } = useTranslation(["operator", "common"]);
  return (
    <div className="toolbar queue-filters" role="search">
      <SearchField label={t("search")} value={search} onChange={onSearch} inputRef={searchRef} />
      {isChoice(choices.programmes) && (
        <Select label={t("filter.programme")} value={chosen.programmeCode} onChange={chosen.setProgramme} choices={choices.programmes} />
      )}
      {isChoice(choices.rounds) && <Select label={t("filter.round")} value={chosen.roundId} onChange={chosen.setRound} choices={choices.rounds} />}
      {isChoice(choices.municipalities) && (
        <Select label={t("filter.municipality")} value={chosen.municipalityId} onChange={chosen.setMunicipality} choices={choices.municipalities} />
      )}
      <Select label={t("filter.waiting")} value={chosen.hours} onChange={chosen.setHours} choices={choices.hours} />
      <Select label={t("filter.state")} value={chosen.state} onChange={chosen.setState} choices={choices.states} />
      {chosen.isFiltered && <Button kind="quiet" icon="cross" onPress={chosen.clear}>{t("common:table.clearFilters")}</Button>}
    </div>
  );
}
