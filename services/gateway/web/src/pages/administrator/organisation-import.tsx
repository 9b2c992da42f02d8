// The tree of organisations from a CSV file: checked first, then applied as it was checked.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../api/schema";
import { api, reply, type Full } from "../../api/client";
import { Button, ButtonLink } from "../../parts/controls";
import { formatNumber } from "../../parts/format";
import { ErrorNotice, Loading, Notice, PageHead } from "../../parts/surfaces";
import { DataTable, type Column } from "../../parts/table";
import { useCommand } from "../../parts/use-command";
import { ChosenFile, FileDrop, type TextFile } from "../../parts/file-drop";

type Outcome = Full<components["schemas"]["ImportOrganisationsReply"]>;
type RowError = Outcome["errors"][number];

const MAX_BYTES = 1_000_000;
const COLUMN_NAMES = "code, parent_code, kind, short_name, inn, phone, email, attributes, zone, valid_from, valid_to";

function useImport(onDone: (outcome: Outcome) => void) {
  return useCommand(
    ({ text, isDry }: { text: string; isDry: boolean }, headers) =>
      reply(api.POST("/api/v1/organisations:import", {
        params: { query: { dryRun: isDry } },
        body: text as never, bodySerializer: (body: unknown) => body as string,
        headers: { ...headers, "Content-Type": "text/csv; charset=utf-8" },
      })),
    { onDone: (outcome) => onDone(outcome as Outcome) },
  );
}

function Errors({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation("administrator");
  const columns: Column<RowError>[] = [
    { id: "row", title: t("import.row"), isNumber: true, width: "90", sortBy: (error) => error.row, render: (error) => error.row || "—" },
    { id: "column", title: t("import.column"), width: "140", sortBy: (error) => error.column, render: (error) => error.column || "—" },
    { id: "message", title: t("import.message"), render: (error) => <span className="wrapped">{error.message}</span> },
  ];
  const [sorting, setSorting] = useState({ column: "row", isDescending: false });
  return (
    <>
      <Notice tone="bad" title={t("import.errorsTitle", { count: outcome.errors.length })}>{t("import.errors")}</Notice>
      <DataTable caption={t("import.errorsCaption")} columns={columns} rows={outcome.errors} sorting={sorting} onSort={setSorting}
        keyOf={(error) => `${error.row} ${error.column} ${error.code}`} />
    </>
  );
}

function Counts({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation("administrator");
  const cells = [
    ["rows", outcome.rows], ["created", outcome.created], ["changed", outcome.changed], ["unchanged", outcome.unchanged],
  ] as const;
  return (
    <dl className="figures">
      {cells.map(([name, count]) => <div key={name}><dt>{t(`import.${name}`)}</dt><dd>{formatNumber(count)}</dd></div>)}
    </dl>
  );
}

export function OrganisationImportPage() {
  const { t } = useTranslation("administrator");
  const queries = useQueryClient();
  const [file, setFile] = useState<TextFile | null>(null);
  const [checked, setChecked] = useState<Outcome | null>(null);
  const [applied, setApplied] = useState<Outcome | null>(null);
  const check = useImport(setChecked);
  const apply = useImport((outcome) => {
    // Between check and use somebody else may have changed the tree: then its errors are shown.
    if (!outcome.applied) return setChecked(outcome);
    setApplied(outcome);
    void queries.invalidateQueries({ queryKey: ["organisations"] });
  });
  const choose = (next: TextFile) => {
    setFile(next);
    setChecked(null);
    setApplied(null);
    apply.reset();
    check.mutate({ text: next.text, isDry: true });
  };
  const forget = () => {
    setFile(null);
    setChecked(null);
    setApplied(null);
  };
  const isGood = checked !== null && checked.errors.length === 0;
  const isIdle = isGood && checked.created === 0 && checked.changed === 0;
  return (
    <>
      <PageHead title={t("import.title")} status={t("import.status")} actions={<ButtonLink href="/organisations">{t("import.back")}</ButtonLink>} />
      <div className="narrow-work">
        {!file && (
          <>
            <FileDrop label={t("import.file")} hint={t("import.hint")} accept=".csv,.txt,text/csv" maxBytes={MAX_BYTES} onFile={choose} />
            <details className="help-block">
              <summary>{t("import.formatTitle")}</summary>
              <p>{t("import.format")}</p>
              <p><code>{COLUMN_NAMES}</code></p>
            </details>
          </>
        )}
        {file && !applied && <ChosenFile file={file} onAnother={forget} />}
        {check.isPending && <><p className="muted" role="status">{t("checking")}</p><Loading rows={3} /></>}
        {check.error ? <ErrorNotice error={check.error} onRetry={() => file && choose(file)} /> : null}
        {apply.error ? <ErrorNotice error={apply.error} /> : null}
        {checked && !applied && !isGood && <Errors outcome={checked} />}
        {checked && !applied && isGood && (
          <>
            <Notice tone="good" title={t("import.goodTitle")}>{t(isIdle ? "import.nothing" : "import.good")}</Notice>
            <Counts outcome={checked} />
            {!isIdle && (
              <Button kind="primary" isDisabled={apply.isPending} onPress={() => file && apply.mutate({ text: file.text, isDry: false })}>
                {apply.isPending ? t("applying") : t("import.apply", { created: formatNumber(checked.created), changed: formatNumber(checked.changed) })}
              </Button>
            )}
          </>
        )}
        {applied && (
          <>
            <Notice tone="good" title={t("import.doneTitle")}>{t("import.done")}</Notice>
            <Counts outcome={applied} />
            <div className="details-actions">
              <ButtonLink href="/organisations" kind="primary">{t("import.back")}</ButtonLink>
              <ButtonLink href="/accounts/issue">{t("import.toAccounts")}</ButtonLink>
            </div>
          </>
        )}
      </div>
    </>
  );
}
