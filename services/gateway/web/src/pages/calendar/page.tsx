// The production calendar of a year: which days are worked, who changed what, and the zones that territories live by.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { components } from "../../api/schema";
import { api, reply, type Full } from "../../api/client";
import { useParameter } from "../../parts/address";
import { Button } from "../../parts/controls";
import { formatDate, formatDateTime, formatNumber, todayIn } from "../../parts/format";
import { ErrorNotice, Loading, PageHead, useToast } from "../../parts/surfaces";
import { DataTable, type Column } from "../../parts/table";
import { DayDetails } from "./day-details";
import { KINDS, Months, type Kind } from "./months";
import "../../styles/administrator.css";
import "../../styles/calendar.css";

type Change = Full<components["schemas"]["CalendarChange"]>;
type Zone = Full<components["schemas"]["TerritoryZone"]>;

function utc(minutes: number): string {
  const rest = Math.abs(minutes) % 60;
  return `UTC${minutes < 0 ? "−" : "+"}${Math.floor(Math.abs(minutes) / 60)}${rest ? `:${rest}` : ""}`;
}

function Legend() {
  const { t } = useTranslation("calendar");
  return (
    <ul className="calendar-legend" aria-label={t("legend")}>
      {KINDS.map((kind) => (
        <li key={kind}><span className={`calendar-day ${kind}`} aria-hidden="true">{kind === "shortened" ? "1*" : "1"}</span>{" "}
          {t(`kind.${kind}`)}{kind === "shortened" && `, ${t("hour")}`}</li>
      ))}
    </ul>
  );
}

function Changes({ changes }: { changes: Change[] }) {
  const { t } = useTranslation("calendar");
  const columns: Column<Change>[] = [
    { id: "day", title: t("day"), render: (change) => formatDate(change.day) },
    { id: "was", title: t("was"), render: (change) => t(`kind.${change.previousKind as Kind}`) },
    { id: "is", title: t("is"), render: (change) => t(`kind.${change.kind as Kind}`) },
    { id: "note", title: t("note"), render: (change) => change.note },
    { id: "who", title: t("who"), render: (change) => t("changedBy", { name: change.by, at: formatDateTime(change.at) }) },
  ];
  return (
    <>
      <h2>{t("changes")}</h2>
      {changes.length === 0 && <p className="muted">{t("noChanges")}</p>}
      {changes.length > 0 && (
        <div className="short-table"><DataTable caption={t("changes")} columns={columns} rows={changes} keyOf={(change) => `${change.day} ${change.at}`} /></div>
      )}
    </>
  );
}

function Zones({ zones }: { zones: Zone[] }) {
  const { t } = useTranslation("calendar");
  const columns: Column<Zone>[] = [
    { id: "territory", title: t("territory"), render: (zone) => <>{zone.name} <code className="muted">{zone.territory}</code></> },
    { id: "zone", title: t("zone"), render: (zone) => `${utc(zone.minutesAhead)}, ${zone.zone}` },
  ];
  return (
    <>
      <h2>{t("zones")}</h2>
      <p className="hint">{t("zonesHint")}</p>
      {zones.length === 0 && <p className="muted">{t("noZones")}</p>}
      {zones.length > 0 && (
        <div className="short-table"><DataTable caption={t("zones")} columns={columns} rows={zones} keyOf={(zone) => zone.territory} /></div>
      )}
    </>
  );
}

export function CalendarPage() {
  const { t } = useTranslation("calendar");
  const [yearText, setYear] = useParameter("year", todayIn("Europe/Moscow").slice(0, 4));
  const [current, setCurrent] = useParameter("day");
  const { toast, show } = useToast();
  const year = Number(yearText);
  const query = useQuery({
    queryKey: ["calendar", year],
    queryFn: () => reply(api.GET("/api/v1/calendar/{year}", { params: { path: { year } } })),
  });
  const calendar = query.data;
  const opened = calendar?.days.find((day) => day.day === current);
  const turn = (to: number) => { setCurrent(""); setYear(String(to)); };
  return (
    <>
      <PageHead title={`${t("title")}, ${yearText}`} status={calendar && t("status", { count: calendar.workingDays, formatted: formatNumber(calendar.workingDays) })}
        actions={<>
          <Button icon="left" isDisabled={!calendar || year <= calendar.firstYear} onPress={() => turn(year - 1)}>{t("previous")}</Button>
          <Button icon="right" isDisabled={!calendar || year >= calendar.lastYear} onPress={() => turn(year + 1)}>{t("next")}</Button>
        </>} />
      <p className="hint calendar-use">{t("use")}</p>
      {query.isPending && <Loading />}
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {calendar && (
        <div className={opened ? "split narrow-details" : ""}>
          <div>
            <Legend />
            <p className="hint">{t("keys")}</p>
            <Months days={calendar.days} current={current} onOpen={(day) => setCurrent(day, true)} />
            <Changes changes={calendar.changes} />
            <Zones zones={calendar.zones} />
          </div>
          {opened && <DayDetails key={`${opened.day} ${opened.changedAt}`} day={opened} onClose={() => setCurrent("")} onSaved={() => show(t("saved"))} />}
        </div>
      )}
      {toast}
    </>
  );
}
