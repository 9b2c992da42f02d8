// The places of the cabinet as its own source has them, so that a page that is added is walked by itself.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("../../services/gateway/web/", import.meta.url));
const ts = createRequire(`${web}package.json`)("typescript");
const source = readFileSync(`${web}src/places.ts`, "utf8");
const script = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
const module = { exports: {} };
// Pages are loaded when somebody goes there; here nobody does.
new Function("module", "exports", "require", script.outputText)(module, module.exports, () => ({ lazy: () => null }));

// Every address of the role, its sub-pages too; values fills in what stands after a colon, of every name that occurs.
export function addressesOf(role, values) {
  const fill = (path) => path.replace(/:(\w+)/g, (_, name) => {
    if (!values[name]) throw new Error(`${path}: the test has no value for :${name}, give it one`);
    return values[name];
  });
  return module.exports.PLACES.filter((place) => place.roles.includes(role))
    .flatMap((place) => [place, ...(place.below ?? [])].map((one) => fill(one.path)));
}

export const PLACES = module.exports.PLACES;

export const ROLES = [...new Set(module.exports.PLACES.flatMap((place) => place.roles))];
