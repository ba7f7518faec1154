// The timers of one call over a single timer of the runtime. A quick call sets several limits and passes none of them:
// here a limit costs an entry in a set, where a timer of its own would cost some µs to set and to clear.

import type { Ports } from '../core/ports.ts';

export type Timers = {
  readonly after: Ports['after'];
  /** The call is over: nothing fires any more. */
  readonly stop: () => void;
};

type Task = { readonly at: number; readonly run: () => void };

export function createTimers({ after, now }: Pick<Ports, 'after' | 'now'>): Timers {
  const tasks = new Set<Task>();
  let firesAt = Infinity;
  let cancel = (): void => {};

  const armFor = (at: number): void => {
    if (at >= firesAt) return;
    cancel();
    firesAt = at;
    cancel = after(Math.max(0, at - now()), fire);
  };
  const fire = (): void => {
    firesAt = Infinity;
    const time = now();
    for (const task of [...tasks].filter(({ at }) => at <= time)) {
      tasks.delete(task);
      task.run();
    }
    for (const { at } of tasks) armFor(at);
  };

  return {
    after: (ms, run) => {
      const task = { at: now() + ms, run };
      tasks.add(task);
      armFor(task.at);
      return () => void tasks.delete(task);
    },
    stop: () => {
      tasks.clear();
      cancel();
      firesAt = Infinity;
    },
  };
}
