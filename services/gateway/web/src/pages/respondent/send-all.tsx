// Everything that is ready goes out at once: what goes is shown before, what became of each afterwards.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, reply } from "../../api/client";
import { OfflineError, ProblemError } from "../../api/problem";
import { Button, ButtonLink } from "../../parts/controls";
import { Icon } from "../../parts/icons";
import { Dialog } from "../../parts/surfaces";
import { showAnswer } from "./answer";
import { putAssignment, type Assignment } from "./assignments";

type Outcome = { name: "sending" } | { name: "sent" } | { name: "failed"; message: string };

export function SendAll({ ready, onClose, receipt }: { ready: Assignment[]; onClose: () => void; receipt: string }) {
  const { t } = useTranslation("respondent");
  const { t: common } = useTranslation();
  const queries = useQueryClient();
  // The list as it was when the dialog opened: what is sent must not vanish from it.
  const [items] = useState(ready);
  const [outcomes, setOutcomes] = useState<Record<string, Outcome>>({});
  const [stage, setStage] = useState<"asking" | "sending" | "over">("asking");
  const sent = Object.values(outcomes).filter((outcome) => outcome.name === "sent").length;

  const tell = (id: string, outcome: Outcome) => setOutcomes((known) => ({ ...known, [id]: outcome }));
  const send = async () => {
    setStage("sending");
    for (const { assignmentId, version } of items) {
      tell(assignmentId, { name: "sending" });
      const params = { path: { assignmentId }, header: { ...ifMatch(version), "Idempotency-Key": crypto.randomUUID() } };
      try {
        putAssignment(queries, await reply(api.POST("/api/v1/assignments/{assignmentId}:submit", { params })));
        tell(assignmentId, { name: "sent" });
      } catch (error) {
        if (!(error instanceof ProblemError || error instanceof OfflineError)) throw error;
        tell(assignmentId, { name: "failed", message: error instanceof ProblemError ? error.message : common("error.offlineTitle") });
      }
    }
    setStage("over");
    void queries.invalidateQueries({ queryKey: ["assignments"] });
  };

  return (
    <Dialog isOpen isWide {...(stage === "sending" ? {} : { onClose })}
      title={stage === "over" ? t("sendAll.done", { count: sent, all: String(items.length) }) : t("sendAll.title", { count: items.length })}>
      {stage === "asking" && <p>{t("sendAll.consequence")}</p>}
      <ul className="send-list" aria-live="polite">
        {items.map((one) => {
          const outcome = outcomes[one.assignmentId];
          return (
            <li key={one.assignmentId}>
              <span className="send-question">{one.question}</span>
              <span className="send-value">{[showAnswer(one), one.documents.length > 0 ? t("documentCount", { count: one.documents.length }) : ""].filter(Boolean).join(" · ")}</span>
              {outcome?.name === "sent" && <span className="state accepted"><Icon name="check" size={16} />{t("sendAll.sent")}</span>}
              {outcome?.name === "sending" && <span className="state">{t("sendAll.sending")}</span>}
              {outcome?.name === "failed" && <span className="field-error">{outcome.message}</span>}
            </li>
          );
        })}
      </ul>
      <div className="dialog-actions">
        {stage === "over" ? (
          <>
            {sent > 0 && <ButtonLink href={receipt} icon="print">{t("receipt.open")}</ButtonLink>}
            <Button kind="primary" onPress={onClose}>{common("close")}</Button>
          </>
        ) : (
          <>
            <Button onPress={onClose} isDisabled={stage === "sending"}>{common("cancel")}</Button>
            <Button kind="primary" icon="send" onPress={() => void send()} isDisabled={stage === "sending"}>{t("sendAll.confirm", { count: items.length })}</Button>
          </>
        )}
      </div>
    </Dialog>
  );
}
