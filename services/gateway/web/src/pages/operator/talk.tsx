// The talk about an answer, each word pinned to the version it was said about (S1.20, S1.22, S1.39).
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply, type Full } from "../../api/client";
import { useLiveUpdates } from "../../api/live";
import { ProblemError } from "../../api/problem";
import type { components } from "../../api/schema";
import { Button, TextField } from "../../parts/controls";
import { formatDateTime } from "../../parts/format";
import { ErrorNotice } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { HelpSection } from "../shared/help-link";
import type { QueueEntry } from "./queue-data";

type Remark = Full<components["schemas"]["Remark"]>;

const PAGE = 60;
const AGAIN_MS = 15_000;
const MAX_CHARS = 4000;

function useRemarks(assignmentId: string) {
  const { isPaused } = useLiveUpdates();
  return useInfiniteQuery({
    queryKey: ["queue", "remarks", assignmentId],
    initialPageParam: null as Remark | null,
    refetchInterval: isPaused ? false : AGAIN_MS,
    queryFn: ({ pageParam }) => reply(api.GET("/api/v1/assignments/{assignmentId}/remarks", {
      params: { path: { assignmentId }, query: { limit: PAGE, ...(pageParam ? { afterAt: pageParam.at, afterRemarkId: pageParam.remarkId } : {}) } },
    })),
    getNextPageParam: (page) => (page.remarks.length < PAGE ? undefined : page.remarks.at(-1)!),
  });
}

export function Talk({ entry, zone, respondent, reviewer }: { entry: QueueEntry; zone: string; respondent: string; reviewer: string }) {
  const { t } = useTranslation("operator");
  const queries = useQueryClient();
  const [text, setText] = useState("");
  const [isMissing, setMissing] = useState(false);
  const talk = useRemarks(entry.assignmentId);
  const say = useCommand(
    ({ said, version }: { said: string; version: number }, headers) =>
      reply(api.POST("/api/v1/assignments/{assignmentId}/remarks", {
        params: { path: { assignmentId: entry.assignmentId } }, body: { text: said, version }, headers,
      })),
    { onDone: () => { setText(""); void queries.invalidateQueries({ queryKey: ["queue", "remarks", entry.assignmentId] }); } },
  );
  const remarks = talk.data?.pages.flatMap((page) => page.remarks) ?? [];
  const names: Record<string, string> = {
    respondent: respondent || t("talk.respondent"), operator: reviewer || t("talk.operator"), curator: reviewer || t("talk.curator"),
  };
  const send = () => {
    setMissing(text.trim() === "");
    if (text.trim()) say.mutate({ said: text.trim(), version: entry.version });
  };
  const refusal = say.error instanceof ProblemError ? say.error.messageFor("text") : undefined;
  return (
    <section className="talk" aria-labelledby="talk-title">
      <h3 id="talk-title">{t("talk.title")}</h3>
      <p className="hint"><HelpSection number="7.5" /></p>
      {talk.error && <ErrorNotice error={talk.error} onRetry={() => void talk.refetch()} />}
      {talk.data && remarks.length === 0 && <p className="muted">{t("talk.empty")}</p>}
      <ol>
        {remarks.map((remark, index) => (
          <li key={remark.remarkId} className={remark.mine ? "mine" : ""}>
            {remarks[index - 1]?.version !== remark.version && <p className="talk-version">{t("talk.version", { version: String(remark.version) })}</p>}
            <p className="talk-head"><strong>{remark.mine ? t("talk.me") : names[remark.authorRole]}</strong> <span className="muted">{formatDateTime(remark.at, zone)}</span></p>
            <p className="talk-text">{remark.text}</p>
          </li>
        ))}
      </ol>
      {talk.hasNextPage && <Button kind="quiet" onPress={() => void talk.fetchNextPage()}>{t("talk.more")}</Button>}
      <TextField label={t("talk.write", { version: String(entry.version) })} value={text} onChange={(next) => { setText(next); setMissing(false); }}
        isMultiline rows={2} maxLength={MAX_CHARS} error={isMissing ? t("talk.missing") : (refusal ?? "")} />
      {say.error && !refusal ? <ErrorNotice error={say.error} /> : null}
      <Button icon="send" onPress={send} isDisabled={say.isPending}>{t("talk.send")}</Button>
    </section>
  );
}
