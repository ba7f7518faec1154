// Time of the simulation: a heap of what is due, in order of time and then of being planned. Nothing else makes it pass.

export type Scheduler = {
  readonly now: () => number;
  readonly after: (ms: number, task: () => void) => void;
  /** Runs what is due until then, and lets the time be `until`. */
  readonly run: (until: number) => void;
  readonly pending: () => number;
};

type Due = { readonly at: number; readonly turn: number; readonly task: () => void };

export function createScheduler(start: number): Scheduler {
  const heap: Due[] = [];
  let time = start;
  let turn = 0;
  const isBefore = (a: Due, b: Due) => a.at < b.at || (a.at === b.at && a.turn < b.turn);
  const swap = (i: number, j: number) => {
    [heap[i], heap[j]] = [heap[j]!, heap[i]!];
  };
  const push = (due: Due) => {
    let i = heap.push(due) - 1;
    while (i > 0 && isBefore(heap[i]!, heap[(i - 1) >> 1]!)) {
      swap(i, (i - 1) >> 1);
      i = (i - 1) >> 1;
    }
  };
  const pop = (): Due | undefined => {
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || top === last) return top;
    heap[0] = last;
    for (let i = 0; ;) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      let least = i;
      if (left < heap.length && isBefore(heap[left]!, heap[least]!)) least = left;
      if (right < heap.length && isBefore(heap[right]!, heap[least]!)) least = right;
      if (least === i) return top;
      swap(i, least);
      i = least;
    }
  };
  return {
    now: () => time,
    after: (ms, task) => {
      turn += 1;
      push({ at: time + Math.max(0, ms), turn, task });
    },
    run: (until) => {
      while (heap[0] !== undefined && heap[0].at <= until) {
        const due = pop();
        if (due === undefined) break;
        time = due.at;
        due.task();
      }
      time = Math.max(time, until);
    },
    pending: () => heap.length,
  };
}
