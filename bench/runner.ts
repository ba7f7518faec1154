// Measures one target in one scenario, and remembers who gave bad answers.

import { startLoadGenerator, type LoadGenerator } from './load-generator.ts';
import type { LoadSample } from './load-job.ts';
import { requestOf } from './requests.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import type { Server, ServerName } from './servers.ts';
import type { Target } from './targets.ts';

export type Length = { readonly warmMs: number; readonly windowMs: number };

export class Runner {
  readonly bad: string[] = [];

  readonly #generator: LoadGenerator = startLoadGenerator();
  readonly #servers: ReadonlyMap<ServerName, Server>;
  readonly #upstreamPort: number;

  constructor(servers: ReadonlyMap<ServerName, Server>, upstreamPort: number) {
    this.#servers = servers;
    this.#upstreamPort = upstreamPort;
  }

  async measure(target: Target, scenario: Scenario, length: Length): Promise<LoadSample> {
    const server = this.#servers.get(target.server);
    if (server === undefined) throw new Error(`${target.server} was not started`);
    const sample = await this.#generator.measure({
      ...requestOf(target, scenario, this.#upstreamPort),
      ...length,
      ...server,
      pace: scenario.pace,
    });
    if (sample.firstBad !== null)
      this.bad.push(`${target.name} in ${scenario.name}, ${sample.bad} times, first: ${sample.firstBad}`);
    return sample;
  }

  /** Node compiles a server's code while it runs for the first seconds: nobody is measured during that time. */
  async warmUp(target: Target): Promise<void> {
    for (const scenario of scenarios.filter(({ name }) => WARM_UP.has(name))) {
      console.error(`bench: warming ${target.name} with ${scenario.name}`);
      await this.measure(target, scenario, { warmMs: 200, windowMs: 1800 });
    }
  }
}

const WARM_UP: ReadonlySet<string> = new Set(['tput', 'burst50']);
