// What a table file says of a road map: node table.js FILE [--json] [--answers FILE] [--today DAY]; VEKHA_LANGUAGE=en
// It runs the page's own modules: node_modules is what scripts/build-web installs.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const { values, positionals } = parseArgs({
  allowPositionals: true, options: { json: { type: "boolean" }, answers: { type: "string" }, today: { type: "string" } },
});
const entry = fileURLToPath(new URL("../src/table/command.ts", import.meta.url));
const made = await build({ entryPoints: [entry], bundle: true, format: "esm", platform: "node", write: false, logLevel: "error" });
const { run } = await import(`data:text/javascript;base64,${Buffer.from(made.outputFiles[0].contents).toString("base64")}`);
const { out, isGood } = run({
  bytes: new Uint8Array(readFileSync(positionals[0])), answers: values.answers ? readFileSync(values.answers, "utf8") : "", isJson: values.json ?? false,
  today: values.today ?? new Date().toISOString().slice(0, 10), language: process.env.VEKHA_LANGUAGE ?? "ru",
});
(isGood ? process.stdout : process.stderr).write(`${out}\n`);
process.exitCode = isGood ? 0 : 1;
