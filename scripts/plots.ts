// The pictures of docs/balancers.md, drawn from the same simulations that the tests hold to their claims. Plain SVG.

import { writeFileSync } from 'node:fs';
import { NO_MEMORY, type Contender } from '../src/routing/balancers/balancer.ts';
import { balancers, type StrategyName } from '../src/routing/balancers/index.ts';
import { drawsFrom } from '../src/routing/draws.ts';
import { herding, learn, leastOfAll, mean } from '../test/simulation/balancing.ts';

type Line = { readonly name: string; readonly values: readonly number[] };
type Axes = {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly top: number;
  readonly from?: number;
};

const COLOURS = ['#0b6bcb', '#c8553d', '#2a9d8f', '#8e5ea2', '#e9a03b', '#555555'];
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [720, 320, 50, 150, 40, 40];

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);

write(
  'herding',
  lines({ title: 'Busiest target over the mean, news 2 s old', x: 'seconds', y: '×', top: 3, from: 1 }, [
    { name: 'two choices, fresh', values: herding(balancers['least-connections'], 0, 1) },
    { name: 'two choices', values: herding(balancers['least-connections'], 2000, 1) },
    { name: 'least of all', values: herding(leastOfAll, 2000, 1) },
  ]),
);
write(
  'adaptive',
  lines(
    {
      title: 'Good replies; the best target becomes the worst after 15 minutes',
      x: 'minutes',
      y: 'share',
      top: 1,
    },
    [
      learned('oracle'),
      learned('adaptive'),
      learned('round-robin'),
      learned('least-latency'),
      learned('in-order'),
    ],
  ),
);
write(
  'shares',
  bars('Shares of 100,000 picks, and what the formula says', [
    ...shares('round-robin', [5, 1, 1], [5 / 7, 1 / 7, 1 / 7], (weight) => ({ weight })),
    ...shares('weighted-random', [5, 3, 2], [0.5, 0.3, 0.2], (weight) => ({ weight })),
    ...shares('cost-spread', [1, 2, 3], [36 / 49, 9 / 49, 4 / 49], (cost) => ({ cost })),
    ...shares('least-connections', [0, 1, 2, 3], [3 / 6, 2 / 6, 1 / 6, 0], (inFlight) => ({ inFlight })),
    ...shares('least-latency', [300, 600, 1200], [2 / 3, 1 / 3, 0], (latencyMs) => ({ latencyMs })),
  ]),
);

function learned(name: StrategyName | 'oracle'): Line {
  const runs = SEEDS.map((seed) => learn(name, seed).rewards);
  return { name, values: (runs[0] ?? []).map((_, minute) => mean(runs.map((run) => run[minute] ?? 0))) };
}

type Bar = { readonly name: string; readonly share: number; readonly expected: number };

function shares(
  name: StrategyName,
  values: readonly number[],
  expected: readonly number[],
  as: (value: number) => Partial<Contender>,
): readonly Bar[] {
  const draw = drawsFrom(0.5);
  const contenders = values.map((value, k) => ({
    id: String(k),
    weight: 1,
    inFlight: 0,
    rewards: { won: 0, lost: 0 },
    ...as(value),
  }));
  const counts = values.map(() => 0);
  let memory = NO_MEMORY;
  for (let k = 0; k < 100_000; k += 1) {
    const balanced = balancers[name](contenders, memory, draw);
    memory = balanced.memory;
    const pick = Number(balanced.ranking[0]?.id);
    counts[pick] = (counts[pick] ?? 0) + 1;
  }
  return values.map((value, k) => ({
    name: `${name} ${value}`,
    share: (counts[k] ?? 0) / 100_000,
    expected: expected[k] ?? 0,
  }));
}

function lines({ title, x, y, top, from = 0 }: Axes, drawn: readonly Line[]): string {
  const count = Math.max(...drawn.map(({ values }) => values.length));
  const px = (index: number) => LEFT + (index / (count - 1)) * (WIDTH - LEFT - RIGHT);
  const py = (value: number) => HEIGHT - BOTTOM - ((value - from) / (top - from)) * (HEIGHT - TOP - BOTTOM);
  const paths = drawn.map(({ name, values }, k) => {
    const points = values
      .map((value, index) => `${px(index).toFixed(1)},${py(Math.min(top, value)).toFixed(1)}`)
      .join(' ');
    const label = `<text x="${WIDTH - RIGHT + 10}" y="${TOP + 14 + 18 * k}" fill="${COLOURS[k]}">${name}</text>`;
    return `<polyline points="${points}" fill="none" stroke="${COLOURS[k]}" stroke-width="1.5"/>${label}`;
  });
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const value = from + share * (top - from);
    return `<text x="${LEFT - 6}" y="${py(value) + 4}" text-anchor="end">${Number(value.toFixed(2))}</text><line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${py(value)}" y2="${py(value)}" stroke="#dddddd"/>`;
  });
  const ends = `<text x="${LEFT}" y="${HEIGHT - 14}">0</text><text x="${WIDTH - RIGHT}" y="${HEIGHT - 14}" text-anchor="end">${count} ${x}</text><text x="${LEFT - 6}" y="${TOP - 8}" text-anchor="end">${y}</text>`;
  return svg(title, HEIGHT, [...ticks, ends, ...paths]);
}

function bars(title: string, drawn: readonly Bar[]): string {
  const scale = (share: number) => share * 440;
  const rows = drawn.map(({ name, share, expected }, k) => {
    const top = TOP + 8 + 18 * k;
    return `<text x="160" y="${top + 11}" text-anchor="end">${name}</text><rect x="168" y="${top}" width="${scale(share).toFixed(1)}" height="13" fill="${COLOURS[0]}"/><line x1="${168 + scale(expected)}" x2="${168 + scale(expected)}" y1="${top - 2}" y2="${top + 15}" stroke="${COLOURS[1]}" stroke-width="2"/><text x="${176 + scale(Math.max(share, expected))}" y="${top + 11}">${(100 * share).toFixed(1)} %</text>`;
  });
  return svg(title, TOP + 24 + 18 * drawn.length, rows);
}

function svg(title: string, height: number, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12"><rect width="${WIDTH}" height="${height}" fill="white"/><text x="${LEFT}" y="20" font-size="14">${title}</text>${parts.join('')}</svg>\n`;
}

function write(name: string, content: string) {
  writeFileSync(`docs/balancers-${name}.svg`, content);
}
