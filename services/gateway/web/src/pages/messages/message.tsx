// One message: what it says, how to get into the consultation, what to do with it, and who has read it.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useParams } from "wouter";
import { api, reply } from "../../api/client";
import { Button, ButtonLink, TextField } from "../../parts/controls";
import { formatDate, formatDateTime, formatSize } from "../../parts/format";
import { Icon } from "../../parts/icons";
import { ConfirmDialog, ErrorNotice, Loading, Notice, PageHead, useToast } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { StateWord, useName, When } from "./common";
import { getMessage, isSigned, keyOf, putMessage, type Message } from "./data";
import { PassOn } from "./pass-on";
import { Receipts } from "./receipts";

const REASON_MIN = 3;

export function MessagePage() {
  const { messageId = "" } = useParams<{ messageId: string }>();
  const { t } = useTranslation("messages");
  const query = useQuery({ queryKey: keyOf(messageId), queryFn: () => getMessage(messageId) });
  const [, go] = useLocation();
  useEffect(() => {
    if (query.data?.state === "draft") go(`/messages/new?draft=${messageId}`, { replace: true });
  }, [query.data?.state, messageId, go]);
  if (query.data && query.data.state !== "draft") return <One key={messageId} message={query.data} />;
  return (
    <>
      <PageHead title={t("one")} />
      {query.error ? <ErrorNotice error={query.error} onRetry={() => void query.refetch()} /> : <Loading />}
    </>
  );
}

function useRead(message: Message) {
  const queries = useQueryClient();
  const read = useCommand(
    (acknowledge: boolean, headers) => reply(api.POST("/api/v1/messages/{messageId}:read",
      { params: { path: { messageId: message.messageId } }, headers, body: { acknowledge } })),
    { onDone: (now) => putMessage(queries, now) },
  );
  const isNew = message.received && !message.readAt;
  const { mutate } = read;
  // To open it is to have read it.
  useEffect(() => {
    if (isNew) mutate(false);
  }, [isNew, mutate]);
  return read;
}

function One({ message }: { message: Message }) {
  const { t } = useTranslation("messages");
  const { t: common } = useTranslation();
  const nameOf = useName();
  const { toast, show } = useToast();
  const read = useRead(message);
  const [isRecalling, setRecalling] = useState(false);
  const { content } = message;
  const mayAcknowledge = message.received && content.asksAcknowledgement && !message.acknowledgedAt && message.state === "sent";
  return (
    <article className="message">
      <PageHead title={content.subject}
        status={<>{nameOf(content)} <StateWord state={message.state} /></>}
        actions={
          <>
            {message.mine && message.state === "sent" && <ButtonLink href={`/messages/new?replace=${message.messageId}`} icon="edit">{t("replace")}</ButtonLink>}
            {message.mine && message.state === "sent" && <Button icon="undo" onPress={() => setRecalling(true)}>{t("recall")}</Button>}
            <Button icon="print" onPress={() => window.print()}>{common("print")}</Button>
            {["pdf", "odt"].map((format) => (
              <a key={format} className="button" href={`/api/v1/messages/${message.messageId}/document?format=${format}`} download>
                <Icon name="download" /><span>{t(format as "pdf" | "odt")}</span>
              </a>
            ))}
          </>
        } />
      {message.state === "recalled" && <Notice tone="warning" title={t("recalledTitle", { at: formatDateTime(message.recalledAt, message.zone) })}>{message.recallReason}</Notice>}
      {message.state === "superseded" && <Notice tone="warning" title={t("supersededTitle")} action={<ButtonLink href={`/messages/${message.supersededById}`}>{t("openNew")}</ButtonLink>} />}
      {message.passedByName && <Notice title={t("passedTitle", { name: message.passedByName })}><p className="message-words">{message.passedWords}</p></Notice>}
      {mayAcknowledge && (
        <Notice action={<Button kind="primary" icon="check" isDisabled={read.isPending} onPress={() => read.mutate(true)}>{t("acknowledge")}</Button>}>
          {t("acknowledgeAsk")}
        </Notice>
      )}
      {message.acknowledgedAt && <p className="state accepted"><Icon name="check" size={18} />{t("acknowledgedAt", { at: formatDateTime(message.acknowledgedAt, message.zone) })}</p>}
      {read.error ? <ErrorNotice error={read.error} /> : null}
      <Letter message={message} />
      {message.canPassOn && <PassOn message={message} onDone={() => show(t("passed"))} />}
      {message.canSeeReceipts && <Receipts message={message} />}
      {isRecalling && <Recall message={message} onClose={() => setRecalling(false)} />}
      {toast}
    </article>
  );
}

