// A programme from its file, or from the table of a road map: what would be added, changed and retired is shown before
// anything happens.
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { components, paths } from "../../api/schema";
import { api, reply, type Full } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { Button, ButtonLink, TextField } from "../../parts/controls";
import { ErrorNotice, Loading, Notice, PageHead } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { withTexts } from "../../texts";
import { useProgramme, useProgrammes } from "../shared/programme";
import type { Item, Programme } from "./data";
import { ChosenFile, FileDrop, type TextFile } from "../../parts/file-drop";

type Body = paths["/api/v1/programmes/{code}"]["put"]["requestBody"]["content"]["application/json"];
type Outcome = Full<components["schemas"]["LoadProgrammeReply"]>;
type FileItem = NonNullable<NonNullable<Body["sections"]>[number]["items"]>[number];

const TableLoad = lazy(() => withTexts("table", import("./table-load")));

const MAX_BYTES = 1_000_000;
const isTable = (file: TextFile) => !/\.json$/i.test(file.name);

function useLoad(onDone: (outcome: Outcome) => void) {
  return useCommand(
    ({ code, body }: { code: string; body: Body }, headers) => reply(api.PUT("/api/v1/programmes/{code}", { params: { path: { code } }, body, headers })),
    { onDone },
  );
}

const COMPARED = ["question", "secondQuestion", "valueKind", "unit", "evidence", "evidenceRequired", "decimals", "demo"] as const;
const normal = (value: unknown) => value === undefined || value === null || value === 0 ? "" : JSON.stringify(value);

function isSame(file: FileItem, known: Item): boolean {
  const who = (participants: FileItem["participants"]) => [participants?.selector ?? "", (participants?.codes ?? []).join(), participants?.attribute ?? ""].join("|");
  return COMPARED.every((name) => normal(file[name] || "") === normal(known[name] || "")) && who(file.participants) === who(known.participants);
}

interface Comparison { added: FileItem[]; changed: { now: Item; next: FileItem }[]; retired: Item[]; }

// Which items the server's counts speak of.
function compare(body: Body, known: Programme | undefined): Comparison {
  const before = new Map((known?.sections ?? []).flatMap((section) => section.items).map((item) => [item.code, item]));
  const after = (body.sections ?? []).flatMap((section) => section.items ?? []);
  const codes = new Set(after.map((item) => item.code));
  return {
    added: after.filter((item) => !before.has(item.code ?? "")),
    changed: after.flatMap((next) => {
      const now = before.get(next.code ?? "");
      return now && !isSame(next, now) ? [{ now, next }] : [];
    }),
    retired: [...before.values()].filter((item) => !codes.has(item.code)),
  };
}

function Preview({ outcome, comparison, known }: { outcome: Outcome; comparison: Comparison; known: Programme | undefined }) {
  const { t } = useTranslation("administrator");
  const figures = [["added", outcome.itemsAdded], ["changed", outcome.itemsChanged], ["retired", outcome.itemsRetired]] as const;
  const isEmpty = figures.every(([, count]) => count === 0);
  return (
    <section aria-labelledby="preview-heading">
      <h2 id="preview-heading">{t("programmes.preview")}</h2>
      <p className="muted">{known ? t("programmes.versionNow", { version: String(known.version) }) : t("programmes.fresh")} {t("programmes.counts", { sections: String(outcome.sections), items: String(outcome.items) })}</p>
      <dl className="figures">{figures.map(([name, count]) => <div key={name}><dt>{t(`programmes.${name}`)}</dt><dd>{count}</dd></div>)}</dl>
      {isEmpty && <Notice>{t("programmes.otherOnly")}</Notice>}
      {comparison.added.length > 0 && (
        <details className="section-box" open><summary><strong>{t("programmes.added")}</strong> <span className="count">{comparison.added.length}</span></summary>
          <ul className="item-list">{comparison.added.map((item) => <li key={item.code}>{item.question} <code>{item.code}</code></li>)}</ul></details>
      )}
      {comparison.changed.length > 0 && (
        <details className="section-box" open><summary><strong>{t("programmes.changed")}</strong> <span className="count">{comparison.changed.length}</span></summary>
          <ul className="item-list">{comparison.changed.map(({ now, next }) => (
            <li key={now.code}>{now.question === next.question ? now.question : <><del>{now.question}</del> → {next.question}</>} <code>{now.code}</code></li>
          ))}</ul></details>
      )}
      {comparison.retired.length > 0 && (
        <details className="section-box" open><summary><strong>{t("programmes.retired")}</strong> <span className="count">{comparison.retired.length}</span></summary>
          <p className="hint">{t("programmes.goneNote")}</p>
          <ul className="item-list">{comparison.retired.map((item) => <li key={item.code}>{item.question} <code>{item.code}</code></li>)}</ul></details>
      )}
    </section>
  );
}

