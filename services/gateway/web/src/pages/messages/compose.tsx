// A message is written: what it says, to whom it goes, and who that is before it is sent (S1.34-S1.36).
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { api, ifMatch, reply } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { useAccount } from "../../api/session";
import { useParameter } from "../../parts/address";
import { Button, Checkbox, RadioGroup, TextField } from "../../parts/controls";
import { formatDateTime } from "../../parts/format";
import { ConfirmDialog, ErrorNotice, Loading, NoRights, PageHead } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { Attachments } from "./attachments";
import { BehindButton } from "./behind";
import { AudienceList } from "./common";
import { AUTHORS, getMessage, isSigned, keyOf, KINDS, LEVELS, NOTHING, putMessage, type Content, type Message } from "./data";
import { ConsultationFields, Links, SignedFields } from "./fields";
import { Units } from "./units";

export function ComposePage() {
  const { t } = useTranslation("messages");
  const { role } = useAccount();
  const [draft] = useParameter("draft");
  const [replace] = useParameter("replace");
  const source = draft || replace;
  const query = useQuery({ queryKey: keyOf(source), enabled: source !== "" && AUTHORS.includes(role), queryFn: () => getMessage(source) });
  if (!AUTHORS.includes(role)) return <NoRights />;
  if (!source) return <Form message={null} initial={NOTHING} />;
  if (!query.data || (draft && query.data.state !== "draft"))
    return (
      <>
        <PageHead title={t("compose")} />
        {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
        {query.isPending && <Loading />}
        {query.data && <p>{t("alreadySent")}</p>}
      </>
    );
  const { content } = query.data;
  if (draft) return <Form key={draft} message={query.data} initial={{ ...content, connection: content.connection ?? NOTHING.connection }} />;
  // A new one in the place of one that was sent: its words, under a number and with attachments of its own.
  return (
    <Form key={replace} message={null}
      initial={{ ...content, connection: content.connection ?? NOTHING.connection, number: "", datedOn: "", documentIds: [], supersedesId: replace }} />
  );
}

function useSaving(message: Message | null) {
  const queries = useQueryClient();
  const [kept, setKept] = useState(message);
  const save = useCommand(
    (input: { content: Content; messageId: string; version: number }, headers) => (input.messageId
      ? reply(api.PUT("/api/v1/messages/{messageId}", {
        params: { path: { messageId: input.messageId }, header: ifMatch(input.version) }, headers, body: { content: input.content },
      }))
      : reply(api.POST("/api/v1/messages", { headers, body: { content: input.content } }))),
    { onDone: (now) => { setKept(now); putMessage(queries, now); } },
  );
  const keep = (content: Content) => save.mutateAsync({ content, messageId: kept?.messageId ?? "", version: kept?.version ?? 0 });
  return { kept, save, keep };
}

function Form({ message, initial }: { message: Message | null; initial: Content }) {
  const { t } = useTranslation("messages");
  const [content, setContent] = useState(initial);
  const [isSending, setSending] = useState(false);
  const [, go] = useLocation();
  const { role, organisationPath } = useAccount();
  const { kept, save, keep } = useSaving(message);
  const [problem, setProblem] = useState<unknown>(null);
  const set = (part: Partial<Content>) => setContent((now) => ({ ...now, ...part }));
  const errorOf = (field: string) => (problem instanceof ProblemError ? problem.messageFor(`content.${field}`) ?? "" : "");
  const levels = LEVELS.filter((one) => role === "ROLE_CURATOR" ? one === "school" || one === "authority" : one !== "region" || organisationPath === "*");
  const store = async (next = content) => {
    try {
      const now = await keep(next);
      setProblem(null);
      return now;
    } catch (error) {
      setProblem(error);
      return null;
    }
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await store()) setSending(true);
  };
  const toggle = (level: string, isOn: boolean) =>
    set({ levels: LEVELS.filter((one) => (one === level ? isOn : content.levels.includes(one))) });
  const isNamed = problem instanceof ProblemError && problem.violations.length > 0;
  return (
    <div className="message-compose">
      <PageHead title={t("compose")} status={kept ? t("draftKept", { at: formatDateTime(kept.changedAt, kept.zone) }) : t("composeIntro")} />
      <form className="form" noValidate onSubmit={(event) => void submit(event)}>
        <RadioGroup label={t("kindLabel")} value={content.kind} onChange={(kind) => set({ kind })} choices={KINDS.map((id) => ({ id, text: t(`kind.${id}`) }))} />
        <TextField label={t("subject")} isRequired maxLength={300} value={content.subject} onChange={(subject) => set({ subject })} error={errorOf("subject")} />
        {isSigned(content.kind) && <SignedFields content={content} set={set} errorOf={errorOf} />}
        {content.kind === "consultation" && <ConsultationFields content={content} set={set} errorOf={errorOf} />}
        <TextField label={t("text")} isRequired isMultiline rows={8} maxLength={20000} value={content.text} onChange={(text) => set({ text })} error={errorOf("text")} />
        {role === "ROLE_COORDINATOR" && isSigned(content.kind) && <p><BehindButton content={content} set={set} /></p>}
        <fieldset>
          <legend>{t("levels")}</legend>
          <div className="message-choices">
            {levels.map((one) => <Checkbox key={one} isSelected={content.levels.includes(one)} onChange={(isOn) => toggle(one, isOn)}>{t(`level.${one}`)}</Checkbox>)}
          </div>
          {errorOf("levels") && <p className="field-error">{errorOf("levels")}</p>}
        </fieldset>
        {role !== "ROLE_CURATOR" && <Units chosen={content.organisationIds} onChange={(organisationIds) => set({ organisationIds })} error={errorOf("organisationIds")} />}
        <Links content={content} set={set} problem={problem} />
        <Attachments message={kept} content={content} onChange={(documentIds) => set({ documentIds })} makeDraft={() => store()} />
        <Checkbox isSelected={content.asksAcknowledgement} onChange={(asksAcknowledgement) => set({ asksAcknowledgement })}>{t("askNote")}</Checkbox>
        {problem !== null && !isNamed && <ErrorNotice error={problem} />}
        {isNamed && <p className="field-error" role="alert">{t("mendFields")}</p>}
        <div className="message-acts">
          <Button kind="primary" type="submit" icon="send" isDisabled={save.isPending}>{t("checkAndSend")}</Button>
          <Button isDisabled={save.isPending} onPress={() => void store()}>{t("saveDraft")}</Button>
          {kept && <DropDraft message={kept} onDone={() => go("/messages?box=drafts")} />}
        </div>
      </form>
      {isSending && kept && (
        <Send message={kept} onClose={() => setSending(false)} onRefused={(error) => { setSending(false); setProblem(error); }} onDone={(sent) => go(`/messages/${sent.messageId}`)} />
      )}
    </div>
  );
}

