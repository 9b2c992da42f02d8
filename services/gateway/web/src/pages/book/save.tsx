// The next version of the book: on which act it stands, what it changes, and nothing before that was seen.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, reply } from "../../api/client";
import { isStale, ProblemError } from "../../api/problem";
import { Button, TextField } from "../../parts/controls";
import { ErrorNotice, Notice } from "../../parts/surfaces";
import { useCommand } from "../../parts/use-command";
import { differences, type Book, type Change, type Version } from "./data";
import { Difference } from "./difference";

interface Wish { code: string; book: Book; expectedVersion: number; isDry: boolean; }

function useLoad(onDone: (version: number, wish: Wish) => void, onFailed: (error: unknown) => void) {
  return useCommand(({ code, book, expectedVersion, isDry }: Wish, headers) => {
    // The code stands in the address.
    const { code: _, ...file } = book;
    return reply(api.PUT("/api/v1/programmes/{code}", { params: { path: { code } }, body: { ...file, expectedVersion, dryRun: isDry }, headers }));
  }, { onDone: (outcome, wish) => onDone(outcome.version, wish), onFailed });
}

// What a path of the file is about: sections[1].items[0].question.
function placeOf(book: Book, path: string): string {
  const [, section, , item] = /^sections\[(\d+)\](\.items\[(\d+)\])?/.exec(path) ?? [];
  if (section === undefined) return path;
  const found = book.sections[Number(section)];
  return [found?.title, item === undefined ? "" : found?.items[Number(item)]?.question].filter(Boolean).map((name) => `«${name}»`).join(" → ");
}

function Refusal({ error, book }: { error: unknown; book: Book }) {
  const { t } = useTranslation("book");
  if (!(error instanceof ProblemError) || error.violations.length === 0) return <ErrorNotice error={error} />;
  return (
    <Notice tone="bad" title={t("save.refused")}>
      <ul>{error.violations.map(({ field, message }) => <li key={field + message}>{placeOf(book, field)}: {message}</li>)}</ul>
    </Notice>
  );
}

export function SaveForm({ current, draft, onSaved, onStale, onDiscard }: {
  current: Version; draft: Book; onSaved: (version: number) => void; onStale: () => void; onDiscard: () => void;
}) {
  const { t } = useTranslation("book");
  const queries = useQueryClient();
  const code = current.file.code;
  const [basis, setBasis] = useState("");
  const [year, setYear] = useState(current.file.year ? String(current.file.year) : "");
  const [isMissing, setMissing] = useState(false);
  // What the difference on the screen was made of: it is saved as seen or looked at again.
  const [seen, setSeen] = useState<{ text: string; changes: Change[] } | null>(null);
  const [isBehind, setBehind] = useState(false);
  const next: Book = { ...draft, basis: basis.trim(), year: Number(year) || 0 };
  const text = JSON.stringify([current.version, next]);
  const failed = (error: unknown) => {
    if (!isStale(error)) return;
    setSeen(null);
    setBehind(true);
    onStale();
  };
  const check = useLoad((_, wish) => setSeen({ text: JSON.stringify([wish.expectedVersion, wish.book]), changes: differences(current.file, wish.book) }), failed);
  const save = useLoad((version) => {
    void queries.invalidateQueries({ queryKey: ["programmes"] });
    onSaved(version);
  }, failed);
  const look = () => {
    setMissing(basis.trim() === "");
    if (basis.trim() === "") return;
    save.reset();
    check.mutate({ code, book: next, expectedVersion: current.version, isDry: true });
  };
  const isSeen = seen?.text === text;
  const error = [save.error, check.error].find((one) => one && !isStale(one));
  return (
    <section className="book-save" aria-labelledby="book-save">
      <h2 id="book-save">{t("save.title", { version: String(current.version + 1) })}</h2>
      <p className="hint">{t("save.note")}</p>
      <form onSubmit={(event) => { event.preventDefault(); look(); }}>
        <div className="book-fields">
          <TextField label={t("save.basis")} hint={t("save.basisHint")} value={basis} maxLength={500} isRequired onChange={setBasis}
            {...(isMissing && !basis.trim() ? { error: t("save.basisMissing") } : {})} />
          <TextField label={t("save.year")} value={year} inputMode="numeric" maxLength={4} onChange={(value) => setYear(value.replace(/\D/g, ""))} />
        </div>
        {isBehind && <Notice tone="warning">{t("save.stale", { version: String(current.version) })}</Notice>}
        {error ? <Refusal error={error} book={draft} /> : null}
        {isSeen && (
          <section aria-labelledby="book-preview">
            <h3 id="book-preview">{t("save.preview")}</h3>
            <Difference changes={seen.changes} />
          </section>
        )}
        <div className="book-adds">
          {isSeen && seen.changes.length > 0
            ? <Button kind="primary" isDisabled={save.isPending} onPress={() => save.mutate({ code, book: next, expectedVersion: current.version, isDry: false })}>{t("save.save", { version: String(current.version + 1) })}</Button>
            : <Button kind="primary" type="submit" isDisabled={check.isPending}>{t("save.look")}</Button>}
          <Button onPress={onDiscard}>{t("save.discard")}</Button>
        </div>
      </form>
    </section>
  );
}
