// The load generator: a process of its own, so that it can be kept off the core of what it measures. Takes one job a
// message and answers with one sample. It speaks to 127.0.0.1 only, and a job ends by itself.

import process from 'node:process';
import { at, nowUs } from './clock.ts';
import { Connection, type Exchange } from './exchange.ts';
import type { LoadJob, LoadSample, Spread } from './load-job.ts';
import { cpuSeconds, peakMemoryMb, processTree, resetPeakMemory } from './process-usage.ts';
import { quantile } from './statistics.ts';

process.on('message', (job: LoadJob) => {
  void measure(job).then((sample) => process.send?.(sample));
});

/** How long the answers of an open loop may be outstanding after its window. */
const STRAGGLERS_MS = 2000;

async function measure(job: LoadJob): Promise<LoadSample> {
  const load = new Load(job);
  load.start();
  await sleep(job.warmMs);
  const targets = processTree(job.pid);
  resetPeakMemory(targets);
  const before = { target: cpuSeconds(targets), own: cpuSeconds([process.pid]), events: load.events };
  load.openWindow();
  await sleep(job.windowMs);
  const seconds = load.closeWindow() / 1e6;
  const events = load.events - before.events;
  const usage = {
    cpuSeconds: cpuSeconds(targets) - before.target,
    generatorCpuSeconds: cpuSeconds([process.pid]) - before.own,
    peakMemoryMb: peakMemoryMb(targets),
  };
  if (job.pace.kind === 'open') await load.settle(STRAGGLERS_MS);
  load.stop();
  return {
    requests: load.requests,
    requestsPerSecond: load.requests / seconds,
    events,
    eventsPerSecond: events / seconds,
    bad: load.bad,
    firstBad: load.firstBad,
    latencyMs: spread(load.latencyUs),
    firstByteMs: spread(load.firstByteUs),
    firstEventMs: spread(load.firstEventUs),
    transitMs: spread(load.transitUs),
    ...usage,
  };
}

class Load {
  readonly latencyUs: number[] = [];
  readonly firstByteUs: number[] = [];
  readonly firstEventUs: number[] = [];
  readonly transitUs: number[] = [];
  /** Good answers that ended in the window. */
  requests = 0;
  /** All content events since the start. */
  events = 0;
  bad = 0;
  firstBad: string | null = null;

  readonly #job: LoadJob;
  readonly #request: Buffer;
  readonly #connections: Connection[] = [];
  readonly #idle: Connection[] = [];
  #windowStartUs = Number.POSITIVE_INFINITY;
  #windowEndUs = Number.POSITIVE_INFINITY;

  constructor(job: LoadJob) {
    this.#job = job;
    this.#request = requestBytes(job);
  }

  start(): void {
    const { pace } = this.#job;
    switch (pace.kind) {
      case 'closed':
        // Not all at once: streams that start together would also pause together.
        for (let index = 0; index < pace.connections; index++)
          setTimeout(() => this.#ask(nowUs()), (index / pace.connections) * this.#job.warmMs);
        return;
      case 'open':
        this.#askAt(nowUs() + 1000, 1e6 / pace.perSecond);
        return;
    }
  }

  openWindow(): void {
    this.#windowStartUs = nowUs();
  }

  /** Its length in microseconds. */
  closeWindow(): number {
    this.#windowEndUs = nowUs();
    return this.#windowEndUs - this.#windowStartUs;
  }

  /** Waits for the answers to what was due in the window; what is missing then is bad. */
  async settle(patienceMs: number): Promise<void> {
    const deadlineUs = nowUs() + patienceMs * 1000;
    while (this.#connections.some(({ busy }) => busy) && nowUs() < deadlineUs) await sleep(10);
    const missing = this.#connections.filter(({ busy }) => busy).length;
    if (missing > 0) this.#countBad(`${missing} answers were not complete in time`);
  }

  stop(): void {
    for (const connection of this.#connections) connection.close();
  }

  #askAt(dueUs: number, everyUs: number): void {
    at(dueUs, () => {
      if (dueUs >= this.#windowEndUs) return;
      this.#ask(dueUs);
      this.#askAt(dueUs + everyUs, everyUs);
    });
  }

  #ask(dueUs: number): void {
    const connection = this.#idle.pop() ?? this.#connect();
    connection.ask(dueUs);
  }

  #connect(): Connection {
    const connection = new Connection(this.#job.port, this.#request, {
      onMark: (sentUs, arrivedUs) => this.#countEvent(sentUs, arrivedUs),
      onEnd: (exchange, ended) => {
        this.#count(exchange);
        this.#idle.push(ended);
        if (this.#job.pace.kind === 'closed' && this.#windowEndUs === Number.POSITIVE_INFINITY)
          this.#askAgain(exchange.trouble === null);
      },
    });
    this.#connections.push(connection);
    return connection;
  }

  /** After trouble a little later, so that a target that is down does not make a busy loop. */
  #askAgain(good: boolean): void {
    if (good) this.#ask(nowUs());
    else setTimeout(() => this.#ask(nowUs()), 50);
  }

  #countEvent(sentUs: number, arrivedUs: number): void {
    this.events += 1;
    if (sentUs !== 0 && this.#isInWindow(arrivedUs)) this.transitUs.push(arrivedUs - sentUs);
  }

  #count(exchange: Exchange): void {
    if (exchange.trouble !== null) return this.#countBad(exchange.trouble);
    if (exchange.marks !== this.#job.marks)
      return this.#countBad(`${exchange.marks} content events instead of ${this.#job.marks}`);
    if (this.#isInWindow(exchange.endedUs)) this.requests += 1;
    if (!this.#isInWindow(exchange.dueUs)) return;
    this.latencyUs.push(exchange.endedUs - exchange.dueUs);
    this.firstByteUs.push(exchange.firstByteUs - exchange.dueUs);
    this.firstEventUs.push(exchange.firstMarkUs - exchange.dueUs);
  }

  #countBad(reason: string): void {
    this.bad += 1;
    this.firstBad ??= reason;
  }

  #isInWindow(timeUs: number): boolean {
    return timeUs >= this.#windowStartUs && timeUs < this.#windowEndUs;
  }
}

function requestBytes({ port, path, headers, body }: LoadJob): Buffer {
  const lines = [
    `POST ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

function spread(valuesUs: readonly number[]): Spread {
  return { p50: inMs(quantile(valuesUs, 0.5)), p99: inMs(quantile(valuesUs, 0.99)) };
}

function inMs(valueUs: number | undefined): number | null {
  return valueUs === undefined ? null : valueUs / 1000;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
