// A road map out of a table file: what was understood, doubtful rows first; nothing goes on before they are confirmed (I11).
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { Button, TextField } from "../../parts/controls";
import { formatNumber, todayIn } from "../../parts/format";
import { ErrorNotice, Loading, Notice } from "../../parts/surfaces";
import { TableError } from "../../table/cells";
import { codeOfRow, programmeOf, type Decisions, type ProgrammeFile, type RefusedRow, type Settings } from "../../table/programme";
import { gapsOfRow, isLate, readTable, recognise, sameTitle, type Roadmap, type Row } from "../../table/recognise";
import { useSettled } from "./shared";
import { Parties } from "./table-parties";
import { Doubts, RowForm, Understood, useRowTitle } from "./table-row";
import "../../styles/table-load.css";

const ZONE = "Europe/Moscow";

interface Props { bytes: Uint8Array; code: string; onReady: (file: ProgrammeFile, lines: number[]) => void; }

type Read = { map: Roadmap } | { error: TableError };

function read(bytes: Uint8Array): Read {
  try {
    return { map: recognise(readTable(bytes)) };
  } catch (error) {
    return { error: error instanceof TableError ? error : new TableError("broken") };
  }
}

export default function TableLoad(props: Props) {
  const { t } = useTranslation("table");
  const found = useMemo(() => read(props.bytes), [props.bytes]);
  if ("map" in found) return <Work {...props} map={found.map} />;
  const { trouble, line, column } = found.error;
  const words = trouble === "column_missing" ? t(`field.${column as "due"}`) : column;
  return (
    <Notice tone="bad" title={t("page.cannot")}>
      <p>{line > 0 && `${t("row")} ${line}: `}{t(`trouble.${trouble}`)}{words && ` (${words})`}</p>
    </Notice>
  );
}

// The version that counts now, whose act and words the table knows nothing of.
function useBefore(code: string) {
  return useQuery({
    queryKey: ["programmes", "file", code], enabled: code !== "", retry: false,
    queryFn: async () => {
      const { versions } = await reply(api.GET("/api/v1/programmes/{code}/versions", { params: { path: { code } } }));
      const number = versions[0]?.version;
      if (!number) return null;
      const known = await reply(api.GET("/api/v1/programmes/{code}/versions/{number}", { params: { path: { code, number } } }));
      return { number, file: known.file as ProgrammeFile };
    },
  });
}

// While a zone is being typed it is none yet.
function useToday(zone: string): string {
  return useMemo(() => {
    try {
      return todayIn(zone);
    } catch {
      return todayIn(ZONE);
    }
  }, [zone]);
}