// lines: the rows of the table from which the sections came.
function Problems({ error, lines = [] }: { error: unknown; lines?: readonly number[] }) {
  const { t } = useTranslation("administrator");
  if (!(error instanceof ProblemError) || error.violations.length === 0) return <ErrorNotice error={error} />;
  const lineOf = (field: string) => lines[Number(/^sections\[(\d+)\]/.exec(field)?.[1] ?? -1)];
  return (
    <Notice tone="bad" title={t("programmes.problems")}>
      <ul>{error.violations.map((violation) => (
        <li key={violation.field + violation.message}>{lineOf(violation.field) && `${t("import.row")} ${lineOf(violation.field)}: `}<code>{violation.field}</code> {violation.message}</li>
      ))}</ul>
    </Notice>
  );
}

const codeOf = (fileName: string) => fileName.replace(/\.(?:json|csv|txt|xlsx)$/i, "").toLowerCase().replace(/[^a-z0-9-]+/g, "-").replace(/^-+|-+$/g, "");

export function ProgrammeLoadPage() {
  const { t } = useTranslation("administrator");
  const queries = useQueryClient();
  const [file, setFile] = useState<TextFile | null>(null);
  const [body, setBody] = useState<Body | null>(null);
  const [code, setCode] = useState("");
  const [notJson, setNotJson] = useState("");
  const [preview, setPreview] = useState<Outcome | null>(null);
  const [done, setDone] = useState<Outcome | null>(null);
  const [lines, setLines] = useState<readonly number[]>([]);
  const programmes = useProgrammes();
  const isNew = programmes.data !== undefined && !programmes.data.programmes.some((one) => one.code === code);
  const known = useProgramme(preview && programmes.data && !isNew ? code : "");
  const check = useLoad(setPreview);
  const load = useLoad((outcome) => {
    setDone(outcome);
    void queries.invalidateQueries({ queryKey: ["programmes"] });
  });
  const dryRun = (next: Body, ofCode: string) => {
    setPreview(null);
    check.mutate({ code: ofCode, body: { ...next, dryRun: true } });
  };
  const choose = (next: TextFile) => {
    const nextCode = codeOf(next.name);
    setFile(next);
    setCode(nextCode);
    setPreview(null);
    setDone(null);
    setNotJson("");
    setLines([]);
    check.reset();
    load.reset();
    setBody(null);
    if (isTable(next)) return;
    try {
      const parsed = JSON.parse(next.text) as Body;
      setBody(parsed);
      dryRun(parsed, nextCode);
    } catch (error) {
      setNotJson(String(error instanceof Error ? error.message : error));
    }
  };
  const isKnown = known.data !== undefined || isNew;
  return (
    <>
      <PageHead title={t("programmes.loadTitle")} status={t("programmes.loadStatus")} actions={<ButtonLink href="/programmes">{t("programmes.title")}</ButtonLink>} />
      <div className="narrow-work">
        {!file && <FileDrop label={t("programmes.load")} hint={t("programmes.fileHint")} accept=".json,.csv,.txt,.xlsx,application/json,text/csv" maxBytes={MAX_BYTES} onFile={choose} />}
        {file && !done && <ChosenFile file={file} onAnother={() => setFile(null)} />}
        {file && notJson && <Notice tone="bad">{t("programmes.notJson", { reason: notJson })}</Notice>}
        {file && !done && (body || isTable(file)) && (
          <form className="field-row code-row" onSubmit={(event) => { event.preventDefault(); if (body) dryRun(body, code); }}>
            <TextField label={t("programmes.noCode")} hint={t("programmes.noCodeHint")} value={code} onChange={(value) => { setCode(value); setPreview(null); }} />
            {body && !preview && <Button type="submit" isDisabled={check.isPending || !code}>{t("programmes.preview")}</Button>}
          </form>
        )}
        {file && !done && isTable(file) && (
          // What was decided stays while the preview is looked at.
          <div hidden={body !== null}>
            <Suspense fallback={<Loading />}>
              <TableLoad key={file.name + file.size} bytes={file.bytes} code={code}
                onReady={(made, ofRows) => { setBody(made); setLines(ofRows); dryRun(made, code); }} />
            </Suspense>
          </div>
        )}
        {file && body && !done && isTable(file) && <p><Button onPress={() => { setBody(null); setPreview(null); check.reset(); load.reset(); }}>{t("programmes.backToTable")}</Button></p>}
        {check.isPending && <><p className="muted" role="status">{t("checking")}</p><Loading rows={3} /></>}
        {file && !preview && check.error ? <Problems error={check.error} lines={lines} /> : null}
        {(known.error || programmes.error) && preview ? <ErrorNotice error={known.error ?? programmes.error} /> : null}
        {load.error ? <Problems error={load.error} lines={lines} /> : null}
        {file && body && preview && !done && isKnown && (
          <>
            <Preview outcome={preview} comparison={compare(body, known.data)} known={known.data} />
            <Button kind="primary" isDisabled={load.isPending} onPress={() => load.mutate({ code, body })}>{load.isPending ? t("applying") : t("programmes.doLoad")}</Button>
          </>
        )}
        {done && (
          <Notice tone="good" title={t("programmes.done", { version: String(done.version) })}
            action={<ButtonLink href={`/programmes?programme=${code}`} kind="primary">{t("programmes.open")}</ButtonLink>} />
        )}
      </div>
    </>
  );
}
