// The report of provided data by municipality: where it goes slowly, and the way down to its organisations.
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Column } from "../../parts/table";
import { formatNumber } from "../../parts/format";
import { LiveTable } from "./live-table";
import type { ProvidedRow } from "./provided";
import { FilledBar } from "./reason";
import { isBelow, type Municipality } from "./round";

interface PlaceRow {
  // The municipality's; empty for organisations of none.
  organisationId: string;
  path: string;
  name: string;
  region: string;
  organisations: number;
  withData: number;
  filled: number;
  total: number;
}

const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf(".")));

function byPlace(rows: ProvidedRow[], { all, regions }: Municipality): PlaceRow[] {
  const places = new Map(all.map((place) => [place.path, place]));
  const found = new Map<string, PlaceRow>();
  for (const row of rows) {
    const path = places.has(row.path) ? row.path : parentOf(row.path);
    let place = found.get(path);
    if (!place) {
      place = {
        organisationId: places.get(path)?.organisationId ?? "", path, name: places.get(path)?.shortName ?? row.municipalityName,
        region: regions.find((region) => isBelow(path, region.path))?.shortName ?? "", organisations: 0, withData: 0, filled: 0, total: 0,
      };
      found.set(path, place);
    }
    place.organisations++;
    place.withData += row.filled > 0 ? 1 : 0;
    place.filled += row.filled;
    place.total += row.total;
  }
  return [...found.values()];
}

export function PlacesTable({ rows, fresh, municipality }: { rows: ProvidedRow[]; fresh: ReadonlySet<string>; municipality: Municipality }) {
  const { t } = useTranslation("coordinator");
  const places = useMemo(() => byPlace(rows, municipality), [rows, municipality.all, municipality.regions]);
  const freshPlaces = useMemo(() => {
    const paths = new Set(rows.filter((row) => fresh.has(row.organisationId)).map((row) => parentOf(row.path)));
    return new Set(places.filter((place) => paths.has(place.path)).map((place) => place.organisationId));
  }, [rows, places, fresh]);
  const { choose } = municipality;
  const hasRegions = municipality.regions.length > 1;
  const columns = useMemo<Column<PlaceRow>[]>(() => [
    { id: "name", title: t("municipality"), width: "18rem", sortBy: (row) => row.name,
      render: (row) => row.organisationId
        ? <button type="button" className="link-button" onClick={() => choose(row.organisationId, true)}>{row.name}</button>
        : row.name || t("provided.noMunicipality") },
    ...(hasRegions ? [{ id: "region", title: t("region"), width: "12rem", sortBy: (row: PlaceRow) => row.region, render: (row: PlaceRow) => row.region }] : []),
    { id: "organisations", title: t("provided.organisations"), width: "8rem", isNumber: true, sortBy: (row) => row.organisations,
      render: (row) => formatNumber(row.organisations) },
    { id: "withData", title: t("provided.haveData"), width: "8rem", isNumber: true, sortBy: (row) => row.withData, render: (row) => formatNumber(row.withData) },
    { id: "withoutData", title: t("provided.haveNone"), width: "8rem", isNumber: true, sortBy: (row) => row.organisations - row.withData,
      render: (row) => formatNumber(row.organisations - row.withData) },
    { id: "filled", title: t("provided.filled"), width: "12rem", sortBy: (row) => (row.total ? row.filled / row.total : 0),
      render: (row) => <FilledBar filled={row.filled} total={row.total} /> },
  ], [t, choose, hasRegions]);
  return <LiveTable caption={t("provided.byMunicipality")} columns={columns} rows={places} fresh={freshPlaces} empty={null} />;
}
