// Rounds: which are planned, open and closed, and how far the chosen one is.
import { useTranslation } from "react-i18next";
import { ButtonLink, Select } from "../../parts/controls";
import { formatDate, formatNumber } from "../../parts/format";
import { Icon, type IconName } from "../../parts/icons";
import { useParameter } from "../../parts/address";
import { DueTag } from "../../parts/state";
import { EmptyState, ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import { DataTable, type Column } from "../../parts/table";
import { useProgrammes } from "../shared/programme";
import { useRounds, type Round } from "./data";
import { RoundDetails } from "./round-details";
import { RowLink } from "./shared";

export const ROUND_STATES = ["planned", "open", "closed"] as const;
export type RoundState = (typeof ROUND_STATES)[number];
const TONES: Record<RoundState, string> = { planned: "draft", open: "ready", closed: "closed" };
const ICONS: Record<RoundState, IconName> = { planned: "calendar", open: "play", closed: "lock" };

export function RoundTag({ state }: { state: string }) {
  const { t } = useTranslation("administrator");
  const known = state as RoundState;
  return <span className={`state ${TONES[known]}`}><Icon name={ICONS[known]} size={16} />{t(`rounds.state.${known}`)}</span>;
}

function useColumns(current: string, open: (round: Round) => void): Column<Round>[] {
  const { t } = useTranslation("administrator");
  return [
    { id: "name", title: t("rounds.name"), render: (round) => <RowLink isCurrent={round.roundId === current} onOpen={() => open(round)}>{round.name}</RowLink> },
    { id: "state", title: t("rounds.stateFilter"), render: (round) => <RoundTag state={round.state} /> },
    { id: "opensOn", title: t("rounds.opensOn"), render: (round) => formatDate(round.opensOn) },
    {
      id: "dueOn", title: t("rounds.dueOn"),
      render: (round) => <span className="inline">{formatDate(round.dueOn)} {round.state === "open" && <DueTag dueAt={round.dueAt} zone={round.zone} />}</span>,
    },
    { id: "organisations", title: t("rounds.organisations"), isNumber: true, render: (round) => round.state === "planned" ? "—" : formatNumber(round.organisations) },
    { id: "items", title: t("rounds.items"), isNumber: true, render: (round) => formatNumber(round.items) },
    { id: "programme", title: t("rounds.programme"), render: (round) => round.programmeCode },
  ];
}

export function RoundsPage() {
  const { t } = useTranslation("administrator");
  const { t: common } = useTranslation();
  const [state, setState] = useParameter("state", "all");
  const [programme, setProgramme] = useParameter("programme", "all");
  const [current, setCurrent] = useParameter("round");
  const rounds = useRounds();
  const programmes = useProgrammes();
  const columns = useColumns(current, (round) => setCurrent(round.roundId, true));
  const all = rounds.data?.rounds ?? [];
  const shown = all.filter((round) => (state === "all" || round.state === state) && (programme === "all" || round.programmeCode === programme));
  const openCount = all.filter((round) => round.state === "open").length;
  return (
    <>
      <PageHead title={t("rounds.title")}
        status={rounds.data ? <><span>{t("rounds.counts", { count: all.length })}</span><span>· {t("rounds.openNow", { count: openCount })}</span></> : "\u00a0"}
        actions={<ButtonLink href="/rounds/new" kind="primary" icon="plus">{t("rounds.plan")}</ButtonLink>} />
      {rounds.isPending && <Loading />}
      {rounds.error && <ErrorNotice error={rounds.error} onRetry={() => void rounds.refetch()} />}
      {rounds.data && all.length === 0 && <EmptyState icon="calendar" title={t("rounds.emptyTitle")}>{t("rounds.empty")}</EmptyState>}
      {all.length > 0 && (
        <div className={current ? "split" : ""}>
          <div>
            <div className="toolbar">
              <Select label={t("rounds.stateFilter")} value={state} onChange={setState}
                choices={[{ id: "all", text: t("rounds.all") }, ...ROUND_STATES.map((id) => ({ id, text: t(`rounds.state.${id}`) }))]} />
              <Select label={t("rounds.programmeFilter")} value={programme} onChange={setProgramme}
                choices={[{ id: "all", text: t("rounds.allProgrammes") }, ...(programmes.data?.programmes ?? []).map((one) => ({ id: one.code, text: one.title }))]} />
            </div>
            <DataTable caption={t("rounds.title")} columns={columns} rows={shown} keyOf={(round) => round.roundId} currentKey={current}
              onOpen={(round) => setCurrent(round.roundId, true)} empty={<p className="muted empty-row">{common("table.nothingFound")}</p>} />
          </div>
          {current && <RoundDetails roundId={current} onClose={() => setCurrent("")} />}
        </div>
      )}
    </>
  );
}
