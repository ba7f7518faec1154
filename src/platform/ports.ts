// The ports over Workers: clock, chance, timers, pipes, the log.

import type { LogLevel, LogLine, Ports } from '../core/ports.ts';

const RANK: Readonly<Record<LogLevel | 'silent', number>> = {
  debug: 0,
  info: 1,
  warn: 2,
  error: 3,
  silent: 4,
};

export function createPorts(egress: Ports['egress'], logLevel: LogLevel | 'silent'): Ports {
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    newId: () => crypto.randomUUID().replaceAll('-', ''),
    after: (ms, task) => {
      const timer = setTimeout(task, Math.min(ms, TIMER_MS_MAX));
      return () => clearTimeout(timer);
    },
    egress,
    // Only this stream's writer rejects when the client has gone; a JavaScript stream in its place would just be
    // dropped together with everything that should follow.
    pipe: () => new IdentityTransformStream(),
    log: (line) => {
      if (RANK[line.level] >= RANK[logLevel]) write(line);
    },
  };
}

/** A timer beyond 2^31-1 ms fires at once. */
const TIMER_MS_MAX = 2_147_483_647;

/** One line of JSON each: what `console` would make of an object is not for machines. */
function write(line: LogLine): void {
  // oxlint-disable-next-line no-console -- the one place where the log leaves the Worker
  console.log(JSON.stringify(line));
}
