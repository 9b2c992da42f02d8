// What a report is for: its list of those behind into a letter, and the whole of it on paper.
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import type { Full } from "../../api/client";
import type { components } from "../../api/schema";
import { copyTable } from "../../parts/clipboard";
import { Button } from "../../parts/controls";
import { formatNumber } from "../../parts/format";
import { useToast } from "../../parts/surfaces";
import { FileButton } from "../files/button";
import type { Contact } from "./contact";

type Late = Pick<Full<components["schemas"]["StartRow"]>, "shortName" | "municipalityName"> & { inn?: string; contact: Contact; why?: string };

export function ReportActions({ rows, file }: { rows: Late[]; file: ComponentProps<typeof FileButton>["question"] }) {
  const { t } = useTranslation("coordinator");
  const { toast, show } = useToast();
  const copy = async () => {
    const hasInn = rows.some((row) => row.inn);
    const hasWhy = rows.some((row) => row.why);
    const line = (name: string, inn: string, place: string, person: string[], why: string) =>
      [name, ...(hasInn ? [inn] : []), place, ...person, ...(hasWhy ? [why] : [])];
    const head = line(t("organisation"), t("inn"), t("municipality"), [t("person"), t("position"), t("phone"), t("email")], t("reason.title"));
    const lines = rows.map((row) => line(row.shortName, row.inn ?? "", row.municipalityName,
      [row.contact?.name ?? "", row.contact?.position ?? "", row.contact?.phone ?? "", row.contact?.email ?? ""], row.why ?? ""));
    await copyTable([head, ...lines]);
    show(t("copiedRows", { count: rows.length, number: formatNumber(rows.length) }));
  };
  return (
    <>
      <Button icon="print" onPress={() => window.print()}>{t("print", { ns: "common" })}</Button>
      <FileButton question={file} />
      <Button kind="primary" icon="copy" onPress={() => void copy()} isDisabled={rows.length === 0}>{t("copyLate")}</Button>
      {toast}
    </>
  );
}
