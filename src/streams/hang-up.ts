// Whether the caller has hung up, and who wants to know. A plain object: the runtime's own signals cost some µs in every
// request, and nearly no request needs one.

export type HangUp = {
  readonly happened: () => boolean;
  /** Runs `task` when it happens, at once if it has; the result takes that back. */
  readonly whenHappens: (task: () => void) => () => void;
  readonly report: () => void;
};

export function createHangUp(): HangUp {
  const tasks = new Set<() => void>();
  let happened = false;
  const report = (): void => {
    if (happened) return;
    happened = true;
    for (const task of tasks) task();
    tasks.clear();
  };
  return {
    happened: () => happened,
    whenHappens: (task) => {
      if (happened) task();
      else tasks.add(task);
      return () => void tasks.delete(task);
    },
    report,
  };
}
