// The processes of a run: each on its core, none left behind.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';

/** Who is measured has a core to itself; who measures shares the other. */
export type Side = 'target' | 'tool';

export const isPinned = availableParallelism() > 1 && isInstalled('taskset');

export type Launch = {
  readonly side: Side;
  readonly command: string;
  readonly args: readonly string[];
  /** Where both outputs go, so that logging is part of what is measured. */
  readonly log: string;
  readonly env?: Readonly<Record<string, string>>;
};

export function launch({ side, command, args, log, env }: Launch): ChildProcess {
  const output = openSync(log, 'a');
  return start(side, command, args, ['ignore', output, output], { ...process.env, ...env });
}

/** One of our own scripts, which answers over the channel that Node opens for it. */
export function launchTool(script: string, args: readonly string[] = []): ChildProcess {
  return start(
    'tool',
    process.execPath,
    [script, ...args],
    ['ignore', 'pipe', 'inherit', 'ipc'],
    process.env,
  );
}

export function isInstalled(command: string): boolean {
  return spawnSync('which', [command]).status === 0;
}

/** Free a moment ago, which is enough on a machine where nobody else starts servers. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** Asks until somebody answers at all. */
export async function untilAnswering(port: number, path: string, patienceMs = 10_000): Promise<void> {
  const deadlineMs = performance.now() + patienceMs;
  while (!(await isAnswering(port, path))) {
    if (performance.now() > deadlineMs) throw new Error(`nothing answers at 127.0.0.1:${port}${path}`);
    await sleep(1);
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const CORES: Readonly<Record<Side, string>> = { target: '0', tool: '1' };

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

function start(
  side: Side,
  command: string,
  args: readonly string[],
  stdio: NonNullable<Parameters<typeof spawn>[2]>['stdio'],
  env: NodeJS.ProcessEnv,
): ChildProcess {
  const child = isPinned
    ? spawn('taskset', ['--cpu-list', CORES[side], command, ...args], { stdio, env })
    : spawn(command, args, { stdio, env });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

function isAnswering(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      response.resume();
      resolve(true);
    });
    asked.on('error', () => resolve(false));
    asked.end();
  });
}
