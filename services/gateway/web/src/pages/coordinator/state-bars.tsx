// Bars of states: fills that differ without colour, numbers on the bars themselves.
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { formatNumber } from "../../parts/format";
import type { Counters } from "./statistics";

export const STATES = [
  { id: "accepted", of: "accepted" }, { id: "in_review", of: "inReview" }, { id: "rejected", of: "rejected" },
  { id: "draft", of: "draft" }, { id: "empty", of: "empty" },
] as const;

// A number narrower than its part of the bar, in per cent of the whole.
const LABEL_FROM = 7;

function Bar({ counters }: { counters: Counters }) {
  return (
    <span className="state-bar" aria-hidden="true">
      {STATES.filter((state) => counters[state.of] > 0).map((state) => {
        const share = (100 * counters[state.of]) / counters.total;
        return (
          <span key={state.id} className={`part ${state.id}`} style={{ width: `${share}%` }}>
            {share >= LABEL_FROM && <span className="part-label">{formatNumber(counters[state.of])}</span>}
          </span>
        );
      })}
    </span>
  );
}

// The whole round in one bar, which explains the fills of all others.
export function StateSummary({ counters }: { counters: Counters }) {
  const { t } = useTranslation("coordinator");
  const { t: common } = useTranslation();
  return (
    <>
      <Bar counters={counters} />
      <ul className="state-legend">
        {STATES.map((state) => (
          <li key={state.id}>
            <span className={`part swatch ${state.id}`} aria-hidden="true" />
            {common(`state.${state.id}`)} <strong>{formatNumber(counters[state.of])}</strong>
          </li>
        ))}
        {counters.overdue > 0 && <li className="late">{common("state.overdue")} <strong>{formatNumber(counters.overdue)}</strong></li>}
        <li>{t("inAll")} <strong>{formatNumber(counters.total)}</strong></li>
      </ul>
    </>
  );
}

export function StateBars({ rows, linkTo, fresh }: { rows: Counters[]; linkTo?: (row: Counters) => string; fresh?: ReadonlySet<string> }) {
  const { t } = useTranslation("coordinator");
  const { t: common } = useTranslation();
  const share = (row: Counters) => formatNumber(row.total ? Math.floor((100 * (row.accepted + row.inReview)) / row.total) : 0);
  const spoken = (row: Counters) => STATES.map((state) => `${common(`state.${state.id}`)} ${formatNumber(row[state.of])}`).join(", ");
  return (
    <ul className="bar-list">
      {rows.map((row) => {
        const name = row.name || t("provided.noMunicipality");
        return (
          <li key={row.id || name} className={fresh?.has(row.id) ? "fresh" : ""}>
            <span className="bar-name">{linkTo && row.id ? <Link href={linkTo(row)}>{name}</Link> : name}<span className="visually-hidden">: {spoken(row)}</span></span>
            <Bar counters={row} />
            <span className="bar-share">{t("statistics.sentShare", { share: share(row) })}</span>
          </li>
        );
      })}
    </ul>
  );
}
