// Fields that only some kinds of messages have, and links to pages of ours.
import { useTranslation } from "react-i18next";
import { ProblemError } from "../../api/problem";
import { Button, TextField } from "../../parts/controls";
import type { Content } from "./data";

interface Part { content: Content; set: (part: Partial<Content>) => void; errorOf: (field: string) => string; }

export function SignedFields({ content, set, errorOf }: Part) {
  const { t } = useTranslation("messages");
  return (
    <div className="message-row">
      <TextField label={t("number")} hint={t("numberHint")} maxLength={40} value={content.number} onChange={(number) => set({ number })} error={errorOf("number")} />
      <TextField label={t("datedOn")} hint={t("datedOnHint")} type="date" value={content.datedOn} onChange={(datedOn) => set({ datedOn })} error={errorOf("datedOn")} />
      <TextField label={t("signatoryName")} isRequired maxLength={200} value={content.signatoryName} onChange={(signatoryName) => set({ signatoryName })} error={errorOf("signatoryName")} />
      <TextField label={t("signatoryPosition")} isRequired maxLength={300} value={content.signatoryPosition} onChange={(signatoryPosition) => set({ signatoryPosition })} error={errorOf("signatoryPosition")} />
    </div>
  );
}

// «16.30» as people write it.
const hourOf = (text: string) => text.replace(/[.,\s]/g, ":").slice(0, 5);

export function ConsultationFields({ content, set, errorOf }: Part) {
  const { t } = useTranslation("messages");
  const { connection } = content;
  const way = (part: Partial<Content["connection"]>) => set({ connection: { ...connection, ...part } });
  return (
    <>
      <div className="message-row">
        <TextField label={t("startsOn")} isRequired type="date" value={content.startsOn} onChange={(startsOn) => set({ startsOn })} error={errorOf("startsOn")} />
        <TextField label={t("startsTime")} isRequired hint={t("startsTimeHint")} value={content.startsTime} onChange={(text) => set({ startsTime: hourOf(text) })} error={errorOf("startsTime")} />
        <TextField label={t("duration")} isRequired isNumber inputMode="numeric" unit={t("minutesUnit")} value={content.durationMinutes ? String(content.durationMinutes) : ""}
          onChange={(text) => set({ durationMinutes: Number(text.replace(/\D/g, "").slice(0, 4)) })} error={errorOf("durationMinutes")} />
      </div>
      <div className="message-row">
        <TextField label={t("link")} hint={t("linkHint")} maxLength={500} value={connection.link} onChange={(link) => way({ link })} error={errorOf("connection.link")} />
        <TextField label={t("conferenceId")} maxLength={100} value={connection.conferenceId} onChange={(conferenceId) => way({ conferenceId })} />
        <TextField label={t("accessCode")} hint={t("accessCodeHint")} maxLength={100} value={connection.accessCode} onChange={(accessCode) => way({ accessCode })} />
      </div>
    </>
  );
}

// What was copied from the address bar, without the name of our own host.
const ownPart = (text: string) => (text.startsWith(`${window.location.origin}/`) ? text.slice(window.location.origin.length) : text).trim();

export function Links({ content, set, problem }: Pick<Part, "content" | "set"> & { problem: unknown }) {
  const { t } = useTranslation("messages");
  const { links } = content;
  const change = (index: number, part: Partial<Content["links"][number]>) => set({ links: links.map((one, at) => (at === index ? { ...one, ...part } : one)) });
  const errorOf = (index: number, name: string) => (problem instanceof ProblemError ? problem.messageFor(`content.links[${index}].${name}`) ?? "" : "");
  return (
    <fieldset>
      <legend>{t("links")}</legend>
      <p className="hint">{t("linksHint")}</p>
      {links.map((one, index) => (
        <div className="message-link" key={index}>
          <TextField label={t("linkTitle")} maxLength={200} value={one.title} onChange={(title) => change(index, { title })} error={errorOf(index, "title")} />
          <TextField label={t("linkAddress")} maxLength={500} value={one.address} onChange={(text) => change(index, { address: ownPart(text) })} error={errorOf(index, "address")} />
          <Button kind="quiet" icon="cross" aria-label={t("removeLink", { title: one.title || String(index + 1) })} onPress={() => set({ links: links.filter((_, at) => at !== index) })} />
        </div>
      ))}
      {links.length < 20 && <Button icon="plus" onPress={() => set({ links: [...links, { title: "", address: "" }] })}>{t("addLink")}</Button>}
    </fieldset>
  );
}
