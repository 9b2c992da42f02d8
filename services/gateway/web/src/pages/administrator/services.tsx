// What runs: who serves which queue, how much waits there, each process, who is behind the events, and the letters.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../api/schema";
import { api, reply, type Full } from "../../api/client";
import { Button } from "../../parts/controls";
import { formatNumber, formatTime } from "../../parts/format";
import { Icon } from "../../parts/icons";
import { ErrorNotice, Loading, Notice, PageHead } from "../../parts/surfaces";
import { DataTable, type Column } from "../../parts/table";

type Lane = Full<components["schemas"]["Lane"]>;
type Replica = Full<components["schemas"]["Replica"]>;

const REFRESH_MS = 5000;
// More than a worker or two can take at a glance is worth a look.
const LONG_QUEUE = 32;
// Under load half a second of events is always on its way.
const LONG_LAG = 2000;
const SERVICES = ["auth", "submissions", "review", "files", "reporting", "deadlines"] as const;
type ServiceName = (typeof SERVICES)[number];
const PARTS = ["queries", "hash", "provider", "bulk", "bytes", "check"] as const;

type Health = "good" | "busy" | "absent" | "behind" | "draining";
const healthOf = (lane: Lane): Health => (lane.workers === 0 ? "absent" : lane.queued > LONG_QUEUE ? "busy" : "good");

function HealthTag({ health }: { health: Health }) {
  const { t } = useTranslation("administrator");
  const look = { good: ["accepted", "check"], busy: ["in_review", "clock"], absent: ["rejected", "alert"],
    behind: ["in_review", "clock"], draining: ["draft", "pause"] } as const;
  const [tone, icon] = look[health];
  return <span className={`state ${tone}`}><Icon name={icon} size={16} />{t(`services.health.${health}`)}</span>;
}

// A service of which no queue is known has never been there since the broker started.
function withAbsent(lanes: Lane[]): Lane[] {
  const missing = SERVICES.filter((name) => !lanes.some((lane) => lane.name === name));
  return [...lanes.filter((lane) => lane.name !== "broker"), ...missing.map((name) => ({ name, workers: 0, queued: 0, inFlight: 0 }))]
    .sort((a, b) => a.name.localeCompare(b.name));
}

interface Lag { service: string; stream: string; behind: number; }

// Replicas share one position in a stream: whoever knows of the later one is right.
function lagsOf(replicas: Replica[]): Lag[] {
  const lags = new Map<string, Lag>();
  for (const { service, lags: own } of replicas)
    for (const { stream, behind } of own) {
      const known = lags.get(`${service}/${stream}`);
      lags.set(`${service}/${stream}`, { service, stream, behind: Math.min(known?.behind ?? Infinity, Number(behind)) });
    }
  return [...lags.values()].sort((a, b) => b.behind - a.behind || a.service.localeCompare(b.service) || a.stream.localeCompare(b.stream));
}

function useLaneName() {
  const { t } = useTranslation("administrator");
  return (name: string) => {
    const [service, part] = name.split("/");
    const known = SERVICES.includes(service as ServiceName) ? t(`services.name.${service as ServiceName}`) : (service ?? name);
    const work = PARTS.find((one) => one === part);
    return part ? `${known}: ${work ? t(`services.part.${work}`) : part}` : known;
  };
}

function Replicas({ replicas, laneName }: { replicas: Replica[]; laneName: (name: string) => string }) {
  const { t } = useTranslation("administrator");
  const sorted = [...replicas].sort((a, b) => a.service.localeCompare(b.service) || a.process.localeCompare(b.process));
  const columns: Column<Replica>[] = [
    { id: "service", title: t("services.service"), render: (replica) => laneName(replica.service) },
    { id: "process", title: t("services.process"), render: (replica) => <code className="wrapped">{replica.process || "—"}</code> },
    { id: "health", title: t("services.state"), render: (replica) => <HealthTag health={replica.draining ? "draining" : "good"} /> },
    { id: "workers", title: t("services.workers"), isNumber: true, render: (replica) => formatNumber(replica.workers) },
    { id: "inFlight", title: t("services.inFlight"), isNumber: true, render: (replica) => formatNumber(replica.inFlight) },
  ];
  return (
    <div className="lanes-table">
      <DataTable caption={t("services.replicas")} columns={columns} rows={sorted} keyOf={(replica) => `${replica.service} ${replica.process}`} />
    </div>
  );
}

