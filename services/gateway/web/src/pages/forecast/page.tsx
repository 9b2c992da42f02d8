// «Прогноз»: whom to call before the date, why, and how good such forecasts were (I4).
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useParameter } from "../../parts/address";
import { Chips } from "../../parts/chips";
import { Button } from "../../parts/controls";
import { formatDateTime, formatNumber } from "../../parts/format";
import { DueTag, ShapeTag } from "../../parts/state";
import { EmptyState, ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import { MailLink, PhoneLink } from "../coordinator/contact";
import { useReminding } from "../coordinator/reminder";
import { MunicipalitySelect, RoundStatus, useMunicipality, WithRound, type ReportRound } from "../coordinator/round";
import { FileButton } from "../files/button";
import { useForecast, type Forecast, type ForecastRow } from "./data";
import { Quality } from "./quality";
import "../../styles/forecast.css";

// From which chance on.
const GROUPS = { late: 60, doubtful: 30, all: 0 } as const;
type Group = keyof typeof GROUPS;
const isGroup = (name: string): name is Group => name in GROUPS;
const LOOKS = { late: ["overdue", "overdue"], doubtful: ["rejected", "in_review"], in_time: ["accepted", "accepted"] } as const;
const sameRow = (row: ForecastRow) => row;

export function ForecastPage() {
  const { t } = useTranslation("forecast");
  return <WithRound title={t("title")}>{(round, chooser) => <Rows key={round.roundId} round={round} chooser={chooser} />}</WithRound>;
}

function Rows({ round, chooser }: { round: ReportRound; chooser: ReactNode }) {
  const { t } = useTranslation("forecast");
  const municipality = useMunicipality();
  const [chosen, choose] = useParameter("group", "doubtful");
  const group = isGroup(chosen) ? chosen : "doubtful";
  const question = { roundId: round.roundId, municipalityId: municipality.id, atLeastPercent: GROUPS[group] };
  const query = useForecast(question);
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const whole = query.data?.pages[0];
  const reminding = useReminding(round, true, rows, sameRow);
  const remind = reminding.columns[0];
  return (
    <>
      <PageHead title={t("title")} status={<RoundStatus round={round} />}
        actions={<><Button icon="print" onPress={() => window.print()}>{t("print", { ns: "common" })}</Button><FileButton question={{ report: "forecast", ...question }} /></>} />
      <p className="forecast-about">{t("about")}</p>
      <div className="toolbar">{chooser}<MunicipalitySelect municipality={municipality} /></div>
      {query.isPending && <Loading rows={8} />}
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {whole && (whole.cases < whole.casesNeeded ? <TooLittle whole={whole} /> : (
        <>
          <div className="report-bar">
            <Chips label={t("groups")} current={group} onChoose={choose} chips={[
              { id: "late", text: t("group.late"), count: whole.late },
              { id: "doubtful", text: t("group.doubtful"), count: whole.late + whole.doubtful },
              { id: "all", text: t("group.all"), count: whole.late + whole.doubtful + whole.inTime },
            ]} />
          </div>
          {reminding.bar}
          {rows.length === 0 ? <EmptyState icon="check" title={t("nobodyTitle")}>{t("nobody")}</EmptyState> : (
            <ol className="forecast-list" aria-label={t("title")}>
              {rows.map((row) => <Row key={row.organisationId} row={row} zone={round.zone} remind={remind?.render(row)} />)}
            </ol>
          )}
          {query.hasNextPage && <Button onPress={() => void query.fetchNextPage()} isDisabled={query.isFetchingNextPage}>{t("more")}</Button>}
          {whole.without > 0 && <p className="muted">{t("without", { count: whole.without, formatted: formatNumber(whole.without) })}</p>}
        </>
      ))}
      <Quality roundId={round.roundId} />
    </>
  );
}

// Said honestly: no number is better than a made-up one.
function TooLittle({ whole }: { whole: Forecast }) {
  const { t } = useTranslation("forecast");
  return <EmptyState icon="chart" title={t("tooLittleTitle")}>{t("tooLittle", { needed: formatNumber(whole.casesNeeded), cases: formatNumber(whole.cases) })}</EmptyState>;
}

function Row({ row, zone, remind }: { row: ForecastRow; zone: string; remind: ReactNode }) {
  const { t } = useTranslation("forecast");
  const outlook = row.outlook as keyof typeof LOOKS;
  const [shape, tone] = LOOKS[outlook];
  const { contact } = row;
  return (
    <li className={`forecast-row ${row.outlook}`}>
      <div className="forecast-head">
        <h2>{row.shortName}</h2>
        <ShapeTag shape={shape} tone={tone}>{t(`outlook.${outlook}`, { percent: String(row.percent) })}</ShapeTag>
        {row.municipalityName && <span className="muted">{row.municipalityName}</span>}
      </div>
      <p className="forecast-what">
        {t("until", { moment: formatDateTime(row.dueAt, zone) })} <DueTag dueAt={row.dueAt} zone={zone} /> {t("worst")} {row.question}
        {row.unfinished > 1 && <> · {t("ofUnfinished", { count: row.atRisk, unfinished: formatNumber(row.unfinished) })}</>}
      </p>
      <ul className="forecast-reasons" aria-label={t("why")}>{row.reasons.map((reason) => <li key={reason.code}>{reason.text}</li>)}</ul>
      <p className="call">
        {contact && (contact.name || contact.position) && <span>{[contact.name, contact.position].filter(Boolean).join(", ")}</span>}
        {contact?.phone && <PhoneLink phone={contact.phone} />}
        {contact?.email && <MailLink email={contact.email} />}
        {!contact && <span className="muted">{t("nobodyToCall")}</span>}
        {remind}
      </p>
    </li>
  );
}
