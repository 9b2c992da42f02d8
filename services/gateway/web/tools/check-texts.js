// Both languages say the same things: every key in one is in the other, and each plural has all its forms.
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const folder = fileURLToPath(new URL("../src/texts/", import.meta.url));
const FORMS = { ru: ["one", "few", "many", "other"], en: ["one", "other"] };

function collect(node, prefix, keys) {
  for (const property of node.properties) {
    const name = prefix + (property.name.text ?? property.name.getText());
    const value = property.initializer;
    if (ts.isObjectLiteralExpression(value)) collect(value, name + ".", keys);
    else keys.add(name);
  }
}

function keysOf(language, file) {
  const source = ts.createSourceFile(file, readFileSync(`${folder}${language}/${file}`, "utf8"), ts.ScriptTarget.ES2020, true);
  const keys = new Set();
  const visit = (node) => {
    if (ts.isExportAssignment(node)) {
      let value = node.expression;
      while (!ts.isObjectLiteralExpression(value)) value = value.expression;
      collect(value, "", keys);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return keys;
}

const problems = [];
const bare = (language, keys) => {
  const plurals = new Map();
  const names = new Set();
  for (const key of keys) {
    const match = /^(.*)_(one|few|many|other)$/.exec(key);
    if (!match) names.add(key);
    else plurals.set(match[1], [...(plurals.get(match[1]) ?? []), match[2]]);
  }
  for (const [key, forms] of plurals) {
    names.add(key);
    const missing = FORMS[language].filter((form) => !forms.includes(form));
    if (missing.length > 0) problems.push(`${language}: ${key} has no ${missing.join(", ")}`);
  }
  return names;
};
for (const file of readdirSync(folder + "ru")) {
  if (file === "index.ts") continue;
  const russian = bare("ru", keysOf("ru", file));
  const english = bare("en", keysOf("en", file));
  for (const key of russian) if (!english.has(key)) problems.push(`en/${file}: ${key} is missing`);
  for (const key of english) if (!russian.has(key)) problems.push(`ru/${file}: ${key} is missing`);
}
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
