// The list of those behind, as of a day, put into a letter's text with the report that it is from (I10).
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { Button, Select, TextField } from "../../parts/controls";
import { formatDate, formatNumber } from "../../parts/format";
import { Dialog, ErrorNotice, Loading } from "../../parts/surfaces";
import type { Content } from "./data";

const PAGE = 2500;
// Of a message's text, as the server has it.
const TEXT_CHARS = 20_000;

interface Behind { name: string; municipality: string; filled: number; total: number; }

async function readBehind(roundId: string, asOf: string): Promise<Behind[]> {
  const found: Behind[] = [];
  for (let after = ""; ;) {
    const query = { roundId, limit: PAGE, ...(asOf ? { values: "as_of", asOf } : { values: "new" }), ...(after && { afterPath: after }) };
    const page = await reply(api.GET("/api/v1/reports/provided", { params: { query } }));
    for (const row of page.rows)
      if (row.filled < row.total) found.push({ name: row.shortName, municipality: row.municipalityName, filled: row.filled, total: row.total });
    after = page.nextAfterPath;
    if (!after) return found;
  }
}

// As many lines as the text has room for, and how many are only in the report.
function listOf(lines: string[], room: number, rest: (count: number) => string): string {
  let text = "";
  for (const [index, line] of lines.entries()) {
    const left = rest(lines.length - index);
    if (text.length + line.length + left.length + 2 > room) return `${text}\n${left}`;
    text += `\n${line}`;
  }
  return text;
}

export function BehindButton({ content, set }: { content: Content; set: (part: Partial<Content>) => void }) {
  const { t } = useTranslation("messages");
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon="list" onPress={() => setOpen(true)}>{t("behind.button")}</Button>
      {isOpen && <BehindDialog content={content} onClose={() => setOpen(false)} onList={(part) => { set(part); setOpen(false); }} />}
    </>
  );
}

function BehindDialog({ content, onClose, onList }: { content: Content; onClose: () => void; onList: (part: Partial<Content>) => void }) {
  const { t } = useTranslation("messages");
  const rounds = useQuery({ queryKey: ["report-rounds"], queryFn: () => reply(api.GET("/api/v1/reports/rounds")) });
  const [chosen, setChosen] = useState("");
  const [asOf, setAsOf] = useState("");
  const round = rounds.data?.rounds.find((one) => one.roundId === chosen) ?? rounds.data?.rounds[0];
  const read = useMutation({
    mutationFn: () => readBehind(round?.roundId ?? "", asOf),
    onSuccess: (behind) => {
      if (behind.length === 0 || !round) return;
      const name = `${round.programmeTitle}: ${round.name}`;
      const title = asOf ? t("behind.headingOn", { name, day: formatDate(asOf) }) : t("behind.heading", { name });
      const lines = behind.map((one, index) => `${index + 1}. ${one.name}${one.municipality ? ` (${one.municipality})` : ""} — ${t("behind.filled", { filled: formatNumber(one.filled), total: formatNumber(one.total) })}`);
      const start = `${content.text.trimEnd()}${content.text.trim() ? "\n\n" : ""}${title}`;
      const address = `/reports/provided?round=${round.roundId}${asOf ? `&values=${asOf}` : ""}`;
      const links = content.links.some((one) => one.address === address) || content.links.length >= 20 ? content.links : [...content.links, { title: title.slice(0, 200), address }];
      onList({ text: start + listOf(lines, TEXT_CHARS - start.length, (count) => t("behind.rest", { count })), links });
    },
  });
  return (
    <Dialog isOpen onClose={onClose} title={t("behind.title")}>
      {rounds.isPending && <Loading rows={2} />}
      {rounds.error && <ErrorNotice error={rounds.error} onRetry={() => void rounds.refetch()} />}
      {round && (
        <>
          <Select label={t("behind.round")} value={round.roundId} onChange={setChosen}
            choices={rounds.data!.rounds.map((one) => ({ id: one.roundId, text: `${one.programmeTitle}: ${one.name}` }))} />
          <TextField label={t("behind.day")} hint={t("behind.dayHint")} type="date" value={asOf} onChange={setAsOf} />
          {read.error ? <ErrorNotice error={read.error} /> : null}
          {read.data?.length === 0 && <p role="status">{t("behind.nobody")}</p>}
          <div className="dialog-actions">
            <Button kind="primary" isDisabled={read.isPending || (asOf !== "" && asOf.length !== 10)} onPress={() => read.mutate()}>{t("behind.insert")}</Button>
            <Button onPress={onClose}>{t("cancel", { ns: "common" })}</Button>
          </div>
        </>
      )}
      {rounds.data && !round && <p>{t("behind.noRounds")}</p>}
    </Dialog>
  );
}
