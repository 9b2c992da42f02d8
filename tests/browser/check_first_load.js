// What a first visit loads, page by page, is at most 250 kB compressed: check_first_load.js WEB-FOLDER [LIMIT]
// Counted from what scripts/build-web wrote: index.html, the entry with all it imports, the larger language, then one page.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";

const [web, limit = "250000"] = process.argv.slice(2);
const built = existsSync(web) ? readdirSync(web).filter((name) => /^[0-9a-f]{16}$/.test(name)) : [];
assert.ok(built.length > 0, `nothing is built in ${web}: run scripts/build-web`);
const folder = join(web, built.sort((a, b) => statSync(join(web, b)).mtimeMs - statSync(join(web, a)).mtimeMs)[0]);
const assets = join(folder, "assets");
const text = new Map(readdirSync(assets).filter((name) => name.endsWith(".js")).map((name) => [name, readFileSync(join(assets, name), "utf8")]));
const bytesOf = (path) => statSync(existsSync(`${path}.br`) ? `${path}.br` : path).size;
const sizeOf = (names) => [...names].reduce((sum, name) => sum + bytesOf(join(assets, name)), 0);

// A module with everything that it imports at once.
function withImports(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const [, found] of (text.get(name) ?? "").matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)) withImports(found, seen);
  return seen;
}

// What a module imports later, each with the files that the builder loads together with it.
function laterOf(name) {
  const source = text.get(name);
  const list = JSON.parse(/__vite__mapDeps=[^[]*\[([^\]]*)\]/.exec(source)?.[1].replace(/^/, "[").replace(/$/, "]") ?? "[]");
  return [...source.matchAll(/import\("\.\/([\w.-]+\.js)"\)(?:[^;]{0,12}?__vite__mapDeps\(\[([\d,]*)\]\))?/g)].map(([, found, numbers]) => ({
    name: found, files: new Set([...withImports(found), ...(numbers ? numbers.split(",").map((number) => basename(list[number])) : [])]),
  }));
}

const page = readFileSync(join(folder, "index.html"), "utf8");
const named = [...page.matchAll(/assets\/([\w.-]+\.(?:js|css))/g)].map(([, name]) => name);
const entry = named.find((name) => name.endsWith(".js"));
const start = new Set(named.flatMap((name) => [...withImports(name)]));
const later = laterOf(entry);
assert.ok(later.length > 5, "the entry imports its pages later");
const isText = ({ name }) => /^(ru|en)-/.test(name);
const texts = Math.max(...later.filter(isText).map((one) => sizeOf(one.files)));
const shell = bytesOf(join(folder, "index.html")) + sizeOf(start) + texts;
const figures = new Map([["the shell alone", shell]]);
for (const one of later)
  if (!isText(one)) figures.set(one.name.replace(/-[\w-]{8}\.js$/, ""), shell + sizeOf([...one.files].filter((name) => !start.has(name))));
for (const [name, bytes] of [...figures].sort((a, b) => b[1] - a[1])) console.log(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${name}`);
const [worst, bytes] = [...figures].sort((a, b) => b[1] - a[1])[0];
assert.ok(bytes <= Number(limit), `the first load of «${worst}» has ${bytes} bytes, more than ${limit}`);
