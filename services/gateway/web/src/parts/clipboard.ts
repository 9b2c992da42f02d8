// A text for a letter or a table of calculation: as words and as a table, whichever the place of pasting takes.

async function copyBoth(text: string, html: string): Promise<void> {
  // Without TLS there is no clipboard for scripts; the old way asks the same of the browser.
  if (!navigator.clipboard || typeof ClipboardItem === "undefined") return copyByEvent(text, html);
  await navigator.clipboard.write([
    new ClipboardItem({
      "text/plain": new Blob([text], { type: "text/plain" }),
      "text/html": new Blob([html], { type: "text/html" }),
    }),
  ]);
}

function copyByEvent(text: string, html: string): void {
  const fill = (event: ClipboardEvent) => {
    event.clipboardData?.setData("text/plain", text);
    event.clipboardData?.setData("text/html", html);
    event.preventDefault();
  };
  document.addEventListener("copy", fill, { once: true });
  if (!document.execCommand("copy")) {
    document.removeEventListener("copy", fill);
    throw new Error("the browser refused to copy");
  }
}

const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]!);

// Rows of texts, the first one the heads.
export function copyTable(rows: string[][]): Promise<void> {
  const text = rows.map((row) => row.map((cell) => cell.replace(/[\t\n]+/g, " ")).join("\t")).join("\n");
  const line = (row: string[], tag: string) => `<tr>${row.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join("")}</tr>`;
  const html = `<table>${rows.map((row, index) => line(row, index === 0 ? "th" : "td")).join("")}</table>`;
  return copyBoth(text, html);
}
