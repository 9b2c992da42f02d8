// One day: what it is, why, who said so, and changing it.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { Button, RadioGroup, TextField } from "../../parts/controls";
import { formatDateTime } from "../../parts/format";
import { ErrorNotice } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { Details, Facts } from "../administrator/shared";
import { KINDS, longName, type CalendarDay, type Kind } from "./months";

export function DayDetails({ day, onClose, onSaved }: { day: CalendarDay; onClose: () => void; onSaved: () => void }) {
  const { t, i18n } = useTranslation("calendar");
  const queries = useQueryClient();
  const [kind, setKind] = useState(day.kind);
  const [note, setNote] = useState(day.note);
  const save = useCommand(
    (body: { kind: string; note: string }, headers) =>
      reply(api.PUT("/api/v1/calendarDays/{day}", { params: { path: { day: day.day } }, body, headers })),
    {
      onDone: () => {
        void queries.invalidateQueries({ queryKey: ["calendar"] });
        onSaved();
      },
    },
  );
  const noteProblem = save.error instanceof ProblemError ? save.error.messageFor("note") : undefined;
  return (
    <Details title={longName(i18n.language, day.day)} onClose={onClose}>
      <Facts rows={[[t("changed"), day.changedAt ? t("changedBy", { name: day.changedBy, at: formatDateTime(day.changedAt) }) : t("unchanged")]]} />
      <form onSubmit={(event) => { event.preventDefault(); save.mutate({ kind, note: note.trim() }); }}>
        <RadioGroup label={t("edit")} value={kind} onChange={setKind} choices={KINDS.map((id) => ({ id, text: t(`kind.${id as Kind}`) }))} />
        <TextField label={t("note")} hint={t("noteHint")} value={note} onChange={setNote} maxLength={300} error={noteProblem} />
        {save.error && !noteProblem ? <ErrorNotice error={save.error} /> : null}
        <div className="details-actions">
          <Button kind="primary" type="submit" isDisabled={save.isPending || (kind === day.kind && note.trim() === day.note)}>{t("save")}</Button>
        </div>
      </form>
    </Details>
  );
}
