// First load of the customer list and size of each route chunk, in brotli KB, against the agreed budgets.
// Run after `npm run build`.
import { existsSync, readFileSync, statSync } from 'node:fs';

const LIST_JS_KB = 180;
const LIST_CSS_KB = 16;
const ROUTE_KB = 30;
const WIDER = { 'src/calendar/CalendarPage.tsx': 80, 'src/reports/Chart.tsx': 150 };

const dist = new URL('../dist/', import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8'));

function size(file) {
  const small = `${dist}${file}.br`;
  return statSync(existsSync(small) ? small : `${dist}${file}`).size / 1024;
}

/** Files that a chunk needs before it runs. */
function closure(names, seen = new Set()) {
  for (const name of names) {
    if (seen.has(name)) continue;
    seen.add(name);
    closure(manifest[name].imports ?? [], seen);
  }
  return seen;
}

const first = closure(['index.html', 'src/customers/CustomersPage.tsx']);
const js = [...first].reduce((sum, name) => sum + size(manifest[name].file), 0);
const styles = new Set([...first].flatMap((name) => manifest[name].css ?? []));
const css = [...styles].reduce((sum, file) => sum + size(file), 0);

const failures = [];
function check(what, kb, most) {
  console.log(`${what}: ${kb.toFixed(1)} KB of ${most}`);
  if (kb > most) failures.push(what);
}
check('customer list, JavaScript', js, LIST_JS_KB);
check('customer list, CSS', css, LIST_CSS_KB);
for (const [name, chunk] of Object.entries(manifest)) {
  if (!chunk.isDynamicEntry) continue;
  const kb = size(chunk.file);
  const most = WIDER[name] ?? ROUTE_KB;
  if (kb > most) check(name, kb, most);
}
if (failures.length > 0) {
  console.error(`over budget: ${failures.join(', ')}`);
  process.exit(1);
}
