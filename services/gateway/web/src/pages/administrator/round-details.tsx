// One round beside the list: its dates, how far it is, and what can be done with it.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../parts/controls";
import { formatDate, formatDateTime, formatNumber, zoneName } from "../../parts/format";
import { ErrorNotice, Loading, useToast } from "../../parts/surfaces";
import { useRound, type Round } from "./data";
import { RoundDialog, type RoundAct } from "./round-dialogs";
import { RoundTag } from "./rounds";
import { Details, Facts } from "./shared";

// A bar of shares with the same numbers in words beside it.
function Progress({ round }: { round: Round }) {
  const { t } = useTranslation("administrator");
  const untouched = Math.max(round.assignments - round.accepted - round.inReview - round.rejected - round.unsent, 0);
  const rows = [
    { id: "accepted", count: round.accepted, text: t("rounds.accepted") },
    { id: "in_review", count: round.inReview, text: t("rounds.inReview") },
    { id: "rejected", count: round.rejected, text: t("rounds.rejected") },
    { id: "draft", count: round.unsent, text: t("rounds.unsent") },
    { id: "empty", count: untouched, text: t("rounds.untouched") },
  ];
  const total = Math.max(round.assignments, 1);
  return (
    <section className="round-progress">
      <h3>{t("rounds.progress")}</h3>
      <div className="share-bar" aria-hidden="true">
        {rows.map((row) => <span key={row.id} className={`share ${row.id}`} style={{ width: `${(row.count / total) * 100}%` }} />)}
      </div>
      <dl className="share-list">
        {rows.map((row) => [
          <dt key={`${row.id}-t`}><span className={`share-mark ${row.id}`} aria-hidden="true" />{row.text}</dt>,
          <dd key={`${row.id}-d`}>{formatNumber(row.count)}</dd>,
        ])}
      </dl>
    </section>
  );
}

function letterText(round: Round, of: (parts: { number: string; date: string }) => string): string {
  const { number, date, title } = round.letter;
  const head = number && date ? of({ number, date: formatDate(date) }) : number || formatDate(date);
  return [head, title].filter(Boolean).join(", ");
}

export function RoundDetails({ roundId, onClose }: { roundId: string; onClose: () => void }) {
  const { t } = useTranslation("administrator");
  const query = useRound(roundId);
  const [act, setAct] = useState<RoundAct | null>(null);
  const { toast, show } = useToast();
  const round = query.data;
  if (!round)
    return (
      <Details title={t("rounds.name")} onClose={onClose}>
        {query.error ? <ErrorNotice error={query.error} onRetry={() => void query.refetch()} /> : <Loading rows={4} />}
      </Details>
    );
  return (
    <Details title={round.name} onClose={onClose}>
      <p><RoundTag state={round.state} /></p>
      <Facts rows={[
        [t("rounds.opensOn"), formatDate(round.opensOn)],
        [t("rounds.dueOn"), `${formatDateTime(round.dueAt, round.zone)} (${zoneName(round.dueAt, round.zone)})`],
        [t("rounds.closedUntil"), formatDate(round.closedUntil)],
        [t("rounds.repeats"), t(round.repeats ? "rounds.repeatsYes" : "rounds.repeatsNo")],
        [t("rounds.organisations"), formatNumber(round.organisations)],
        [t("rounds.items"), formatNumber(round.items)],
        [t("rounds.assignments"), formatNumber(round.assignments)],
        [t("rounds.letter"), letterText(round, (parts) => t("rounds.letterOf", parts))],
      ]} />
      {round.state === "planned" ? <p className="hint">{t("rounds.forecast")}</p> : <Progress round={round} />}
      {round.state === "closed"
        ? <p className="muted">{t("rounds.isClosed")}</p>
        : (
          <div className="details-actions">
            <Button icon="calendar" onPress={() => setAct("extend")}>{t("rounds.extend")}</Button>
            <Button icon="clock" onPress={() => setAct("move")}>{t("rounds.move")}</Button>
            <Button kind="danger" icon="lock" onPress={() => setAct("close")}>{t("rounds.close")}</Button>
          </div>
        )}
      {act && <RoundDialog key={act} act={act} opened={round} onClose={() => setAct(null)} onDone={(text) => { setAct(null); show(text); }} />}
      {toast}
    </Details>
  );
}
