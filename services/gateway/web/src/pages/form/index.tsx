// A filled table becomes drafts: what would change is shown first, then everything is saved or nothing.
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { useParameter } from "../../parts/address";
import { Button, ButtonLink, Checkbox } from "../../parts/controls";
import { ChosenFile, FileDrop, type TextFile } from "../../parts/file-drop";
import { formatDecimal, formatNumber } from "../../parts/format";
import { EmptyState, ErrorNotice, Loading, Notice, PageHead } from "../../parts/surfaces";
import { DataTable, type Column } from "../../parts/table";
import { useCommand } from "../../parts/use-command";
import { TableError } from "../../table/cells";
import { showAnswer } from "../respondent/answer";
import { putAssignment, useAssignments, useRounds, type Assignment } from "../respondent/assignments";
import { PARAMETER } from "../shared/programme";
import { makeForm, readForm, type Change, type Reading, type Remark } from "./form";
import "../../styles/form.css";

const MAX_BYTES = 2_000_000;

type Row = { line: number; key: string; question: string; was: string; will: string; remark: string; assignmentId: string; mayConfirm: boolean };

export function FormPage() {
  const { t } = useTranslation("form");
  const [roundId] = useParameter("round");
  const [programme] = useParameter(PARAMETER);
  const list = useAssignments(roundId);
  const rounds = useRounds();
  const own = useMemo(() => new Set(rounds.data?.rounds.filter((one) => one.programmeCode === programme).map((one) => one.roundId)), [rounds.data, programme]);
  const query = new URLSearchParams({ ...(programme && { [PARAMETER]: programme }), ...(roundId && { round: roundId }) }).toString();
  const assignments = useMemo(() => list.data?.assignments.filter((one) => !programme || own.has(one.roundId)) ?? [], [list.data, programme, own]);
  return (
    <div className="fill-form">
      <PageHead title={t("title")} actions={<ButtonLink href={`/indicators${query ? `?${query}` : ""}`} icon="left">{t("backToList", { ns: "respondent" })}</ButtonLink>} />
      {list.isPending && <Loading />}
      {list.error && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && <Filling assignments={assignments} />}
    </div>
  );
}

function Filling({ assignments }: { assignments: Assignment[] }) {
  const { t } = useTranslation("form");
  const [file, setFile] = useState<TextFile | null>(null);
  const [trouble, setTrouble] = useState("");
  const [saved, setSaved] = useState(0);
  const [reading, setReading] = useState<Reading | null>(null);
  const choose = (chosen: TextFile) => {
    setSaved(0);
    try {
      setReading(readForm(chosen.bytes, assignments));
      setFile(chosen);
      setTrouble("");
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      setTrouble(t(`trouble.${error.trouble as "empty"}`, { defaultValue: t("trouble.broken") }));
    }
  };
  const another = () => { setFile(null); setReading(null); };
  if (file && reading)
    return <Preview key={file.name + file.size} file={file} reading={reading} onAnother={another} onSaved={(count) => { another(); setSaved(count); }} />;
  return (
    <>
      {saved > 0 && <Notice tone="good">{t("saved", { count: saved })}</Notice>}
      {trouble && <Notice tone="bad">{trouble}</Notice>}
      <p>{t("intro")}</p>
      <p className="muted">{t("notHere")}</p>
      <p><Button icon="download" onPress={() => download(makeForm(t, assignments), t("fileName"))}>{t("download")}</Button></p>
      <FileDrop label={t("file")} hint={t("hint")} accept=".csv,.txt,.xlsx,text/csv" maxBytes={MAX_BYTES} onFile={choose} />
    </>
  );
}

function download(text: string, name: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 0);
}

// The share of a percent is the server's to compute.
const answer = ({ assignment, value, secondValue }: Change) => assignment.valueKind === "percent" ? `${formatDecimal(value)} / ${formatDecimal(secondValue)}`
  : showAnswer({ value, secondValue, percent: "", valueKind: assignment.valueKind, unit: assignment.unit });

// The server names a row by its place among those that were sent.
function refusalsOf(error: unknown): Map<number, { message: string; field: string }> {
  const found = new Map<number, { message: string; field: string }>();
  for (const { field, message } of error instanceof ProblemError ? error.violations : []) {
    const place = /^values\[(\d+)\](?:\.(.*))?$/.exec(field);
    if (place) found.set(Number(place[1]), { message, field: place[2] ?? "" });
  }
  return found;
}

