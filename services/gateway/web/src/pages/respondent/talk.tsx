// The talk about an answer, each remark pinned to the version it is about, kept for good (S1.22, S1.39).
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { Button, Select, TextField } from "../../parts/controls";
import { formatStamp } from "../../parts/format";
import { ErrorNotice, Loading } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { HelpSection } from "../shared/help-link";
import { useWord } from "../shared/programme";
import { useProgrammeOf, type Assignment } from "./assignments";

const TEXT_MAX = 4000;
const PAGE = 60;
const TRIES = 5;

function useTalk(assignmentId: string, isOpen: boolean) {
  return useQuery({
    queryKey: ["remarks", assignmentId], enabled: isOpen,
    // Just sent, the answer may still be on its way to where talks are kept.
    retry: (count, error) => error instanceof ProblemError && error.status === 404 && count < TRIES,
    retryDelay: 1000,
    queryFn: async () => {
      const all = await reply(api.GET("/api/v1/assignments/{assignmentId}/remarks", { params: { path: { assignmentId }, query: { limit: PAGE } } }));
      for (let size = all.remarks.length; size === PAGE;) {
        const last = all.remarks.at(-1)!;
        const query = { limit: PAGE, afterAt: last.at, afterRemarkId: last.remarkId };
        const more = await reply(api.GET("/api/v1/assignments/{assignmentId}/remarks", { params: { path: { assignmentId }, query } }));
        all.remarks.push(...more.remarks);
        size = more.remarks.length;
      }
      return all;
    },
  });
}

export function Talk({ assignment }: { assignment: Assignment }) {
  const { t } = useTranslation("plan");
  const queries = useQueryClient();
  const { assignmentId } = assignment;
  // Sent back, it waits for an answer: the talk is in sight.
  const [isOpen, setOpen] = useState(Boolean(assignment.rejectedAt) && (assignment.valueKind === "documents" || assignment.valueKind === "table"));
  const talk = useTalk(assignmentId, isOpen);
  const word = useWord(useProgrammeOf(assignment));
  const [text, setText] = useState("");
  const [version, setVersion] = useState("");
  const add = useCommand(
    (body: { text: string; version: number }, headers) => reply(api.POST("/api/v1/assignments/{assignmentId}/remarks", { params: { path: { assignmentId } }, headers, body })),
    {
      onDone: () => {
        setText("");
        void queries.invalidateQueries({ queryKey: ["remarks", assignmentId] });
      },
    },
  );
  const versions = talk.data?.versions ?? [];
  const last = String(versions.at(-1) ?? "");
  const about = versions.map(String).includes(version) ? version : last;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== "") add.mutate({ text: text.trim(), version: Number(about) });
  };
  const whose = (role: string, isMine: boolean) => {
    if (role === "respondent") return t(isMine ? "talk.me" : "talk.mine");
    return word("reviewer") || t(role === "curator" ? "talk.curator" : "talk.operator");
  };
  const refusal = add.error instanceof ProblemError ? add.error.messageFor("text") : undefined;
  return (
    <details className="talk" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("talk.title")}{talk.data && talk.data.remarks.length > 0 && <> <span className="count">{talk.data.remarks.length}</span></>}</summary>
      {isOpen && talk.isPending && <Loading rows={2} />}
      {talk.error && <ErrorNotice error={talk.error} onRetry={() => void talk.refetch()} />}
      {talk.data && (
        <>
          <p className="hint"><HelpSection number="7.5" /></p>
          {talk.data.remarks.length === 0 && <p className="muted">{t("talk.empty")}</p>}
          <ol className="talk-list" aria-live="polite">
            {talk.data.remarks.map((one) => (
              <li key={one.remarkId} className={one.authorRole === "respondent" ? "ours" : "theirs"}>
                <div className="talk-head"><strong>{whose(one.authorRole, one.mine)}</strong> <span className="muted">{formatStamp(one.at, assignment.zone)} · {t("talk.version", { version: String(one.version) })}</span></div>
                <div className="talk-text">{one.text}</div>
              </li>
            ))}
          </ol>
          <form className="talk-form" onSubmit={send}>
            <TextField label={t("talk.answer")} hint={t("talk.hint")} isMultiline rows={2} maxLength={TEXT_MAX} value={text} onChange={setText} error={refusal ?? ""} />
            {add.error && !refusal ? <ErrorNotice error={add.error} /> : null}
            <div className="talk-acts">
              {versions.length > 1 && (
                <Select label={t("talk.about")} value={about} onChange={setVersion}
                  choices={versions.map((one) => ({ id: String(one), text: String(one) === last ? t("talk.lastVersion", { version: String(one) }) : String(one) }))} />
              )}
              <Button type="submit" icon="send" isDisabled={text.trim() === "" || add.isPending}>{t("talk.send")}</Button>
            </div>
          </form>
        </>
      )}
    </details>
  );
}
