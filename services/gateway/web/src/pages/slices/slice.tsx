// One slice: what it is made of, whether it is still made the same, its rows, and what has moved since an earlier one (S1.25, S1.26).
import { useQueryClient } from "@tanstack/react-query";
import { Fragment, useMemo } from "react";
import { Link as AriaLink } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "wouter";
import { api, reply } from "../../api/client";
import { useParameter } from "../../parts/address";
import { Button, Select } from "../../parts/controls";
import { formatDate, formatDateTime, formatNumber } from "../../parts/format";
import { Icon } from "../../parts/icons";
import { ErrorNotice, Loading, Notice, PageHead } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { useMunicipality, useRounds, type ReportRound } from "../coordinator/round";
import { FileButton } from "../files/button";
import { BaseRows, BaseTotals } from "../roadmaps/base";
import { useWords } from "../roadmaps/common";
import { contentOf, numbersOf, useSlice, useSliceReport, useSlices, type ReportName, type Slice } from "./data";
import { SliceState } from "./list";
import { SliceRows } from "./rows";
import "../../styles/slices.css";

function Verification({ slice }: { slice: Slice }) {
  const { t } = useTranslation("slices");
  if (slice.verification === "same") return <Notice tone="good">{t("sameWords", { moment: formatDateTime(slice.verifiedAt, slice.zone) })}</Notice>;
  if (slice.verification !== "differs") return null;
  return (
    <Notice tone="bad" title={t("differsTitle", { moment: formatDateTime(slice.verifiedAt, slice.zone) })}>
      <p>{slice.keptSha256 === slice.sha256 ? t("madeDiffers") : t("keptDiffers")}</p>
      <ul className="slice-differences">
        {slice.differences.map((one) => (
          <li key={one.kept + one.made}>
            {one.kept && <code>− {one.kept}</code>}
            {one.made && <code>+ {one.made}</code>}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Inputs({ slice }: { slice: Slice }) {
  const { t } = useTranslation("slices");
  const facts: [string, string][] = [
    [t("moment"), formatDateTime(slice.moment, slice.zone)],
    [t("takenBy"), `${slice.bySchedule ? t("bySchedule") : slice.takenBy}, ${formatDateTime(slice.takenAt, slice.zone)}`],
    [t("report"), t(`reports.${slice.report as ReportName}`)],
    [t("territory"), [slice.territoryName, slice.territory].filter(Boolean).join(" · ")],
    [t("programme"), t("programmeVersion", { title: slice.programmeTitle, version: String(slice.programmeVersion) })],
    [t("events"), t("eventsWords", { submissions: formatNumber(Number(slice.submissionsNumber)), auth: formatNumber(Number(slice.authNumber)) })],
    [t("format"), String(slice.format)],
  ];
  return (
    <details className="slice-inputs">
      <summary>{t("inputs")}</summary>
      <dl className="facts">
        {facts.map(([name, value]) => <Fragment key={name}><dt>{name}</dt><dd>{value}</dd></Fragment>)}
        <dt>SHA-256</dt><dd><code>{slice.sha256}</code></dd>
      </dl>
    </details>
  );
}

function useCompared(slice: Slice) {
  const { t } = useTranslation("slices");
  const [id, choose] = useParameter("compareWith");
  const { data } = useSlices(slice.roundId);
  const earlier = useMemo(
    () => (data ?? []).filter((one) => one.state === "made" && one.territory === slice.territory && one.report === slice.report && one.moment < slice.moment), [data, slice]);
  const choices = useMemo(() => [
    { id: "none", text: t("compareNone") },
    ...earlier.map((one) => ({ id: one.sliceId, text: t("choice", { ...numbersOf(one), moment: formatDateTime(one.moment, one.zone) }) })),
  ], [earlier, t]);
  const chosen = earlier.find((one) => one.sliceId === id);
  const select = earlier.length > 0 && (
    <Select label={t("compareWith")} choices={choices} value={chosen ? id : "none"} onChange={(next) => choose(next === "none" ? "" : next, true)} />
  );
  return { chosen, select };
}

function Report({ slice, earlier, round }: { slice: Slice; earlier: Slice | undefined; round: ReportRound }) {
  const municipality = useMunicipality();
  const words = useWords(round);
  const query = useSliceReport(slice.sliceId, earlier?.sliceId ?? "", slice.state === "made");
  const shown = useMemo(
    () => query.data && (municipality.id ? { ...query.data, rows: query.data.rows.filter((row) => row.municipalityId === municipality.id) } : query.data),
    [query.data, municipality.id]);
  return (
    <>
      {query.isPending && <Loading rows={12} />}
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && shown && (
        <>
          <BaseTotals report={query.data} words={words} />
          <BaseRows report={shown} round={round} words={words} isNow={false} name={slice.sliceId} places={municipality.all.length} municipality={municipality} />
        </>
      )}
    </>
  );
}

function One({ slice, round }: { slice: Slice; round: ReportRound | undefined }) {
  const { t } = useTranslation("slices");
  const queries = useQueryClient();
  const compared = useCompared(slice);
  const [changed] = useParameter("changed");
  const verify = useCommand(
    (sliceId: string, headers) => reply(api.POST("/api/v1/slices/{sliceId}:verify", { params: { path: { sliceId } }, headers })),
    { onDone: () => void queries.invalidateQueries({ queryKey: ["slices", "one", slice.sliceId] }) },
  );
  const isMade = slice.state === "made";
  const isBase = slice.report === "roadmaps";
  const file = {
    report: "slice", roundId: slice.roundId, sliceId: slice.sliceId,
    ...(compared.chosen && { compareSliceId: compared.chosen.sliceId, onlyMoved: changed !== "" }),
  };
  return (
    <>
      <p className="crumbs"><Link href={`/reports/slices?round=${slice.roundId}&report=${slice.report}`}>{t("title")}</Link>{" › "}<strong>{t("name", numbersOf(slice))}</strong></p>
      <PageHead title={t("oneTitle", numbersOf(slice))}
        status={<><span>{t(`reports.${slice.report as ReportName}`)}</span><span>{slice.roundName}</span><span className="nowrap">{t("onMoment", { moment: formatDateTime(slice.moment, slice.zone) })}</span><SliceState slice={slice} /></>}
        actions={isMade && (
          <>
            <Button icon="check" isDisabled={verify.isPending || slice.verification === "waiting"} onPress={() => verify.mutate(slice.sliceId)}>{t("verify")}</Button>
            <AriaLink className="button plain" href={contentOf(slice)} download target="_self"><Icon name="download" /><span>{t("fetch")}</span></AriaLink>
            {isBase && <FileButton question={file} />}
          </>
        )} />
      {verify.error ? <ErrorNotice error={verify.error} /> : null}
      <Verification slice={slice} />
      <Inputs slice={slice} />
      {compared.select && <div className="toolbar">{compared.select}</div>}
      {compared.chosen && <p className="report-scope">{t("comparedWith", { moment: formatDateTime(compared.chosen.moment, slice.zone), day: formatDate(compared.chosen.asOf) })}</p>}
      {!isMade && <p role="status">{t("coming")}</p>}
      {isMade && !isBase && <SliceRows slice={slice} earlier={compared.chosen} />}
      {isMade && isBase && round && <Report slice={slice} earlier={compared.chosen} round={round} />}
    </>
  );
}

export function SlicePage() {
  const { t } = useTranslation("slices");
  const { sliceId } = useParams<{ sliceId: string }>();
  const query = useSlice(sliceId);
  const { query: rounds, rounds: known } = useRounds();
  if (query.data && !rounds.isPending)
    return <One key={sliceId} slice={query.data} round={known.find((one) => one.roundId === query.data.roundId)} />;
  return (
    <>
      <PageHead title={t("title")} />
      {query.error ? <ErrorNotice error={query.error} onRetry={() => void query.refetch()} /> : <Loading rows={12} />}
    </>
  );
}
