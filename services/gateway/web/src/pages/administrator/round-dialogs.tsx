// Extending, moving and closing a round: each says what it will do before it is done.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, reply } from "../../api/client";
import { isStale, ProblemError } from "../../api/problem";
import { TextField } from "../../parts/controls";
import { formatDate, formatNumber } from "../../parts/format";
import { ConfirmDialog } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { DayOffWarning } from "../shared/days-off";
import { useRound, type Round } from "./data";
import { ROUND_STATES, type RoundState } from "./rounds";
import { ChangedMeanwhile } from "./shared";

export type RoundAct = "extend" | "move" | "close";
interface Change { dueOn?: string; closedUntil?: string; close?: boolean; }

function useChange(round: Round, onDone: () => void) {
  const queries = useQueryClient();
  return useCommand(
    ({ version, ...body }: Change & { version: number }, headers) =>
      reply(api.PATCH("/api/v1/rounds/{roundId}", {
        params: { path: { roundId: round.roundId }, header: ifMatch(version) }, body, headers: { ...headers, ...ifMatch(version) },
      })),
    {
      onDone: () => {
        void queries.invalidateQueries({ queryKey: ["rounds"] });
        onDone();
      },
      onFailed: (error) => {
        if (isStale(error)) void queries.invalidateQueries({ queryKey: ["rounds"] });
      },
    },
  );
}

function CloseConsequence({ round }: { round: Round }) {
  const { t } = useTranslation("administrator");
  return (
    <ul className="consequences">
      {round.state === "open" && (
        <>
          <li>{t("rounds.closeInput", { count: round.organisations, formatted: formatNumber(round.organisations) })}</li>
          <li><strong>{round.unsent === 0 ? t("rounds.closeDrafts_zero") : t("rounds.closeDrafts", { count: round.unsent, formatted: formatNumber(round.unsent) })}</strong></li>
          {round.inReview > 0 && <li>{t("rounds.closeReview", { count: round.inReview, formatted: formatNumber(round.inReview) })}</li>}
        </>
      )}
      {round.repeats && <li>{t("rounds.closeRepeats")}</li>}
      <li>{t("rounds.closeForGood")}</li>
    </ul>
  );
}

function ExtendConsequence({ round, day }: { round: Round; day: string }) {
  const { t } = useTranslation("administrator");
  return (
    <ul className="consequences">
      <li>{round.state === "open" ? t("rounds.extendConsequence", { count: round.organisations, formatted: formatNumber(round.organisations) }) : t("rounds.extendPlanned")}</li>
      {day > round.closedUntil && <li>{t("rounds.extendMoves", { date: formatDate(round.closedUntil) })}</li>}
    </ul>
  );
}

// `opened`: the round as it was when the person began to decide.
export function RoundDialog({ act, opened, onClose, onDone }:
  { act: RoundAct; opened: Round; onClose: () => void; onDone: (text: string) => void }) {
  const { t } = useTranslation("administrator");
  const fresh = useRound(opened.roundId);
  const round = fresh.data ?? opened;
  const [first] = useState(opened);
  const [known, setKnown] = useState(opened.version);
  const current = act === "extend" ? round.dueOn : round.closedUntil;
  const [day, setDay] = useState(current);
  const [ownError, setOwnError] = useState("");
  const done = { extend: t("rounds.extended"), move: t("rounds.moved"), close: t("rounds.closed") }[act];
  const change = useChange(round, () => onDone(done));
  const hasChanged = round.version !== first.version;

  const confirm = () => {
    const problem = act === "close" ? "" : !day ? t("rounds.chooseDate") : day === current ? t("rounds.sameDate") : "";
    setOwnError(problem);
    if (problem) return;
    setKnown(round.version);
    const moved = act === "extend" ? { dueOn: day, ...(day > round.closedUntil && { closedUntil: day }) } : { closedUntil: day };
    change.mutate({ version: round.version, ...(act === "close" ? { close: true } : moved) });
  };
  const refusal = change.error instanceof ProblemError && !isStale(change.error) ? change.error : null;
  const atField = refusal?.messageFor(act === "extend" ? "dueOn" : "closedUntil") ?? "";
  const rest = isStale(change.error) || atField ? undefined : change.error;
  const shortDate = day ? formatDate(day) : "…";
  const title = { extend: t("rounds.extendTitle", { name: round.name }), move: t("rounds.moveTitle", { name: round.name }), close: t("rounds.closeTitle", { name: round.name }) }[act];
  const button = { extend: t("rounds.extendDo", { date: shortDate }), move: t("rounds.moveDo", { date: shortDate }), close: t("rounds.closeDo") }[act];
  const stateName = (state: string) => ROUND_STATES.includes(state as RoundState) ? t(`rounds.state.${state as RoundState}`) : state;

  return (
    <ConfirmDialog isOpen onClose={onClose} title={title} confirm={button} isDanger={act === "close"}
      isBusy={change.isPending || round.state === "closed" || (isStale(change.error) && fresh.isFetching && known === round.version)}
      error={rest} onConfirm={confirm}>
      {hasChanged && (
        <ChangedMeanwhile rows={[
          { label: t("rounds.stateFilter"), was: stateName(first.state), is: stateName(round.state) },
          { label: t("rounds.dueOn"), was: formatDate(first.dueOn), is: formatDate(round.dueOn) },
          { label: t("rounds.closedUntil"), was: formatDate(first.closedUntil), is: formatDate(round.closedUntil) },
        ]} />
      )}
      {act === "close" && <CloseConsequence round={round} />}
      {act !== "close" && (
        <>
          <TextField type="date" label={t(act === "extend" ? "rounds.extendField" : "rounds.moveField")} value={day} onChange={setDay}
            hint={t(act === "extend" ? "rounds.extendHint" : "rounds.moveHint", { date: formatDate(current) })} error={ownError || atField} autoFocus />
          {act === "extend" && <DayOffWarning day={day} onTake={setDay} />}
          {act === "extend" && <ExtendConsequence round={round} day={day} />}
          {act === "move" && <p>{t(round.repeats ? "rounds.moveConsequence" : "rounds.moveConsequenceLast")}</p>}
        </>
      )}
    </ConfirmDialog>
  );
}
