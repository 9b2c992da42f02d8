// «Срезы»: reports of moments that are over, each with its number; taking one now, and by a schedule (S1.25).
import { useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { api, reply } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { useAccount } from "../../api/session";
import { useParameter } from "../../parts/address";
import { Button, Select, TextField } from "../../parts/controls";
import { formatDateTime, formatNumber, todayIn } from "../../parts/format";
import { Icon } from "../../parts/icons";
import { Dialog, EmptyState, ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import { DataTable, type Column } from "../../parts/table";
import { useCommand } from "../../parts/use-command";
import { RoundStatus, WithRound, type ReportRound } from "../coordinator/round";
import { hasPlans } from "../roadmaps/common";
import { numbersOf, REPORTS, useSchedule, useSlices, type Slice } from "./data";
import { ScheduleDialog } from "./schedule";
import "../../styles/slices.css";

function TakeDialog({ round, report, onClose }: { round: ReportRound; report: string; onClose: () => void }) {
  const { t } = useTranslation("slices");
  const { t: common } = useTranslation();
  const queries = useQueryClient();
  const [asOf, setAsOf] = useState("");
  const take = useCommand(
    (body: { roundId: string; asOf: string; report: string }, headers) => reply(api.POST("/api/v1/slices", { body, headers })),
    {
      onDone: () => {
        void queries.invalidateQueries({ queryKey: ["slices", round.roundId] });
        onClose();
      },
    },
  );
  const message = take.error instanceof ProblemError ? take.error.messageFor("asOf") : undefined;
  return (
    <Dialog isOpen onClose={onClose} title={t("takeTitle")}>
      <p>{t("takeAbout")}</p>
      <TextField label={t("asOf")} hint={t("asOfHint")} type="date" value={asOf} onChange={setAsOf} max={todayIn(round.zone)} error={message ?? ""} />
      {take.error && !message ? <ErrorNotice error={take.error} /> : null}
      <div className="dialog-actions">
        <Button onPress={onClose}>{common("cancel")}</Button>
        <Button kind="primary" isDisabled={take.isPending} onPress={() => take.mutate({ roundId: round.roundId, asOf, report })}>{t("take")}</Button>
      </div>
    </Dialog>
  );
}

export function SliceState({ slice }: { slice: Slice }) {
  const { t } = useTranslation("slices");
  if (slice.state === "waiting") return <span className="state draft"><Icon name="clock" size={16} />{t("coming")}</span>;
  if (slice.verification === "waiting") return <span className="state draft"><Icon name="clock" size={16} />{t("verifying")}</span>;
  if (slice.verification === "same") return <span className="state accepted"><Icon name="check" size={16} />{t("same")}</span>;
  if (slice.verification === "differs") return <span className="state rejected"><Icon name="alert" size={16} />{t("differs")}</span>;
  return <span className="muted">{t("notVerified")}</span>;
}

function List({ slices }: { slices: Slice[] }) {
  const { t } = useTranslation("slices");
  const columns: Column<Slice>[] = [
    { id: "number", title: t("number"), width: "9rem", render: (slice) => <Link href={`/reports/slices/${slice.sliceId}`}>{t("name", numbersOf(slice))}</Link> },
    { id: "moment", title: t("moment"), width: "11rem", render: (slice) => formatDateTime(slice.moment, slice.zone) },
    { id: "by", title: t("takenBy"), width: "16rem", render: (slice) => (slice.bySchedule ? t("bySchedule") : slice.takenBy) },
    { id: "territory", title: t("territory"), width: "14rem", render: (slice) => slice.territoryName || slice.territory },
    { id: "rows", title: t("rows"), width: "6rem", isNumber: true, render: (slice) => (slice.state === "made" ? formatNumber(slice.rows) : "") },
    { id: "state", title: t("verification"), width: "13rem", render: (slice) => <SliceState slice={slice} /> },
  ];
  return <div className="slice-list"><DataTable caption={t("title")} columns={columns} rows={slices} keyOf={(slice) => slice.sliceId} /></div>;
}

function ByItself({ round, report, onOpen }: { round: ReportRound; report: string; onOpen: () => void }) {
  const { t } = useTranslation("slices");
  const { data } = useSchedule(round.roundId, report);
  return (
    <p className="slice-next">
      {data?.nextAt ? t("next", { moment: formatDateTime(data.nextAt, data.zone) }) : t("noSchedule")}{" "}
      <button type="button" className="link-button" disabled={!data} onClick={onOpen}>{t("setSchedule")}</button>
    </p>
  );
}

function Slices({ round, chooser }: { round: ReportRound; chooser: ReactNode }) {
  const { t } = useTranslation("slices");
  const query = useSlices(round.roundId);
  const isKept = (report: string) => query.data?.some((one) => one.report === report) ?? false;
  const offered = REPORTS.filter((one) => one !== "roadmaps" || hasPlans(round) || isKept(one));
  const [chosen, choose] = useParameter("report");
  const report = offered.find((one) => one === chosen) ?? (hasPlans(round) ? "roadmaps" : "provided");
  const slices = query.data?.filter((one) => one.report === report);
  const [isTaking, setTaking] = useState(false);
  const [isPlanning, setPlanning] = useState(false);
  // An operator reads what others take.
  const mayTake = useAccount().role !== "ROLE_OPERATOR";
  return (
    <>
      <PageHead title={t("title")} status={<RoundStatus round={round} />}
        actions={mayTake && <Button kind="primary" icon="plus" onPress={() => setTaking(true)}>{t("takeNow")}</Button>} />
      <p className="hint">{t("about")}</p>
      <div className="toolbar">
        {chooser}
        <Select label={t("report")} value={report} onChange={(next) => choose(next, true)} choices={offered.map((id) => ({ id, text: t(`reports.${id}`) }))} />
      </div>
      {mayTake && <ByItself round={round} report={report} onOpen={() => setPlanning(true)} />}
      {query.isPending && <Loading rows={5} />}
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {slices?.length === 0 && <EmptyState icon="history" title={t("noneTitle")}>{t("none")}</EmptyState>}
      {slices && slices.length > 0 && <List slices={slices} />}
      {isTaking && <TakeDialog round={round} report={report} onClose={() => setTaking(false)} />}
      {isPlanning && <ScheduleDialog round={round} report={report} onClose={() => setPlanning(false)} />}
    </>
  );
}

export function SlicesPage() {
  const { t } = useTranslation("slices");
  return <WithRound title={t("title")}>{(round, chooser) => <Slices key={round.roundId} round={round} chooser={chooser} />}</WithRound>;
}
