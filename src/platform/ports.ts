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
    pipe: (length) => (length === undefined ? new IdentityTransformStream() : new FixedLengthStream(length)),
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
  console.log(JSON.stringify(line).replaceAll(UNICODE_LINE_END, escaped));
}

/** JSON lets these stand as they are, and readers of lines end one there: a caller could write a line of our log. */
const UNICODE_LINE_END = /[\u0085\u2028\u2029]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
