// «Просмотр значений»: one organisation, group by group; beside it what proves and judges the chosen value (S2.60, S2.61).
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearch } from "wouter";
import { api, reply, type Full } from "../../api/client";
import type { components } from "../../api/schema";
import { useParameter } from "../../parts/address";
import { Button } from "../../parts/controls";
import { formatDate, formatDecimal } from "../../parts/format";
import { LiveSwitch } from "../../parts/live-switch";
import { EmptyState, ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import { COURSE } from "../shared/course";
import { MailLink, PhoneLink } from "./contact";
import { FilledBar, ReasonText } from "./reason";
import { useChanges, useFresh } from "./report";
import { RoundStatus, useValues, WithRound, type ReportRound } from "./round";
import { ValueDetails } from "./value-details";

export type ProvidedValue = Full<components["schemas"]["ProvidedValue"]>;
type Section = Full<components["schemas"]["ProvidedSection"]>;

const keyOf = (value: ProvidedValue) => value.assignmentId;

export function useValueText(): (value: ProvidedValue) => string {
  const { t } = useTranslation("coordinator");
  return (value) => {
    if (value.valueKind === "documents" || value.valueKind === "table") return t(`valuesPage.kind.${value.valueKind}`);
    if (value.valueKind === "yes_no") return t(value.value === "yes" ? "yes" : "no", { ns: "common" });
    if (value.valueKind !== "percent") return `${formatDecimal(value.value)} ${value.unit}`.trim();
    const percent = value.percent ? `${formatDecimal(value.percent)} %` : "—";
    return `${formatDecimal(value.value)} / ${formatDecimal(value.secondValue)} = ${percent}`;
  };
}

export function ValuesPage() {
  const { t } = useTranslation("coordinator");
  return <WithRound title={t("valuesPage.title")}>{(round) => <Values round={round} />}</WithRound>;
}

function Values({ round }: { round: ReportRound }) {
  const { t } = useTranslation("coordinator");
  const { organisationId = "" } = useParams<{ organisationId: string }>();
  const values = useValues(round);
  const queries = useQueryClient();
  const key = useMemo(() => ["report-values", organisationId, round.roundId, values.chosen], [organisationId, round.roundId, values.chosen]);
  const query = useQuery({
    queryKey: key, refetchOnWindowFocus: false,
    queryFn: () => reply(api.GET("/api/v1/reports/provided/{organisationId}", {
      params: { path: { organisationId }, query: { roundId: round.roundId, ...values.query } },
    })),
  });
  useChanges(round.roundId, !values.isPast, useCallback((organisations: Set<string>) => {
    if (!organisations.has(organisationId)) return;
    void queries.refetchQueries({ queryKey: key, exact: true });
    void queries.refetchQueries({ queryKey: ["verdicts"] });
    void queries.refetchQueries({ queryKey: [COURSE] });
  }, [queries, key, organisationId]));
  const all = useMemo(() => query.data?.sections.flatMap((section) => section.values), [query.data]);
  const fresh = useFresh(all, key.join(), keyOf);
  const [item, setItem] = useParameter("item");
  const chosen = all?.find((value) => value.assignmentId === item);
  const search = useSearch();
  const back = useMemo(() => {
    const kept = new URLSearchParams(search);
    kept.delete("item");
    return `/reports/provided${kept.size > 0 ? `?${kept}` : ""}`;
  }, [search]);
  const contact = query.data?.contact;
  return (
    <>
      <nav className="crumbs" aria-label={t("valuesPage.way")}><Link href={back}>{t("provided.title")}</Link></nav>
      <PageHead title={query.data ? t("valuesPage.of", { name: query.data.shortName }) : t("valuesPage.title")} status={<RoundStatus round={round} />}
        actions={<Button icon="print" onPress={() => window.print()}>{t("print", { ns: "common" })}</Button>} />
      {contact && (
        <p className="call">
          <span><strong>{contact.name || t("valuesPage.nobody")}</strong>{contact.position && `, ${contact.position}`}</span>
          {" "}<PhoneLink phone={contact.phone} />{" "}<MailLink email={contact.email} />
        </p>
      )}
      <div className="toolbar">{values.select}{values.isPast ? null : <LiveSwitch />}</div>
      {query.isPending && <Loading rows={8} />}
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && all?.length === 0 && <EmptyState title={t("valuesPage.nothingTitle")}>{t("valuesPage.nothing")}</EmptyState>}
      {query.data && all!.length > 0 && (
        <div className={chosen ? "split" : ""}>
          <div>
            {query.data.sections.map((section) => (
              <SectionValues key={section.code} section={section} zone={round.zone} fresh={fresh} chosen={item} onChoose={(id) => setItem(id, true)} />
            ))}
          </div>
          {chosen && <ValueDetails value={chosen} zone={round.zone} programmeCode={round.programmeCode} isPast={values.isPast} onClose={() => setItem("", true)} />}
        </div>
      )}
    </>
  );
}

interface SectionProps { section: Section; zone: string; fresh: ReadonlySet<string>; chosen: string; onChoose: (assignmentId: string) => void; }

function SectionValues({ section, zone, fresh, chosen, onChoose }: SectionProps) {
  const { t } = useTranslation("coordinator");
  const textOf = useValueText();
  return (
    <details className="value-section" open>
      <summary><h2>{section.title}</h2><FilledBar filled={section.filled} total={section.total} /></summary>
      <table className="value-table">
        <thead><tr><th scope="col">{t("valuesPage.question")}</th><th scope="col">{t("valuesPage.value")}</th><th scope="col">{t("valuesPage.day")}</th></tr></thead>
        <tbody>
          {section.values.map((value) => (
            <tr key={value.assignmentId} className={`${fresh.has(value.assignmentId) ? "fresh" : ""} ${value.assignmentId === chosen ? "current" : ""}`}>
              <th scope="row">
                <button type="button" className="link-button" aria-expanded={value.assignmentId === chosen} onClick={() => onChoose(value.assignmentId)}>
                  {value.question}
                </button>
              </th>
              <td>{value.hasData ? <strong>{textOf(value)}</strong> : <ReasonWithNothing value={value} zone={zone} />}</td>
              <td className="nowrap">{formatDate(value.at, zone)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function ReasonWithNothing({ value, zone }: { value: ProvidedValue; zone: string }) {
  const { t } = useTranslation("coordinator");
  return <><span aria-hidden="true" className="muted">{t("noData", { ns: "common" })}: </span><ReasonText reason={value.reason} at={value.reasonAt} zone={zone} /></>;
}