function Preview({ file, reading, onAnother, onSaved }: { file: TextFile; reading: Reading; onAnother: () => void; onSaved: (count: number) => void }) {
  const { t } = useTranslation("form");
  const queries = useQueryClient();
  const [confirmed, setConfirmed] = useState<ReadonlySet<string>>(new Set());
  const save = useCommand(
    (values: Change[], headers) => reply(api.POST("/api/v1/assignments:save", {
      params: { header: headers },
      body: { values: values.map((one) => ({
        assignmentId: one.assignment.assignmentId, expectedVersion: one.assignment.version, value: one.value, secondValue: one.secondValue,
        comment: one.comment, confirmPartOverWhole: confirmed.has(one.assignment.assignmentId),
      })) },
    })),
    { onDone: (result) => {
      for (const value of result.values) putAssignment(queries, value);
      void queries.invalidateQueries({ queryKey: ["assignments"] });
      onSaved(result.values.length);
    } });
  const refusals = useMemo(() => refusalsOf(save.error), [save.error]);
  const rows = useMemo(() => rowsOf(reading, refusals, (remark) => t(`remark.${remark.why}`)), [reading, refusals, t]);
  const confirm = (assignmentId: string, isRight: boolean) => {
    const next = new Set(confirmed);
    if (isRight) next.add(assignmentId);
    else next.delete(assignmentId);
    setConfirmed(next);
  };
  const columns = useColumns(confirmed, confirm);
  return (
    <>
      <ChosenFile file={file} onAnother={onAnother} />
      {refusals.size > 0 ? <Notice tone="bad">{t("fix")}</Notice> : Boolean(save.error) && <ErrorNotice error={save.error} />}
      {reading.same > 0 && <p className="muted">{t("same", { count: reading.same })}</p>}
      {rows.length === 0 ? <EmptyState icon="list" title={t("nothing")}>{t("nothingNext")}</EmptyState>
        : <DataTable caption={t("title")} columns={columns} rows={rows} keyOf={(row) => row.key} />}
      {reading.changes.length > 0 && (
        <p className="form-save">
          <Button kind="primary" isDisabled={save.isPending || reading.remarks.length > 0} onPress={() => save.mutate(reading.changes)}>{t("save", { count: reading.changes.length })}</Button>
          {reading.remarks.length > 0 && <span className="muted">{t("fix")}</span>}
        </p>
      )}
    </>
  );
}

function rowsOf(reading: Reading, refusals: Map<number, { message: string; field: string }>, words: (remark: Remark) => string): Row[] {
  const changes = reading.changes.map((one, index) => {
    const refusal = refusals.get(index);
    return {
      line: one.line, key: one.assignment.assignmentId, question: one.assignment.question, was: showAnswer(one.assignment) || "—", will: answer(one),
      remark: refusal?.message ?? "", assignmentId: one.assignment.assignmentId, mayConfirm: refusal?.field === "confirmPartOverWhole",
    };
  });
  const remarks = reading.remarks.map((one) => ({
    line: one.line, key: `line ${one.line}`, question: one.question, was: "", will: "", remark: words(one), assignmentId: "", mayConfirm: false,
  }));
  // What is to be corrected stands first.
  return [...remarks, ...changes].sort((one, other) => Number(Boolean(other.remark)) - Number(Boolean(one.remark)) || one.line - other.line);
}

function useColumns(confirmed: ReadonlySet<string>, confirm: (assignmentId: string, isRight: boolean) => void): Column<Row>[] {
  const { t } = useTranslation("form");
  return [
    { id: "line", title: t("column.line"), isNumber: true, width: "5rem", render: (row) => formatNumber(row.line) },
    { id: "question", title: t("column.question"), width: "18rem", render: (row) => <span title={row.question}>{row.question}</span> },
    { id: "was", title: t("column.was"), width: "9rem", render: (row) => <span className="muted">{row.was}</span> },
    { id: "will", title: t("column.will"), width: "9rem", render: (row) => <strong>{row.will}</strong> },
    { id: "remark", title: t("column.remark"), width: "32rem", render: (row) => row.mayConfirm
      ? <Checkbox isSelected={confirmed.has(row.assignmentId)} onChange={(isRight) => confirm(row.assignmentId, isRight)}>{t("confirm")}</Checkbox>
      : <span className="late" title={row.remark}>{row.remark}</span> },
  ];
}
