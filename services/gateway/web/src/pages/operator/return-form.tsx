// Returning an answer: the resolution, put together from kept wordings and edited.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { Button, TextField } from "../../parts/controls";
import { ErrorNotice } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";

const MAX_CHARS = 2000;
const SHORTEST = 3;

const keptKey = ["resolutions"];

function Kept({ text, onInsert, isComment }: { text: string; onInsert: (kept: string) => void; isComment: boolean }) {
  const { t } = useTranslation("operator");
  const queries = useQueryClient();
  const refresh = () => void queries.invalidateQueries({ queryKey: keptKey });
  const list = useQuery({ queryKey: keptKey, staleTime: 60_000, queryFn: () => reply(api.GET("/api/v1/resolutions")) });
  const keep = useCommand((wording: string, headers) => reply(api.POST("/api/v1/resolutions", { body: { text: wording }, headers })), { onDone: refresh });
  const forget = useCommand(
    (resolutionId: string, headers) => reply(api.DELETE("/api/v1/resolutions/{resolutionId}", { params: { path: { resolutionId } }, headers })),
    { onDone: refresh },
  );
  const wording = text.trim();
  const resolutions = list.data?.resolutions ?? [];
  const isNew = wording.length >= SHORTEST && !resolutions.some((one) => one.text === wording);
  return (
    <div className="kept">
      <h3 className="kept-title">{t(isComment ? "keptComments" : "kept")}</h3>
      {keep.error || forget.error ? <ErrorNotice error={keep.error ?? forget.error} /> : null}
      {list.data && resolutions.length === 0 && <p className="muted">{t("keptEmpty")}</p>}
      <ul className="kept-list">
        {resolutions.map((one) => (
          <li key={one.resolutionId}>
            <button type="button" className="kept-text" aria-label={t("insert", { text: one.text })} title={one.text} onClick={() => onInsert(one.text)}>{one.text}</button>
            <Button kind="quiet" isSmall icon="cross" aria-label={t("forget", { text: one.text })} onPress={() => forget.mutate(one.resolutionId)} />
          </li>
        ))}
      </ul>
      {isNew && <Button kind="quiet" isSmall icon="plus" isDisabled={keep.isPending} onPress={() => keep.mutate(wording)}>{t("keep")}</Button>}
    </div>
  );
}

export function ReturnForm({ text, onChange, onSend, onClose, isBusy, error, isMissing, isComment, send }: {
  text: string; onChange: (text: string) => void; onSend: () => void; onClose: () => void;
  isBusy: boolean; error: string | undefined; isMissing: boolean;
  // A curator comments, an operator resolves (S1.20, S2.39); the programme's word for sending it back.
  isComment: boolean; send: string;
}) {
  const { t } = useTranslation(["operator", "common"]);
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), [isMissing]);
  const insert = (kept: string) => {
    const before = text.trimEnd();
    onChange(before ? `${before}\n${kept}` : kept);
    field.current?.focus();
  };
  return (
    <div className="return-form" onKeyDown={(event) => { if (event.key === "Escape") onClose(); }}>
      <TextField label={t(isComment ? "returnComment" : "resolution")} hint={t(isComment ? "returnCommentHint" : "resolutionHint")} value={text} onChange={onChange} isMultiline rows={3} maxLength={MAX_CHARS}
        inputRef={field} isRequired error={isMissing ? t(isComment ? "returnCommentEmpty" : "resolutionEmpty") : (error ?? "")} />
      <Kept text={text} onInsert={insert} isComment={isComment} />
      <div className="verdict-buttons">
        <Button kind="primary" icon="undo" onPress={onSend} isDisabled={isBusy}>{send || t("sendResolution")}</Button>
        <Button onPress={onClose}>{t("common:cancel")}</Button>
        <span className="muted keys-hint">{t("sendHint")}</span>
      </div>
    </div>
  );
}
