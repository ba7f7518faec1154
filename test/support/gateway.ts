// The production bundle as an operator runs it: `serve` in a process of its own, driven over HTTP, its log read.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { until } from './until.ts';

export type LogLine = { readonly event: string; readonly [field: string]: unknown };

export type Gateway = {
  readonly url: string;
  /** Every structured line so far. */
  readonly log: LogLine[];
  /** Everything the process wrote, unparsed: for canary scans. */
  readonly output: () => string;
  /** The `request` line of a request, by its id or its caller's; waited for: it may come just after the answer's end. */
  readonly journal: (requestId: string) => Promise<LogLine>;
  readonly stop: () => Promise<void>;
};

export const CLIENT_KEY = 'test-client-key';

/** Rejects with what the process wrote when it does not come up. */
export async function startGateway(environment: Readonly<Record<string, string>> = {}): Promise<Gateway> {
  const child = spawn(process.execPath, ['scripts/serve.ts'], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      STATE_DIR: '.state/test',
      ALLOW_INSECURE_PROVIDERS: '1',
      // What a test asks twice is to be answered twice, unless it is about the cache.
      CACHE_MODE: 'off',
      API_KEYS: CLIENT_KEY,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: LogLine[] = [];
  let output = '';
  child.stderr.on('data', (data: Buffer) => (output += data.toString('utf8')));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      output += `${line}\n`;
      const ready = /ready at (\S+)/.exec(line)?.[1];
      if (ready !== undefined) resolve(ready);
      if (line.startsWith('{')) log.push(JSON.parse(line) as LogLine);
    });
    child.once('exit', () => reject(new Error(`the gateway did not start:\n${output}`)));
  });

  return {
    url,
    log,
    output: () => output,
    journal: async (requestId) => {
      const isIts = (line: LogLine): boolean =>
        line.event === 'request' && [line['request_id'], line['client_request_id']].includes(requestId);
      await until(() => log.some(isIts));
      return log.find(isIts) as LogLine;
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}
