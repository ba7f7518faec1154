// What CI runs: format, lint, types, tests, dead code, bundle budget. Stops at the first that fails.

import { spawnSync } from 'node:child_process';
import { bin } from './tools.ts';

const steps: readonly (readonly [name: string, script: string, ...args: string[]])[] = [
  ['format', bin('oxfmt'), '--check'],
  ['lint', bin('oxlint')],
  ['types', bin('tsc'), '-p', '.'],
  ['types of tests and scripts', bin('tsc'), '-p', 'test'],
  ['dead code', bin('knip')],
  ['bundle', 'scripts/build.ts'],
  ['openapi', 'scripts/openapi.ts', '--check'],
  ['prices', 'scripts/prices.ts', '--check'],
  ['translation', 'scripts/translation.ts', '--check'],
  ['tests', 'scripts/test.ts'],
];

for (const [name, script, ...args] of steps) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(process.execPath, [script, ...args], { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`\n${name}: failed`);
    process.exit(status ?? 1);
  }
}
