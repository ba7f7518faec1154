// How long a new process takes to its first answer. On Cloudflare an isolate starts without a process, so only the
// difference to the empty Worker says something about ours.

import { startEmpty, startGateway, startHono, type Server, type StartedWorker } from './servers.ts';
import { median } from './statistics.ts';

export type ColdStart = { readonly name: string; readonly medianMs: number };

export async function measureColdStarts(
  upstream: Server,
  folder: string,
  repeats: number,
): Promise<readonly ColdStart[]> {
  const workers: readonly (readonly [name: string, start: () => Promise<StartedWorker>])[] = [
    ['empty', () => startEmpty(folder)],
    ['hono', () => startHono(upstream, folder)],
    ['gateway', () => startGateway(upstream, folder)],
  ];
  const elapsedMs = new Map<string, number[]>(workers.map(([name]) => [name, []]));
  for (let round = 0; round < repeats; round++) {
    for (const [name, start] of workers) {
      const { pid, readyMs } = await start();
      elapsedMs.get(name)?.push(readyMs);
      process.kill(pid);
    }
  }
  return workers.map(([name]) => ({ name, medianMs: median(elapsedMs.get(name) ?? []) ?? 0 }));
}
