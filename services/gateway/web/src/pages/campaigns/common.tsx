// What both pages show of a mailing: its state, its table (S2.5), how far its letters are.
import { useTranslation } from "react-i18next";
import { formatDateTime, formatNumber } from "../../parts/format";
import { Icon, type IconName } from "../../parts/icons";
import { LETTER_STATES, type Campaign, type LetterState } from "./data";

const TONES: Record<LetterState, string> = {
  waiting: "draft", retrying: "due", sending: "in_review", sent: "accepted", unconfirmed: "due", failed: "rejected", stopped: "closed",
};
const ICONS: Record<LetterState, IconName> = {
  waiting: "clock", retrying: "clock", sending: "send", sent: "check", unconfirmed: "help", failed: "cross", stopped: "lock",
};

export function LetterTag({ state }: { state: string }) {
  const { t } = useTranslation("campaigns");
  const known = state as LetterState;
  return <span className={`state ${TONES[known]}`}><Icon name={ICONS[known]} size={16} />{t(`letter.${known}`)}</span>;
}

export function CampaignTag({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  const { letters, sent, unconfirmed, failed } = campaign.progress;
  if (campaign.state === "draft") return <span className="state draft"><Icon name="edit" size={16} />{t("state.draft")}</span>;
  if (campaign.state === "stopped") return <span className="state closed"><Icon name="lock" size={16} />{t("state.stopped")}</span>;
  if (sent + unconfirmed + failed < letters) return <span className="state in_review"><Icon name="send" size={16} />{t("state.sending")}</span>;
  return <span className="state accepted"><Icon name="check" size={16} />{t("state.done")}</span>;
}

// Of a draft that nobody began by hand: what becomes of it.
export function Itself({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  if (!campaign.byItself || campaign.state !== "draft") return null;
  return (
    <>
      <span>{t("byItself")}</span>
      <span className="state due"><Icon name="clock" size={16} />{campaign.sendsAt ? t("goesAt", { moment: formatDateTime(campaign.sendsAt) }) : t("waitsForYou")}</span>
    </>
  );
}

export function CampaignTable({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  return (
    <table className="campaign-table">
      <caption className="visually-hidden">{t("table")}</caption>
      <thead><tr><th scope="col">{t("group")}</th><th scope="col">{t("indicators")}</th><th scope="col">{t("participants")}</th></tr></thead>
      <tbody>
        {campaign.groups.map((row, at) => (
          <tr key={at}><th scope="row">{row.title}</th><td className="number">{formatNumber(row.indicators)}</td><td>{row.participants}</td></tr>
        ))}
        <tr className="campaign-total"><th scope="row">{t("total")}</th><td className="number">{formatNumber(campaign.indicators)}</td><td /></tr>
      </tbody>
    </table>
  );
}

// The bar says how many are done with, the words below what has become of all.
export function Sending({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  const { progress } = campaign;
  const done = progress.sent + progress.unconfirmed + progress.failed;
  return (
    <div className="campaign-progress">
      <progress value={done} max={progress.letters} aria-label={t("progress")} />
      <p role="status">{t("done", { count: progress.letters, done: formatNumber(done), all: formatNumber(progress.letters) })}</p>
      <ul>
        {LETTER_STATES.filter((state) => progress[state] > 0).map((state) => (
          <li key={state}><LetterTag state={state} /> {formatNumber(progress[state])}</li>
        ))}
      </ul>
    </div>
  );
}
