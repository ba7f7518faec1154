// One clock for all processes of the benchmark: the upstream writes the time into what it sends and the load generator,
// another process, subtracts it from its own.

/** Microseconds of the machine's monotonic clock, which is the same in every process. */
export function nowUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + nanoseconds / 1e3;
}

/** Calls `run` at the due time. Node's timers count whole milliseconds, so the last two are spent polling. */
export function at(dueUs: number, run: () => void): void {
  const waitUs = dueUs - nowUs();
  if (waitUs > POLLED_US) setTimeout(at, Math.floor((waitUs - POLLED_US) / 1000), dueUs, run);
  else if (waitUs > 0) setImmediate(at, dueUs, run);
  else run();
}

const POLLED_US = 2000;
