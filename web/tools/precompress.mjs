// Writes .br and .gz files beside every text asset of dist/, so that the server never compresses at run time.
// index.html is left out: the server fills the nonce into it for each answer.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const TEXT = /\.(js|css|svg|json|webmanifest|txt|map)$/;
const SMALLEST_WORTH_IT = 512;
const dist = new URL('../dist/', import.meta.url).pathname;
const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

const entries = await readdir(dist, { recursive: true, withFileTypes: true });
const files = entries.filter((entry) => entry.isFile() && TEXT.test(entry.name));
let count = 0;
for (const file of files) {
  const path = join(file.parentPath, file.name);
  const raw = await readFile(path);
  if (raw.length < SMALLEST_WORTH_IT) continue;
  const small = await brotli(raw, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length },
  });
  await writeFile(`${path}.br`, small);
  await writeFile(`${path}.gz`, await zip(raw, { level: 9 }));
  count += 1;
}
console.log(`compressed ${count} files`);