function DropDraft({ message, onDone }: { message: Message; onDone: () => void }) {
  const { t } = useTranslation("messages");
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const drop = useCommand(
    (messageId: string, headers) => reply(api.DELETE("/api/v1/messages/{messageId}", { params: { path: { messageId } }, headers })),
    {
      onDone: () => {
        void queries.invalidateQueries({ queryKey: ["messages", "list"] });
        onDone();
      },
    },
  );
  return (
    <>
      <Button kind="quiet" icon="trash" onPress={() => setAsking(true)}>{t("drop")}</Button>
      <ConfirmDialog isOpen={isAsking} onClose={() => setAsking(false)} title={t("dropTitle")} confirm={t("drop")} isDanger isBusy={drop.isPending} error={drop.error}
        onConfirm={() => drop.mutate(message.messageId)}>
        <p>{t("dropConsequence")}</p>
      </ConfirmDialog>
    </>
  );
}

// Before it goes: who gets it, and that it cannot be changed afterwards.
function Send({ message, onClose, onRefused, onDone }:
  { message: Message; onClose: () => void; onRefused: (error: unknown) => void; onDone: (sent: Message) => void }) {
  const { t } = useTranslation("messages");
  const queries = useQueryClient();
  const path = { messageId: message.messageId };
  const audience = useQuery({
    queryKey: ["messages", "audience", message.messageId, message.version],
    queryFn: () => reply(api.GET("/api/v1/messages/{messageId}/audience", { params: { path } })),
  });
  const send = useCommand(
    (version: number, headers) => reply(api.POST("/api/v1/messages/{messageId}:send", { params: { path, header: ifMatch(version) }, headers })),
    {
      onDone: (sent) => { putMessage(queries, sent); onDone(sent); },
      onFailed: (error) => { if (error instanceof ProblemError && error.violations.length > 0) onRefused(error); },
    },
  );
  const count = audience.data?.levels.reduce((sum, one) => sum + one.accounts, 0) ?? 0;
  return (
    <ConfirmDialog isOpen onClose={onClose} title={t("sendTitle", { count })} confirm={t("send")} isBusy={send.isPending || !audience.data} error={send.error}
      onConfirm={() => send.mutate(message.version)}>
      {audience.isPending && <Loading rows={3} />}
      {audience.error ? <ErrorNotice error={audience.error} onRetry={() => void audience.refetch()} /> : null}
      {audience.data && (
        <>
          {count > 0 ? <AudienceList levels={audience.data.levels} /> : <p>{t("nobody")}</p>}
          {audience.data.organisationsWithoutAccount > 0 && <p className="late">{t("withoutAccount", { count: audience.data.organisationsWithoutAccount })}</p>}
        </>
      )}
      <p>{t("sendConsequence")}</p>
    </ConfirmDialog>
  );
}
