// Both languages say the same things: every key in one is in the other, each plural has all its forms, and some page says
// each of them.
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../src/", import.meta.url));
const folder = `${root}texts/`;
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

// What the source can ask for: every text in quotation marks, and those with gaps as patterns.
function askedFor() {
  const whole = new Set();
  const patterns = [];
  const branches = [];
  const bareOf = (text) => text.replace(/^[a-z]+:/, "");
  const visit = (node) => {
    if (ts.isStringLiteralLike(node)) whole.add(bareOf(node.text));
    else if (ts.isTemplateExpression(node)) {
      const parts = [node.head.text, ...node.templateSpans.map((span) => span.literal.text)];
      // A gap alone would fit everything.
      if (/^[a-z]+[\w:]*\.|[a-z]\.$/i.test(parts[0])) patterns.push(new RegExp(`^${parts.map(bareOf).map((part) => part.replace(/[^\w]/g, "\\$&")).join("\\w+")}$`));
    }
    // A list or a page of texts, asked for as a whole.
    if (ts.isCallExpression(node) && node.arguments.length > 1 && ts.isStringLiteralLike(node.arguments[0]) && node.arguments[1].getText().includes("returnObjects"))
      branches.push(`${bareOf(node.arguments[0].text)}.`);
    ts.forEachChild(node, visit);
  };
  for (const file of readdirSync(root, { recursive: true }))
    if (/\.tsx?$/.test(file) && !file.startsWith("texts") && file !== "api/schema.ts")
      visit(ts.createSourceFile(file, readFileSync(root + file, "utf8"), ts.ScriptTarget.ES2020, true, file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS));
  return (key) => whole.has(key) || patterns.some((pattern) => pattern.test(key)) || branches.some((branch) => key.startsWith(branch));
}

const problems = [];
const isAskedFor = askedFor();
const bare = (language, keys) => {
  const plurals = new Map();
  const names = new Set();
  for (const key of keys) {
    const match = /^(.*)_(zero|one|few|many|other)$/.exec(key);
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
  for (const key of russian) if (!isAskedFor(key)) problems.push(`${file}: ${key} is said nowhere`);
  for (const key of english) if (!russian.has(key)) problems.push(`ru/${file}: ${key} is missing`);
}
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
