// «Довести до …»: what came from above goes on to those below, with words of one's own (S1.35).
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { Button, Checkbox, TextField } from "../../parts/controls";
import { formatDateTime, formatNumber } from "../../parts/format";
import { ErrorNotice } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { putMessage, type Level, type Message } from "./data";

export function PassOn({ message, onDone }: { message: Message; onDone: () => void }) {
  const { t } = useTranslation("messages");
  const queries = useQueryClient();
  const path = { messageId: message.messageId };
  const key = ["messages", "passing", message.messageId];
  const audience = useQuery({ queryKey: key, queryFn: () => reply(api.GET("/api/v1/messages/{messageId}/passingAudience", { params: { path } })) });
  const [left, setLeft] = useState<string[]>([]);
  const [words, setWords] = useState("");
  const pass = useCommand(
    (body: { levels: string[]; words: string }, headers) => reply(api.POST("/api/v1/messages/{messageId}:passOn", { params: { path }, headers, body })),
    {
      onDone: (now) => {
        putMessage(queries, now);
        void queries.invalidateQueries({ queryKey: key });
        onDone();
      },
    },
  );
  const levels = audience.data?.levels ?? [];
  const chosen = levels.filter((one) => !left.includes(one.level));
  const count = chosen.reduce((sum, one) => sum + one.accounts, 0);
  return (
    <section className="message-part message-pass" aria-labelledby="pass-on">
      <h2 id="pass-on">{t("passOnTitle")}</h2>
      {message.passedOnAt && <p>{t("passedOnAt", { at: formatDateTime(message.passedOnAt, message.zone) })}</p>}
      {audience.error ? <ErrorNotice error={audience.error} onRetry={() => void audience.refetch()} /> : null}
      {audience.data && levels.length === 0 && <p className="muted">{t("allHaveIt")}</p>}
      {levels.length > 0 && (
        <>
          <p>{t("passOnIntro")}</p>
          <div className="message-choices">
            {levels.map((one) => (
              <Checkbox key={one.level} isSelected={!left.includes(one.level)}
                onChange={(isOn) => setLeft(isOn ? left.filter((level) => level !== one.level) : [...left, one.level])}>
                {t(`level.${one.level as Level}`)} — {formatNumber(one.accounts)}
              </Checkbox>
            ))}
          </div>
          <TextField label={t("ownWords")} hint={t("ownWordsHint")} isMultiline rows={2} maxLength={2000} value={words} onChange={setWords} />
          {pass.error ? <ErrorNotice error={pass.error} /> : null}
          <Button kind="primary" icon="send" isDisabled={pass.isPending || count === 0}
            onPress={() => pass.mutate({ levels: chosen.map((one) => one.level), words: words.trim() })}>
            {t("passOn", { count })}
          </Button>
        </>
      )}
    </section>
  );
}
