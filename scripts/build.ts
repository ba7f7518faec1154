// The production bundle: what `wrangler deploy` would upload, written to dist/. Prints its size and fails above budget.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { bin, quietWrangler } from './tools.ts';

/** Raise it only in a commit that says what the bytes buy. */
const GZIP_KIB_MAX = 180;

execFileSync(process.execPath, [bin('wrangler'), 'deploy', '--dry-run', '--minify', '--outdir', 'dist'], {
  env: { ...process.env, ...quietWrangler },
  stdio: ['ignore', 'ignore', 'inherit'],
});
const bundle = readFileSync('dist/index.js');
const gzipKib = gzipSync(bundle, { level: 9 }).byteLength / 1024;
writeFileSync(
  'dist/size.json',
  JSON.stringify({ bytes: bundle.byteLength, gzipKib: Number(gzipKib.toFixed(1)) }),
);
console.error(
  `bundle: ${(bundle.byteLength / 1024).toFixed(1)} KiB, ${gzipKib.toFixed(1)} KiB gzip (budget ${GZIP_KIB_MAX})`,
);
if (gzipKib > GZIP_KIB_MAX) {
  console.error('the bundle is over its budget');
  process.exit(1);
}
