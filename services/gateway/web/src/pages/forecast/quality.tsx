// How good forecasts were: what was forecast beside what happened.
import { useTranslation } from "react-i18next";
import { formatDecimal, formatNumber } from "../../parts/format";
import { ErrorNotice } from "../../parts/surfaces";
import { useQuality, type ForecastQuality } from "./data";

export function Quality({ roundId }: { roundId: string }) {
  const { t } = useTranslation("forecast");
  const query = useQuality(roundId);
  const whole = query.data?.rows.find((row) => row.days === 0);
  if (query.error) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return null;
  return (
    <section className="forecast-quality">
      <h2>{t("quality.title")}</h2>
      {whole ? (
        <>
          <p>
            {t("quality.whole", { count: whole.forecasts, formatted: formatNumber(whole.forecasts) })}{" "}
            {t(Number(whole.skillPercent) >= 0 ? "quality.better" : "quality.worse", {
              ours: formatDecimal(whole.brier), usual: formatDecimal(whole.usualBrier), percent: formatNumber(Math.abs(Number(whole.skillPercent))),
            })}
          </p>
          <p className="muted">{t("quality.how")}</p>
          <div className="forecast-tables"><ByDays quality={query.data} /><ByTenths quality={query.data} /></div>
        </>
      ) : <p className="muted">{t("quality.none")}</p>}
    </section>
  );
}

function ByDays({ quality }: { quality: ForecastQuality }) {
  const { t } = useTranslation("forecast");
  const head = [t("quality.forecasts"), t("quality.missed"), t("quality.brier"), t("quality.usualBrier"), t("quality.skill")];
  return (
    <div className="plain-table-place" tabIndex={0} role="region" aria-label={t("quality.byDays")}>
      <table className="plain-table">
        <caption>{t("quality.byDays")}</caption>
        <thead><tr><th scope="col">{t("quality.days")}</th>{head.map((title) => <th key={title} scope="col" className="number">{title}</th>)}</tr></thead>
        <tbody>
          {quality.rows.filter((row) => row.days > 0).map((row) => (
            <tr key={row.days}>
              <th scope="row">{t("left", { count: row.days })}</th>
              <td className="number">{formatNumber(row.forecasts)}</td>
              <td className="number">{formatNumber(row.missed)}</td>
              <td className="number">{formatDecimal(row.brier)}</td>
              <td className="number">{formatDecimal(row.usualBrier)}</td>
              <td className="number">{row.skillPercent.replace("-", "−")} %</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ByTenths({ quality }: { quality: ForecastQuality }) {
  const { t } = useTranslation("forecast");
  return (
    <div className="plain-table-place" tabIndex={0} role="region" aria-label={t("quality.byTenths")}>
      <table className="plain-table">
        <caption>{t("quality.byTenths")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("quality.tenth")}</th>
            {[t("quality.forecasts"), t("quality.expected"), t("quality.happened")].map((title) => <th key={title} scope="col" className="number">{title}</th>)}
          </tr>
        </thead>
        <tbody>
          {quality.tenths.map((tenth) => (
            <tr key={tenth.fromPercent}>
              <th scope="row">{tenth.fromPercent}–{tenth.toPercent} %</th>
              <td className="number">{formatNumber(tenth.forecasts)}</td>
              <td className="number">{formatDecimal(tenth.expectedPercent)} %</td>
              <td className="number">{formatDecimal(tenth.missedPercent)} %</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
