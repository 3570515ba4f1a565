// Packs what was built (one .gz beside each file) and holds each page's own code to the sizes of sizes.json.
// What is over its size refuses the build; what a page loads is its own chunk and all that only lazy pages share.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../../src/orderloom/console/", import.meta.url);
const kept = JSON.parse(readFileSync(new URL("../sizes.json", import.meta.url), "utf8"));
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));
const terminal = JSON.parse(readFileSync(new URL("terminal/.vite/manifest.json", dist), "utf8"));
const packed = new Map();

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(js|css|html|svg|webmanifest)$/.test(entry.name)) continue;
  const path = `${entry.parentPath}/${entry.name}`;
  const bytes = gzipSync(readFileSync(path), { level: 9 });
  writeFileSync(`${path}.gz`, bytes);
  packed.set(path.slice(new URL(dist).pathname.length).replace(/^\//, ""), bytes.length);
}

function reached(name, seen = new Set()) {
  const chunk = manifest[name];
  if (!chunk || seen.has(name)) return seen;
  seen.add(name);
  for (const next of chunk.imports ?? []) reached(next, seen);
  return seen;
}

function weight(names) {
  const files = new Set([...names].flatMap((name) => [manifest[name].file, ...(manifest[name].css ?? [])]));
  return [...files].reduce((sum, file) => sum + (packed.get(file) ?? 0), 0);
}

const shell = reached("index.html");
const rows = [["shell", weight(shell)]];
const first = terminal["terminal.html"];
rows.push(["terminal", [first.file, ...(first.css ?? [])].reduce((sum, file) => sum + (packed.get(`terminal/${file}`) ?? 0), 0)]);
if (manifest["sign-in.html"]) rows.push(["sign-in", weight(reached("sign-in.html"))]);
for (const [name, chunk] of Object.entries(manifest)) {
  const page = /^src\/console\/(.+)\/page\.tsx$/.exec(name)?.[1];
  if (page && chunk.isDynamicEntry) rows.push([page, weight([...reached(name)].filter((one) => !shell.has(one)))]);
}
let over = 0;
for (const [name, bytes] of rows.toSorted((a, b) => b[1] - a[1])) {
  const most = (kept[name] ?? kept.page) * 1000;
  over += bytes > most;
  console.log(`${name.padEnd(24)} ${(bytes / 1000).toFixed(1).padStart(7)} kB gzip  of ${(most / 1000).toFixed(0)}${bytes > most ? "  OVER" : ""}`);
}
process.exit(over ? 1 : 0);