function Lags({ replicas, laneName }: { replicas: Replica[]; laneName: (name: string) => string }) {
  const { t } = useTranslation("administrator");
  const columns: Column<Lag>[] = [
    { id: "service", title: t("services.hears"), render: (lag) => laneName(lag.service) },
    { id: "stream", title: t("services.stream"), render: (lag) => laneName(lag.stream) },
    { id: "health", title: t("services.state"), render: (lag) => <HealthTag health={lag.behind > LONG_LAG ? "behind" : "good"} /> },
    { id: "behind", title: t("services.behind"), isNumber: true, render: (lag) => formatNumber(lag.behind) },
  ];
  return (
    <div className="lanes-table">
      <DataTable caption={t("services.lags")} columns={columns} rows={lagsOf(replicas)} keyOf={(lag) => `${lag.service} ${lag.stream}`} />
    </div>
  );
}

function Mail() {
  const { t } = useTranslation("administrator");
  const mail = useQuery({ queryKey: ["mail"], refetchInterval: REFRESH_MS * 6, queryFn: () => reply(api.GET("/api/v1/mail")) });
  return (
    <section aria-labelledby="mail-heading">
      <h2 id="mail-heading">{t("services.mail")}</h2>
      {mail.isPending && <Loading rows={1} />}
      {mail.error && <ErrorNotice error={mail.error} onRetry={() => void mail.refetch()} />}
      {mail.data && (
        <dl className="figures">
          {(["waiting", "sent", "failed"] as const).map((name) => <div key={name}><dt>{t(`services.letters.${name}`)}</dt><dd>{formatNumber(mail.data[name])}</dd></div>)}
        </dl>
      )}
      {mail.data?.lastError && <Notice tone="warning" title={t("services.mailError")}><code className="wrapped">{mail.data.lastError}</code></Notice>}
    </section>
  );
}

export function ServicesPage() {
  const { t } = useTranslation("administrator");
  const laneName = useLaneName();
  const [isPaused, setPaused] = useState(false);
  const query = useQuery({
    queryKey: ["services"], staleTime: 0, refetchInterval: isPaused ? false : REFRESH_MS,
    queryFn: () => reply(api.GET("/api/v1/services")),
  });
  const lanes = query.data ? withAbsent(query.data.lanes) : [];
  const absent = lanes.filter((lane) => lane.workers === 0);
  const columns: Column<Lane>[] = [
    { id: "name", title: t("services.lane"), render: (lane) => <>{laneName(lane.name)} <code className="muted">{lane.name}</code></> },
    { id: "health", title: t("services.state"), render: (lane) => <HealthTag health={healthOf(lane)} /> },
    { id: "workers", title: t("services.workers"), isNumber: true, render: (lane) => formatNumber(lane.workers) },
    { id: "queued", title: t("services.queued"), isNumber: true, render: (lane) => formatNumber(lane.queued) },
    { id: "inFlight", title: t("services.inFlight"), isNumber: true, render: (lane) => formatNumber(lane.inFlight) },
  ];
  const totals = query.data && (["requests", "events", "busy", "timeouts", "refused"] as const).map((name) => ({ name, count: Number(query.data[name]) }));
  return (
    <>
      <PageHead title={t("services.title")}
        status={<span>{query.data && t("services.asOf", { time: formatTime(new Date(query.dataUpdatedAt).toISOString()) })}</span>}
        actions={<Button icon={isPaused ? "play" : "pause"} onPress={() => setPaused(!isPaused)}>{t(isPaused ? "services.resume" : "services.pause")}</Button>} />
      {query.isPending && <Loading />}
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && (
        <>
          {absent.length > 0
            ? <Notice tone="bad" title={t("services.absentTitle")}>{absent.map((lane) => laneName(lane.name)).join(", ")}. {t("services.absent")}</Notice>
            : <Notice tone="good">{t("services.allGood")}</Notice>}
          <div className="lanes-table">
            <DataTable caption={t("services.table")} columns={columns} rows={lanes} keyOf={(lane) => lane.name} />
          </div>
          <h2>{t("services.replicas")}</h2>
          <Replicas replicas={query.data.replicas} laneName={laneName} />
          <h2>{t("services.lags")}</h2>
          <p className="hint">{t("services.lagHint")}</p>
          <Lags replicas={query.data.replicas} laneName={laneName} />
          <h2>{t("services.sinceStart")}</h2>
          <p className="hint">{t("services.oneBroker")}</p>
          <dl className="figures">{totals!.map(({ name, count }) => <div key={name}><dt>{t(`services.total.${name}`)}</dt><dd>{formatNumber(count)}</dd></div>)}</dl>
        </>
      )}
      {!query.isPending && <Mail />}
    </>
  );
}