// What is printed, too.
function Letter({ message }: { message: Message }) {
  const { t } = useTranslation("messages");
  const { content } = message;
  return (
    <>
      <dl className="facts message-facts">
        <Fact name={t("from")}>{[message.authorOrganisationName, message.authorName].filter(Boolean).join(", ")}</Fact>
        <Fact name={t("sentAt")}><When at={message.sentAt} zone={message.zone} /></Fact>
        {isSigned(content.kind) && <Fact name={t("numberAndDay")}>{content.number}, {formatDate(content.datedOn)}</Fact>}
        <Fact name={t("to")}>{[content.levels.map((level) => t(`level.${level as "school"}`)).join(", "), message.organisationNames.join(", ")].filter(Boolean).join(": ")}</Fact>
      </dl>
      {content.kind === "consultation" && <Consultation message={message} />}
      <div className="message-text">{content.text}</div>
      {isSigned(content.kind) && <p className="message-signatory"><span>{content.signatoryPosition}</span> <strong>{content.signatoryName}</strong></p>}
      {content.links.length > 0 && (
        <section>
          <h2>{t("links")}</h2>
          <ul className="message-files">{content.links.map((link) => <li key={link.address}><Link href={link.address}>{link.title}</Link></li>)}</ul>
        </section>
      )}
      {message.attachments.length > 0 && (
        <section>
          <h2>{t("attachments")}</h2>
          <ol className="message-files">
            {message.attachments.map((one) => (
              <li key={one.documentId}>
                {message.mine || message.received ? <a href={`/api/v1/documents/${one.documentId}/content`} download={one.fileName}>{one.fileName}</a> : one.fileName}{" "}
                <span className="muted">{t("pages", { count: one.pages })}, {formatSize(one.sizeBytes)}</span>
              </li>
            ))}
          </ol>
        </section>
      )}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return <><dt>{name}</dt><dd>{children}</dd></>;
}

function Consultation({ message }: { message: Message }) {
  const { t } = useTranslation("messages");
  const { content } = message;
  const way = message.connectionHidden ? null : content.connection;
  const mayEnter = message.mine || (message.received && message.state === "sent");
  return (
    <section className="message-event" aria-label={t("kind.consultation")}>
      <dl className="facts">
        <Fact name={t("starts")}><strong><When at={message.startsAt} zone={message.zone} /></strong></Fact>
        <Fact name={t("lasts")}>{t("minutes", { count: content.durationMinutes })}</Fact>
        {way?.link && <Fact name={t("link")}><a href={way.link} target="_blank" rel="noreferrer">{way.link}</a></Fact>}
        {way?.conferenceId && <Fact name={t("conferenceId")}>{way.conferenceId}</Fact>}
        {way?.accessCode && <Fact name={t("accessCode")}><strong>{way.accessCode}</strong></Fact>}
      </dl>
      {message.connectionHidden && message.state === "sent" && <p className="muted">{t("connectionHidden")}</p>}
      {mayEnter && (
        <a className="button" href={`/api/v1/messages/${message.messageId}/calendar`} download="consultation.ics">
          <Icon name="calendar" /><span>{t("toCalendar")}</span>
        </a>
      )}
    </section>
  );
}

function Recall({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useTranslation("messages");
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const [isTried, setTried] = useState(false);
  const isShort = reason.trim().length < REASON_MIN;
  const recall = useCommand(
    (text: string, headers) => reply(api.POST("/api/v1/messages/{messageId}:recall", { params: { path: { messageId: message.messageId } }, headers, body: { reason: text } })),
    { onDone: (now) => { putMessage(queries, now); onClose(); } },
  );
  const confirm = () => {
    setTried(true);
    if (!isShort) recall.mutate(reason.trim());
  };
  return (
    <ConfirmDialog isOpen onClose={onClose} title={t("recallTitle")} confirm={t("recall")} isDanger isBusy={recall.isPending} error={recall.error} onConfirm={confirm}>
      <p>{t("recallConsequence", { count: message.addressees })}</p>
      <TextField label={t("recallReason")} isMultiline isRequired maxLength={1000} value={reason} onChange={setReason} error={isTried && isShort ? t("recallReasonNeeded") : ""} />
    </ConfirmDialog>
  );
}
