// Lints an OpenAPI document with Redocly's recommended rules: node lint.js FILE
import { readFile } from "node:fs/promises";
import openapi from "@redocly/openapi-core";
const config = await openapi.createConfig({
  extends: ["recommended"],
  rules: {
    // The licence belongs to an installation, not to the contract.
    "info-license": "off",
    "operation-4xx-response": "error",
    "operation-operationId-unique": "error",
    "no-unused-components": "error",
  },
});
const problems = await openapi.lintFromString({ source: await readFile(process.argv[2], "utf8"), config });
for (const problem of problems) {
  const place = problem.location[0]?.pointer ?? "";
  console.log(`${problem.severity}: ${problem.message} (${problem.ruleId}) at ${place}`);
}
console.log(`${problems.length} problems found`);
process.exitCode = problems.length > 0 ? 1 : 0;
