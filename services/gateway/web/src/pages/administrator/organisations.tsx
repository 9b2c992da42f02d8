// Organisations as they stood on a day: by municipality, or all that a search or a kind finds.
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { ButtonLink, SearchField, Select, TextField } from "../../parts/controls";
import { formatDate, formatNumber } from "../../parts/format";
import { Icon } from "../../parts/icons";
import { useParameter } from "../../parts/address";
import { EmptyState, ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import { DataTable, type Column } from "../../parts/table";
import { KINDS, useOrganisations, type Organisation } from "./data";
import { OrganisationDetails } from "./organisation-details";
import { RowLink, useKindName, useSettled } from "./shared";

interface Row { organisation: Organisation; depth: number; below: number; isOpen: boolean; }

const municipalityOf = (path: string) => path.split(".").slice(0, 2).join(".");

// Everything above municipalities, each municipality with a count, and what is in the open one.
function toTree(all: Organisation[], open: string): Row[] {
  const counts = new Map<string, number>();
  for (const one of all) if (one.path.split(".").length > 2) counts.set(municipalityOf(one.path), (counts.get(municipalityOf(one.path)) ?? 0) + 1);
  return all
    .filter((one) => one.path.split(".").length <= 2 || municipalityOf(one.path) === open)
    .map((organisation) => ({
      organisation,
      depth: organisation.path === "*" ? 0 : organisation.path.split(".").length - 1,
      below: organisation.kind === "municipality" ? (counts.get(organisation.path) ?? 0) : 0,
      isOpen: organisation.path === open,
    }));
}

function Name({ row, onOpen, onToggle, isCurrent }: { row: Row; onOpen: () => void; onToggle: () => void; isCurrent: boolean }) {
  const { t } = useTranslation("administrator");
  const { organisation, below, isOpen, depth } = row;
  return (
    <span className={`tree-name depth-${Math.min(depth, 3)}`}>
      {below > 0 && (
        <button type="button" className="tree-toggle" aria-expanded={isOpen}
          aria-label={t(isOpen ? "organisations.fold" : "organisations.unfold", { name: organisation.shortName })}
          onClick={(event) => { event.stopPropagation(); onToggle(); }}>
          <Icon name={isOpen ? "down" : "right"} size={16} />
        </button>
      )}
      <RowLink onOpen={onOpen} isCurrent={isCurrent}>{organisation.shortName}</RowLink>
      {below > 0 && <span className="count">{formatNumber(below)}</span>}
    </span>
  );
}

export function OrganisationsPage() {
  const { t } = useTranslation("administrator");
  const { t: common } = useTranslation();
  const kindName = useKindName();
  const [query, setQuery] = useParameter("query");
  const [kind, setKind] = useParameter("kind", "all");
  const [asOf, setAsOf] = useParameter("asOf");
  const [unfolded, setUnfolded] = useParameter("unfolded");
  const [current, setCurrent] = useParameter("organisation");
  const asked = useSettled(query.trim());
  const list = useOrganisations({ asOf, kind: kind === "all" ? "" : kind, below: "", query: asked });
  const isTree = kind === "all" && asked === "";
  const rows = useMemo(() => {
    const all = list.data ?? [];
    return isTree ? toTree(all, unfolded) : all.map((organisation) => ({ organisation, depth: 0, below: 0, isOpen: false }));
  }, [list.data, isTree, unfolded]);

  const columns: Column<Row>[] = [
    {
      id: "name", title: t("organisations.name"), width: "380",
      render: (row) => (
        <Name row={row} isCurrent={row.organisation.organisationId === current} onOpen={() => setCurrent(row.organisation.organisationId, true)}
          onToggle={() => setUnfolded(row.isOpen ? "" : row.organisation.path)} />
      ),
    },
    { id: "kind", title: t("organisations.kind"), render: (row) => kindName(row.organisation.kind) },
    { id: "code", title: t("organisations.code"), render: (row) => row.organisation.code },
    ...(isTree ? [] : [{ id: "municipality", title: t("organisations.municipality"), render: (row: Row) => row.organisation.municipalityName }]),
    { id: "inn", title: t("organisations.inn"), render: (row) => row.organisation.inn },
    { id: "phone", title: t("organisations.phone"), render: (row) => row.organisation.phone },
  ];
  const isFiltered = !isTree || asOf !== "";
  return (
    <>
      <PageHead title={t("organisations.title")}
        status={<span>{list.data && t("organisations.counts", { count: list.data.length, formatted: formatNumber(list.data.length) })}{list.data && asOf && `, ${t("organisations.on", { date: formatDate(asOf) })}`}</span>}
        actions={<ButtonLink href="/organisations/import" kind="primary" icon="upload">{t("organisations.import")}</ButtonLink>} />
      <div className={current ? "split" : ""}>
        <div>
          <div className="toolbar">
            <SearchField label={t("organisations.search")} value={query} onChange={setQuery} />
            <Select label={t("organisations.kind")} value={kind} onChange={setKind}
              choices={[{ id: "all", text: t("organisations.allKinds") }, ...KINDS.map((id) => ({ id, text: kindName(id) }))]} />
            <TextField type="date" label={t("organisations.asOf")} value={asOf} onChange={setAsOf} />
          </div>
          {list.isPending && <Loading />}
          {list.error && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
          {list.data && list.data.length === 0 && !isFiltered && (
            <EmptyState icon="building" title={t("organisations.emptyTitle")}>{t("organisations.empty")}</EmptyState>
          )}
          {list.data && (list.data.length > 0 || isFiltered) && (
            <DataTable caption={t("organisations.title")} columns={columns} rows={rows} keyOf={(row) => row.organisation.organisationId}
              currentKey={current || rows.find((row) => row.isOpen)?.organisation.organisationId || ""} onOpen={(row) => setCurrent(row.organisation.organisationId, true)}
              empty={<p className="muted empty-row">{common("table.nothingFound")}</p>} />
          )}
        </div>
        {current && <OrganisationDetails organisationId={current} onClose={() => setCurrent("")} />}
      </div>
    </>
  );
}
