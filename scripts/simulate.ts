// The simulated fleet: writes docs/simulation.md, or runs many seeds of chaos: `npm run simulate -- --seeds 200000`.

import { writeFileSync } from 'node:fs';
import { chaos } from '../test/simulation/chaos.ts';
import { alone, measure, scenarios, type Figures } from '../test/simulation/scenarios.ts';

const [flag, count] = process.argv.slice(2);
if (flag === '--seeds') runSeeds(Number(count));
else writeFileSync('docs/simulation.md', page());

function runSeeds(seeds: number) {
  for (let seed = 0; seed < seeds; seed += 1) {
    const { violations } = chaos(seed);
    if (violations.length > 0) {
      console.error(`seed ${seed}:`, violations);
      process.exitCode = 1;
    }
  }
  console.log(`${seeds} seeds`);
}

function page(): string {
  const rows = scenarios.flatMap((scenario) => [
    row(`${scenario.name}: ${scenario.what}`, 'together', measure(scenario)),
    row('', 'each alone', measure(scenario, alone(scenario.plan))),
  ]);
  return `# What a fleet does in an outage

Written by \`npm run simulate\`; a model, to be read as ratios. 1,000 isolates in 100 colos, 50 requests a second, two
providers: \`a\` is the first choice and has its trouble after 20 s, \`b\` catches. "Together" is the breaker of this
repository: reports to one object a provider, snapshots shared by a colo. "Each alone" is the same breaker kept by every
isolate for itself. The last two columns are good replies of \`b\` a second in the last minute (in the failover storm it can
do 30) and how often \`b\` was opened.

| situation | breaker | attempts at \`a\` | 95 % diverted after | errors | kept back | attempts a request | calls of \`a\`'s, \`b\`'s object a request | \`b\`/s | \`b\` opened |
|---|---|---|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

function row(situation: string, breaker: string, figures: Figures): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const calls = Object.values(figures.callsPerRequest).map((one) => one.toFixed(2));
  const cells = [
    situation,
    breaker,
    String(figures.toSick),
    figures.divertedMs === undefined ? 'never' : `${(figures.divertedMs / 1000).toFixed(1)} s`,
    percent(figures.failedShare),
    percent(figures.refusedShare),
    figures.attemptsPerRequest.toFixed(2),
    calls.join(', '),
    figures.goodputOfB.toFixed(1),
    String(figures.openingsOfB),
  ];
  return `| ${cells.join(' | ')} |`;
}
