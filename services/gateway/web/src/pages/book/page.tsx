// The reference book of a programme: read, changed in place, saved as its next version without a file (S1.8-S1.11, S1.15).
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { nameOf, PARAMETER, useProgrammes, type ProgrammeEntry } from "../shared/programme";
import { useParameter } from "../../parts/address";
import { Button, ButtonLink, Select } from "../../parts/controls";
import { EmptyState, ErrorNotice, Loading, Notice, PageHead } from "../../parts/surfaces";
import { useVersion, useVersions, type Book, type Version } from "./data";
import { Editor } from "./editor";
import { Reading } from "./reading";
import { SaveForm } from "./save";
import { Versions } from "./versions";

export function BookPage() {
  const { t } = useTranslation("book");
  const [code, setCode] = useParameter(PARAMETER);
  const programmes = useProgrammes();
  if (!programmes.data)
    return <><PageHead title={t("title")} />{programmes.error ? <ErrorNotice error={programmes.error} onRetry={() => void programmes.refetch()} /> : <Loading rows={10} />}</>;
  const list = programmes.data.programmes;
  const programme = list.find((one) => one.code === code) ?? list[0];
  if (!programme) return <><PageHead title={t("title")} /><EmptyState title={t("empty.title")} action={<ButtonLink href="/programmes/load" kind="primary">{t("empty.load")}</ButtonLink>}>{t("empty.text")}</EmptyState></>;
  const chooser = list.length > 1 && (
    <Select label={t("choose")} isLabelHidden value={programme.code} onChange={(id) => setCode(id, true)} choices={list.map((one) => ({ id: one.code, text: nameOf(one) }))} />
  );
  return <Sheet key={programme.code} programme={programme} chooser={chooser} />;
}

// What was begun stays on this computer until it is saved or dropped.
const keyOf = (code: string) => `vekha.book.${code}`;

function keptDraft(code: string): Book | null {
  try {
    return JSON.parse(localStorage.getItem(keyOf(code)) ?? "null") as Book | null;
  } catch {
    return null;
  }
}

function keepDraft(code: string, book: Book | null): void {
  if (book) localStorage.setItem(keyOf(code), JSON.stringify(book));
  else localStorage.removeItem(keyOf(code));
}

function Sheet({ programme, chooser }: { programme: ProgrammeEntry; chooser: React.ReactNode }) {
  const { t } = useTranslation("book");
  const versions = useVersions(programme.code);
  // The list knows of a version before the programmes' own list does.
  const newest = versions.data?.versions[0]?.version ?? 0;
  const current = useVersion(programme.code, newest, true);
  const [saved, setSaved] = useState(0);
  const [draft, setDraft] = useState<Book | null>(() => keptDraft(programme.code));
  const change = (book: Book | null) => {
    keepDraft(programme.code, book);
    setDraft(book);
  };
  const error = versions.error ?? current.error;
  const isEmpty = versions.data?.versions.length === 0;
  return (
    <div className="book">
      <PageHead title={t("titleOf", { name: nameOf(programme) })}
        status={current.data && <Status version={current.data} />}
        actions={<>{chooser}{current.data && !draft && <Button kind="primary" icon="edit" onPress={() => { setSaved(0); change(current.data.file); }}>{t("edit")}</Button>}</>} />
      {error && <ErrorNotice error={error} onRetry={() => { void versions.refetch(); void current.refetch(); }} />}
      {saved > 0 && <Notice tone="good">{t("saved", { version: String(saved) })}</Notice>}
      {isEmpty && <Notice tone="warning">{t("noVersion")}</Notice>}
      {!current.data && !error && !isEmpty && <Loading rows={10} />}
      {current.data && !draft && <Reading book={current.data.file} />}
      {current.data && draft && (
        <>
          <p className="hint">{t("editing")}</p>
          <Editor book={draft} onChange={change} />
          <SaveForm current={current.data} draft={draft} onStale={() => void versions.refetch()} onDiscard={() => change(null)}
            onSaved={(version) => { change(null); setSaved(version); }} />
        </>
      )}
      {!draft && <Versions code={programme.code} zone={programme.zone} />}
    </div>
  );
}

function Status({ version }: { version: Version }) {
  const { t } = useTranslation("book");
  const { file } = version;
  return (
    <>
      <span>{t("versions.number", { number: String(version.version) })}</span>
      {file.year > 0 && <span>{t("year", { year: String(file.year) })}</span>}
      <span>{version.basis || t("versions.noBasis")}</span>
    </>
  );
}
