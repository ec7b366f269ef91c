// A registry mirror may not carry native builds for other platforms; npm then leaves them out of the lock file and
// `npm ci` refuses it. This writes the missing optional entries, so that the lock is whole on every platform.
// Run it after each `npm install`: node tools/complete-lock.mjs
import { readFile, writeFile } from 'node:fs/promises';

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(await readFile(path, 'utf8'));
const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 's390x', 'riscv64'];

const missing = {};
for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (lock.packages[`node_modules/${name}`] || !/^\d/.test(version)) continue;
    const words = name.split(/[-/]/);
    const os = SYSTEMS.find((system) => words.includes(system));
    const cpu = PROCESSORS.find((processor) => words.includes(processor));
    if (!os || !cpu) continue;
    const musl = words.includes('musl') ? { libc: ['musl'] } : {};
    missing[`node_modules/${name}`] = { version, cpu: [cpu], dev: true, ...musl, optional: true, os: [os] };
  }
}
const root = lock.packages[''];
const rest = Object.entries({ ...lock.packages, ...missing }).filter(([name]) => name !== '');
rest.sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = { '': root, ...Object.fromEntries(rest) };
await writeFile(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`completed ${Object.keys(missing).length} entries`);
