// One-time passwords on paper: six slips on an A4 sheet with cut lines, drawn only when printed.
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { formatDate } from "../../parts/format";
import type { IssuedAccount } from "./data";

const PER_SHEET = 6;

function Slip({ account }: { account: IssuedAccount }) {
  const { t } = useTranslation("administrator");
  return (
    <article className="slip">
      <h3>{account.organisationName}</h3>
      <p>{t("envelope.purpose")}</p>
      <dl>
        <dt>{t("envelope.address")}</dt><dd>{window.location.origin}</dd>
        <dt>{t("envelope.login")}</dt><dd className="secret">{account.login}</dd>
        <dt>{t("envelope.password")}</dt><dd className="secret">{account.oneTimePassword}</dd>
      </dl>
      <ol>
        <li>{t("envelope.step1")}</li>
        <li>{t("envelope.step2", { date: formatDate(account.expiresAt) })}</li>
        <li>{t("envelope.step3")}</li>
      </ol>
    </article>
  );
}

// Beside the page and not in it: on paper only the slips remain.
export function Envelopes({ accounts }: { accounts: IssuedAccount[] }) {
  const sheets = Array.from({ length: Math.ceil(accounts.length / PER_SHEET) }, (_, sheet) => accounts.slice(sheet * PER_SHEET, (sheet + 1) * PER_SHEET));
  return createPortal(
    <div className="envelopes" aria-hidden="true">
      {sheets.map((slips) => (
        <div key={slips[0]!.accountId} className="sheet">{slips.map((account) => <Slip key={account.accountId} account={account} />)}</div>
      ))}
    </div>,
    document.body,
  );
}

// A cell that a spreadsheet would take for a formula gets an apostrophe first.
const cell = (value: string) => `"${(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;

export function toCsv(rows: string[][]): string {
  return "\ufeff" + rows.map((row) => row.map(cell).join(";")).join("\r\n") + "\r\n";
}

export function saveFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
