// Fails when the first load of the employee's app outgrows its budget (ux.md G). Run after `npm run build`.
import { readFileSync } from "node:fs";

const BUDGET = { js: 55, css: 10, total: 90, requests: 6, bridge: 12, charts: 6 };
const ADAPTERS = [/^assets\/express-.*\.js$/, /^assets\/telegram-.*\.js$/];
const CHARTS = /^assets\/charts-.*\.js$/;
const files = JSON.parse(readFileSync(new URL("../dist/sizes.json", import.meta.url), "utf8"));
const first = files.filter((file) => file.first);
const kilobytes = (list) => list.reduce((sum, file) => sum + file.gzip, 0) / 1024;
const named = (ending) => first.filter((file) => file.name.endsWith(ending));
const actual = {
  js: kilobytes(named(".js")),
  css: kilobytes(named(".css")),
  total: kilobytes(first),
  requests: first.length,
  // What a messenger's adapter adds, only inside that messenger: the bigger one of the two.
  bridge: Math.max(...ADAPTERS.map((adapter) => kilobytes(files.filter((file) => adapter.test(file.name))))),
  // Hand-made, and only for those who open a chart.
  charts: kilobytes(files.filter((file) => CHARTS.test(file.name))),
};

for (const file of files) {
  console.log(`${(file.gzip / 1024).toFixed(1).padStart(7)} KB gzip  ${file.first ? "first" : "later"}  ${file.name}`);
}
const isApart = (adapter) => files.some((file) => adapter.test(file.name) && !file.first);
if (!ADAPTERS.every(isApart)) {
  console.log("OVER bridge: a messenger's adapter has to be a file of its own that the first load leaves alone");
  process.exit(1);
}
if (!files.some((file) => CHARTS.test(file.name) && !file.first)) {
  console.log("OVER charts: they have to be a file of their own that the first load leaves alone");
  process.exit(1);
}
let over = 0;
for (const [name, limit] of Object.entries(BUDGET)) {
  const bad = actual[name] > limit;
  over += bad ? 1 : 0;
  console.log(`${bad ? "OVER" : "ok  "} ${name}: ${actual[name].toFixed(name === "requests" ? 0 : 1)} of ${limit}`);
}
process.exit(over > 0 ? 1 : 0);
