// What every report begins with: the round that is asked about, and the municipalities of my territory.
import { useProgrammeName } from "../shared/programme";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";
import { useAccount } from "../../api/session";
import { useParameter } from "../../parts/address";
import { Select } from "../../parts/controls";
import { formatDate, formatDateTime, zoneName } from "../../parts/format";
import { DueTag } from "../../parts/state";
import { EmptyState, ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import "../../styles/coordinator.css";

export type ReportRound = Full<components["schemas"]["ReportRound"]>;
export type Place = Full<components["schemas"]["Organisation"]>;

const HOUR_MS = 3_600_000;

const anyRound = () => true;

export function useRounds(fits: (round: ReportRound) => boolean = anyRound) {
  const query = useQuery({ queryKey: ["report-rounds"], queryFn: () => reply(api.GET("/api/v1/reports/rounds")) });
  const [chosen, choose] = useParameter("round");
  const rounds = (query.data?.rounds ?? []).filter(fits);
  return { query, rounds, choose, round: rounds.find((one) => one.roundId === chosen) ?? rounds[0] };
}

// Units of the tree in my territory: a federal coordinator has several regions, a municipal one a single municipality.
function usePlaces(kind: "region" | "municipality") {
  // A curator has schools, not places.
  const isCurator = useAccount().role === "ROLE_CURATOR";
  return useQuery({
    enabled: !isCurator,
    queryKey: ["places", kind],
    staleTime: HOUR_MS,
    queryFn: () => reply(api.GET("/api/v1/organisations", { params: { query: { kind, limit: 1000 } } })),
  });
}

const NO_PLACES: Place[] = [];

// The municipality that the address names.
export function useMunicipality() {
  const regions = usePlaces("region").data?.organisations ?? NO_PLACES;
  const all = usePlaces("municipality").data?.organisations ?? NO_PLACES;
  const [id, choose] = useParameter("municipality");
  const chosen = all.find((one) => one.organisationId === id);
  return { id, choose, chosen, all, regions };
}

export type Municipality = ReturnType<typeof useMunicipality>;

const nameCollator = new Intl.Collator("ru", { numeric: true });

export const isBelow = (path: string, unit: string) => path === unit || path.startsWith(unit + ".");

export function MunicipalitySelect({ municipality }: { municipality: Municipality }) {
  const { t } = useTranslation("coordinator");
  const { all, regions, id, choose } = municipality;
  const choices = useMemo(() => {
    const regionOf = (place: Place) => (regions.length > 1 ? regions.find((region) => isBelow(place.path, region.path)) : undefined);
    const text = (place: Place) => [regionOf(place)?.shortName, place.shortName].filter(Boolean).join(" — ");
    const known = all.map((place) => ({ id: place.organisationId, text: text(place) })).sort((a, b) => nameCollator.compare(a.text, b.text));
    return [{ id: "all", text: t("allMunicipalities") }, ...known];
  }, [all, regions, t]);
  const change = useCallback((next: string) => choose(next === "all" ? "" : next, true), [choose]);
  if (all.length < 2) return null;
  return <Select label={t("municipality")} value={id || "all"} onChange={change} choices={choices} />;
}

function RoundSelect({ rounds, round, choose }: { rounds: ReportRound[]; round: ReportRound; choose: (id: string) => void }) {
  const { t } = useTranslation("coordinator");
  const nameFor = useProgrammeName();
  if (rounds.length < 2) return null;
  return (
    <Select label={t("round")} value={round.roundId} onChange={choose}
      choices={rounds.map((one) => ({ id: one.roundId, text: `${one.name} — ${nameFor(one)}` }))} />
  );
}

export function RoundStatus({ round }: { round: ReportRound }) {
  const { t } = useTranslation("coordinator");
  const nameFor = useProgrammeName();
  return (
    <>
      <span title={round.programmeTitle}>{nameFor(round)}: {round.name}</span>
      <span className="nowrap">{t("until", { moment: formatDateTime(round.dueAt, round.zone), zone: zoneName(round.dueAt, round.zone) })}</span>
      <DueTag dueAt={round.dueAt} zone={round.zone} />
    </>
  );
}

// «Выбранные значения»: new, last accepted, or accepted before the first day of a month (S2.56, S2.58).
export function useValues(round: ReportRound) {
  const { t } = useTranslation("coordinator");
  const [chosen, set] = useParameter("values", "new");
  const dates = useQuery({
    queryKey: ["report-dates", round.roundId, t("until")], staleTime: HOUR_MS,
    queryFn: () => reply(api.GET("/api/v1/reports/dates", { params: { query: { roundId: round.roundId } } })),
  });
  const isPast = /^\d/.test(chosen);
  // Until the dates are known the field stands there with its place taken.
  const choices = useMemo(() => dates.data?.dates.map((one) => ({ id: one.asOf || one.values, text: one.label })) ?? [{ id: chosen, text: "…" }], [dates.data, chosen]);
  const change = useCallback((next: string) => set(next, true), [set]);
  const label = (dates.data && choices.find((choice) => choice.id === chosen)?.text) ?? (isPast ? t("before", { day: formatDate(chosen) }) : "");
  const query = isPast ? { values: "as_of", asOf: chosen } : { values: chosen };
  const select = <Select label={t("values")} choices={choices} value={chosen} onChange={change} />;
  return { chosen, query, isPast, label, select };
}

interface WithRoundProps {
  title: string;
  // Of the rounds only those that the page has something to say about.
  fits?: (round: ReportRound) => boolean;
  children: (round: ReportRound, chooser: ReactNode) => ReactNode;
}

// A page about a round, once it is known which, and which places it may be narrowed to: nothing moves afterwards.
export function WithRound({ title, fits, children }: WithRoundProps) {
  const { t } = useTranslation("coordinator");
  const { query, rounds, round, choose } = useRounds(fits);
  const regions = usePlaces("region"), municipalities = usePlaces("municipality");
  const areUnknown = regions.isLoading || municipalities.isLoading;
  if (round && !areUnknown) return children(round, <RoundSelect rounds={rounds} round={round} choose={choose} />);
  return (
    <>
      <PageHead title={title} />
      {(query.isPending || (round && areUnknown)) && <Loading rows={12} />}
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && !round && <EmptyState icon="calendar" title={t("noRoundsTitle")}>{t("noRounds")}</EmptyState>}
    </>
  );
}
