// The runner's end of the load generator.

import path from 'node:path';
import type { LoadJob, LoadSample } from './load-job.ts';
import { launchTool, sleep } from './processes.ts';

export type LoadGenerator = { readonly measure: (job: LoadJob) => Promise<LoadSample> };

/** One process for the whole run: a fresh one would measure its own first steps. */
export function startLoadGenerator(): LoadGenerator {
  const child = launchTool(path.join(import.meta.dirname, 'load.ts'));
  return {
    measure: (job) =>
      Promise.race([
        new Promise<LoadSample>((resolve) => {
          child.once('message', (sample) => resolve(sample as LoadSample));
          child.send(job);
        }),
        sleep(job.warmMs + job.windowMs + PATIENCE_MS).then(() => {
          throw new Error('the load generator does not answer');
        }),
      ]),
  };
}

const PATIENCE_MS = 15_000;
