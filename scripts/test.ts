// Every test that needs nothing but npm's registry. Builds first: the end-to-end suites drive the production bundle.

import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { bin } from './tools.ts';

const REPORT = '.state/test-report.json';

const build = spawnSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' });
if (build.status !== 0) process.exit(build.status ?? 1);

rmSync(REPORT, { force: true });
const run = spawnSync(
  process.execPath,
  [
    bin('vitest'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${REPORT}`,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);

type Report = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly success: boolean;
};
const report = JSON.parse(readFileSync(REPORT, 'utf8')) as Report;
const skipped = report.numPendingTests === 0 ? '' : `, ${report.numPendingTests} skipped`;
console.log(`${report.numPassedTests} passed, ${report.numFailedTests} failed${skipped}`);
process.exit(run.status ?? 1);
