// The numbers of the charts as tables.
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { formatDate, formatNumber } from "../../parts/format";
import { STATES } from "./state-bars";
import type { Counters, Statistics } from "./statistics";

export function CountersTable({ caption, first, rows, linkTo }: { caption: string; first: string; rows: Counters[]; linkTo?: (row: Counters) => string }) {
  const { t } = useTranslation("coordinator");
  const { t: common } = useTranslation();
  return (
    <div className="plain-table-place" tabIndex={0} role="region" aria-label={caption}>
      <table className="plain-table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            {STATES.map((state) => <th key={state.id} scope="col" className="number">{common(`state.${state.id}`)}</th>)}
            <th scope="col" className="number">{common("state.overdue")}</th>
            <th scope="col" className="number">{t("inAll")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id || row.name}>
              <th scope="row">{linkTo && row.id ? <Link href={linkTo(row)}>{row.name}</Link> : row.name || t("provided.noMunicipality")}</th>
              {STATES.map((state) => <td key={state.id} className="number">{formatNumber(row[state.of])}</td>)}
              <td className="number">{formatNumber(row.overdue)}</td>
              <td className="number">{formatNumber(row.total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function DaysTable({ statistics }: { statistics: Statistics }) {
  const { t } = useTranslation("coordinator");
  if (statistics.days.length === 0) return <p className="muted">{t("statistics.noDays")}</p>;
  return (
    <div className="plain-table-place" tabIndex={0} role="region" aria-label={t("statistics.byDay")}>
      <table className="plain-table">
        <caption className="visually-hidden">{t("statistics.byDay")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("statistics.day")}</th>
            {(["sent", "accepted", "rejected"] as const).map((line) => <th key={line} scope="col" className="number">{t(`statistics.${line}`)}</th>)}
          </tr>
        </thead>
        <tbody>
          {statistics.days.map((one) => (
            <tr key={one.day}>
              <th scope="row">{formatDate(one.day)}</th>
              <td className="number">{formatNumber(one.sent)}</td>
              <td className="number">{formatNumber(one.accepted)}</td>
              <td className="number">{formatNumber(one.rejected)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