function Work({ map, code, onReady }: Props & { map: Roadmap }) {
  const { t } = useTranslation("table");
  const [rows, setRows] = useState(map.rows);
  const [confirmed, setConfirmed] = useState<ReadonlySet<number>>(new Set());
  const [decisions, setDecisions] = useState<Decisions>({});
  const [typed, setTyped] = useState<Partial<Settings>>({});
  const [isAsked, setAsked] = useState(false);
  const settledCode = useSettled(code);
  const before = useBefore(settledCode);
  const isAsking = code !== "" && (before.isPending || settledCode !== code);
  const known = before.data?.file;
  const settings: Settings = {
    title: typed.title ?? known?.title ?? "", zone: typed.zone ?? known?.zone ?? ZONE, organisationCode: typed.organisationCode ?? known?.organisationCode ?? "",
    basis: typed.basis ?? "", year: typed.year ?? map.year,
  };
  const today = useToday(settings.zone);
  const doubtful = map.rows.flatMap((row, index) => (row.doubts.length > 0 ? [index] : []));
  const open = doubtful.filter((index) => !confirmed.has(index));
  const parties = useMemo(() => {
    const titles = new Set(rows.flatMap((row) => row.parties));
    return [...titles].map((title) => map.parties.find((one) => one.title === title) ?? { title, isSaidOutside: false });
  }, [rows, map]);
  const decided: Decisions = { ...Object.fromEntries(parties.filter((party) => party.isSaidOutside).map((party) => [party.title, { is: "outside" as const }])), ...decisions };
  const { file, refused } = programmeOf(rows, decided, settings, known ?? null);
  const missing = (["title", "zone", "organisationCode"] as const).filter((name) => settings[name].trim() === "");
  const isReady = open.length === 0 && refused.length === 0 && missing.length === 0;
  const keep = (index: number, row: Row) => {
    setRows(rows.map((one, at) => (at === index ? row : one)));
    setConfirmed(new Set([...confirmed, index]));
  };
  // What the version that counts lets a measure wait for, by the numbers of its own.
  const beforeOf = (index: number): string[] => {
    const sections = known?.sections ?? [];
    const section = sections.find((one) => one.code === codeOfRow(rows[index]!, index));
    return (section?.dependsOn ?? []).map((code) => sections.find((one) => one.code === code)?.number?.replace(/\.$/, "") ?? "").filter(Boolean);
  };
  const common = { rows, doubtful, today, beforeOf, parties: parties.map((party) => party.title), onKeep: keep };
  const lines = (indices: readonly number[]) => indices.map((index) => rows[index]!.lines[0]).join(", ");
  return (
    <>
      <Figures rows={rows} open={open.length} today={today} />
      <DoubtfulRows {...common} confirmed={confirmed} />
      <Others {...common} />
      {map.skipped.length > 0 && (
        <details className="section-box"><summary>{t("page.skipped")} <span className="count">{map.skipped.length}</span></summary>
          <ul className="item-list">{map.skipped.map((one) => <li key={one.line}>{t("row")} {one.line}: {one.text}</li>)}</ul></details>
      )}
      <Parties parties={parties} decisions={decided} onChange={setDecisions} />
      {before.error ? <ErrorNotice error={before.error} /> : null}
      {isAsking && <Loading rows={2} />}
      {before.data && <Notice>{t("page.kept", { version: formatNumber(before.data.number) })}</Notice>}
      <SettingsFields settings={settings} missing={isAsked ? missing : []} onChange={(part) => setTyped({ ...typed, ...part })} />
      {isAsked && !isReady && (
        <Notice tone="bad" title={t("page.notYet")}>
          <ul>
            {open.length > 0 && <li>{t("page.openRows", { count: open.length, lines: lines(open) })}</li>}
            <Refusals refused={refused} rows={rows} open={open} />
            {missing.map((name) => <li key={name}>{t("page.fill", { field: t(name === "organisationCode" ? "page.organisation" : `page.${name}`) })}</li>)}
          </ul>
        </Notice>
      )}
      <Button kind="primary" isDisabled={isAsking} onPress={() => {
        setAsked(true);
        if (isReady) onReady(file, rows.map((row) => row.lines[0]!));
      }}>{t("page.next")}</Button>
    </>
  );
}

function Figures({ rows, open, today }: { rows: readonly Row[]; open: number; today: string }) {
  const { t } = useTranslation("table");
  const titles = new Map<string, number>();
  for (const row of rows) titles.set(sameTitle(row.title), (titles.get(sameTitle(row.title)) ?? 0) + 1);
  const figures = [
    [t("page.measures"), rows.length], [t("page.open"), open], [t("page.owed"), rows.filter((row) => row.due.kind === "by_schedule").length],
    [t("page.late"), rows.filter((row) => isLate(row.due, today)).length], [t("page.series"), [...titles.values()].filter((count) => count > 1).length],
  ] as const;
  return (
    <section aria-label={t("page.figures")}>
      <dl className="figures">{figures.map(([label, count]) => <div key={label}><dt>{label}</dt><dd>{formatNumber(count)}</dd></div>)}</dl>
    </section>
  );
}

interface RowsProps {
  rows: readonly Row[];
  doubtful: readonly number[];
  today: string;
  beforeOf: (index: number) => string[];
  parties: readonly string[];
  onKeep: (index: number, row: Row) => void;
}

function DoubtfulRows({ rows, doubtful, confirmed, today, beforeOf, parties, onKeep }: RowsProps & { confirmed: ReadonlySet<number> }) {
  const { t } = useTranslation("table");
  const rowTitle = useRowTitle();
  const [again, setAgain] = useState<number | null>(null);
  const heads = useRef(new Map<number, HTMLHeadingElement>());
  const [goTo, setGoTo] = useState<number | null>(null);
  // After a confirmation the next open row is where the work goes on.
  useEffect(() => {
    if (goTo !== null) heads.current.get(goTo)?.focus();
  }, [goTo]);
  const open = doubtful.filter((index) => !confirmed.has(index));
  const keep = (index: number, row: Row) => {
    onKeep(index, row);
    setAgain(null);
    setGoTo(open.find((one) => one !== index) ?? -1);
  };
  const head = (index: number) => (element: HTMLHeadingElement | null) => {
    if (element) heads.current.set(index, element);
    else heads.current.delete(index);
  };
  return (
    <section aria-labelledby="table-doubtful">
      <h2 id="table-doubtful" tabIndex={-1} ref={head(-1)}>{t("page.doubtful")} <span className="count">{doubtful.length}</span></h2>
      {open.length === 0 && <Notice tone="good">{t(doubtful.length > 0 ? "page.allConfirmed" : "page.noDoubts")}</Notice>}
      {doubtful.map((index) => {
        const row = rows[index]!;
        const isOpen = !confirmed.has(index) || again === index;
        return (
          <article key={index} className={`table-row ${isOpen ? "open" : "confirmed"}`} aria-labelledby={`table-row-${index}`}>
            <div className="details-head">
              <h3 id={`table-row-${index}`} tabIndex={-1} ref={head(index)}>{rowTitle(row)}</h3>
              {!isOpen && <Button isSmall aria-label={t("page.correctRow", { line: String(row.lines[0]) })} onPress={() => setAgain(index)}>{t("page.correct")}</Button>}
            </div>
            {isOpen ? <><Doubts row={row} /><RowForm row={row} before={beforeOf(index)} onConfirm={(next) => keep(index, next)} {...(again === index ? { onCancel: () => setAgain(null) } : {})} /></>
              : <><p className="state accepted">{t("page.confirmed")}</p><Understood row={row} today={today} before={beforeOf(index)} parties={parties} /></>}
          </article>
        );
      })}
    </section>
  );
}

