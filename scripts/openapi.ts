// Writes docs/openapi.json from the document that the Worker serves; `--check` fails when the two differ.

import { readFileSync, writeFileSync } from 'node:fs';
import { openapi } from '../src/http/openapi.ts';

const FILE = 'docs/openapi.json';
const text = `${JSON.stringify(openapi, null, 2)}\n`;
if (!process.argv.includes('--check')) writeFileSync(FILE, text);
else if (readFileSync(FILE, 'utf8') !== text) {
  console.error(`${FILE} is not what the Worker serves: node scripts/with-node.mjs scripts/openapi.ts`);
  process.exit(1);
}