function Others({ rows, doubtful, today, beforeOf, parties, onKeep }: RowsProps) {
  const { t } = useTranslation("table");
  const rowTitle = useRowTitle();
  const [editing, setEditing] = useState<number | null>(null);
  const others = rows.flatMap((row, index) => (doubtful.includes(index) ? [] : [{ row, index }]));
  if (others.length === 0) return null;
  return (
    <section aria-labelledby="table-others">
      <h2 id="table-others">{t("page.others")} <span className="count">{others.length}</span></h2>
      {others.map(({ row, index }) => (
        <article key={index} className="table-row" aria-labelledby={`table-row-${index}`}>
          <div className="details-head">
            <h3 id={`table-row-${index}`}>{rowTitle(row)}</h3>
            {editing !== index && <Button isSmall aria-label={t("page.correctRow", { line: String(row.lines[0]) })} onPress={() => setEditing(index)}>{t("page.correct")}</Button>}
          </div>
          {editing === index
            ? <RowForm row={row} before={beforeOf(index)} onCancel={() => setEditing(null)} onConfirm={(next) => { onKeep(index, next); setEditing(null); }} />
            : <Understood row={row} today={today} before={beforeOf(index)} parties={parties} />}
        </article>
      ))}
    </section>
  );
}

function Refusals({ refused, rows, open }: { refused: readonly RefusedRow[]; rows: readonly Row[]; open: readonly number[] }) {
  const { t } = useTranslation("table");
  const openLines = new Set(open.map((index) => rows[index]!.lines[0]));
  return (
    <>
      {refused.filter((one) => !openLines.has(one.line)).map((one) => (
        <li key={one.line}>
          {t("row")} {one.line}: {t(`refusal.${one.refusal}`)} {one.party}
          {one.refusal === "gaps" && gapsOfRow(rows.find((row) => row.lines[0] === one.line)!).map((gap) => ` ${t(`gap.${gap}`)}`)}
        </li>
      ))}
    </>
  );
}

function SettingsFields({ settings, missing, onChange }:
  { settings: Settings; missing: readonly string[]; onChange: (part: Partial<Settings>) => void }) {
  const { t } = useTranslation("table");
  const error = (name: "title" | "zone" | "organisationCode", label: string) => (missing.includes(name) ? t("page.fill", { field: label }) : "");
  return (
    <section aria-labelledby="table-programme">
      <h2 id="table-programme">{t("page.programme")}</h2>
      <TextField label={t("page.title")} value={settings.title} onChange={(title) => onChange({ title })} isMultiline rows={2} maxLength={500} error={error("title", t("page.title"))} />
      <div className="field-row">
        <TextField label={t("page.organisation")} value={settings.organisationCode} onChange={(organisationCode) => onChange({ organisationCode: organisationCode.trim() })} error={error("organisationCode", t("page.organisation"))} />
        <TextField label={t("page.zone")} value={settings.zone} onChange={(zone) => onChange({ zone: zone.trim() })} error={error("zone", t("page.zone"))} />
        <TextField label={t("page.ofYear")} hint={t("page.ofYearHint")} inputMode="numeric" value={settings.year > 0 ? String(settings.year) : ""} onChange={(year) => onChange({ year: Number.parseInt(year, 10) || 0 })} />
        <TextField label={t("page.basis")} hint={t("page.basisHint")} value={settings.basis} onChange={(basis) => onChange({ basis })} maxLength={500} />
      </div>
    </section>
  );
}
