// What the gateway promises about its speed, and whether this run confirms it. Only ratios within one run and small
// differences are promised: nothing else survives a change of machine.

import type { Figure, Table } from './results.ts';
import { BASELINE } from './targets.ts';

export type Verdict = { readonly claim: string; readonly got: string; readonly holds: boolean };

type Place = { readonly scenario: string; readonly target: string; readonly column: string };

const CPU_REQUEST = 'CPU ms / request';
const CPU_EVENT = 'CPU µs / event';
const FIRST_EVENT = 'first event added p50 ms';
const LATENCY = 'added p50 ms';

const baselineRatios: readonly (Place & { readonly max: number })[] = [
  { scenario: 'tput', target: 'gateway', column: CPU_REQUEST, max: 1.5 },
  { scenario: 'tput', target: 'gateway-anthropic', column: CPU_REQUEST, max: 1.5 },
  ...['burst50', 'burst500', 'paced50', 'paced500'].flatMap((scenario) => [
    { scenario, target: 'gateway', column: CPU_EVENT, max: 1.6 },
    { scenario, target: 'gateway-anthropic', column: CPU_EVENT, max: 1.6 },
  ]),
];

const limits: readonly (Place & { readonly max: number })[] = [
  { scenario: 'ttfb', target: 'gateway', column: FIRST_EVENT, max: 1.5 },
  { scenario: 'ttfb', target: 'gateway-anthropic', column: FIRST_EVENT, max: 1.5 },
  { scenario: 'ttfb', target: 'gateway-translated', column: FIRST_EVENT, max: 1.5 },
];

const racedColumns: readonly (readonly [scenario: string, column: string])[] = [
  ['tput', CPU_REQUEST],
  ['tput200k', CPU_REQUEST],
  ['lat200', LATENCY],
  ['burst50', CPU_EVENT],
  ['burst500', CPU_EVENT],
  ['paced50', CPU_EVENT],
  ['paced500', CPU_EVENT],
  ['ttfb', FIRST_EVENT],
];
const racedTargets = [
  ['gateway', 'portkey'],
  ['gateway-translated', 'portkey-translated'],
] as const;

/** Of what this run measured. */
export function judge(tables: readonly Table[]): readonly Verdict[] {
  return [
    ...baselineRatios.flatMap((goal) => {
      const got = find(tables, goal)?.ratioToBaseline ?? null;
      return verdict(
        `${goal.scenario}: ${goal.target}, ${goal.column} ≤ ${goal.max} × ${BASELINE}`,
        got,
        goal.max,
      );
    }),
    ...limits.flatMap((goal) => {
      const got = find(tables, goal)?.median ?? null;
      return verdict(`${goal.scenario}: ${goal.target}, ${goal.column} ≤ ${goal.max}`, got, goal.max);
    }),
    ...racedColumns.flatMap(([scenario, column]) =>
      racedTargets.flatMap(([ours, peer]) => {
        const got = find(tables, { scenario, target: ours, column })?.median ?? null;
        const theirs = find(tables, { scenario, target: peer, column })?.median ?? null;
        return theirs === null
          ? []
          : verdict(`${scenario}: ${ours}, ${column} below ${peer} (${theirs.toFixed(2)})`, got, theirs);
      }),
    ),
  ];
}

function verdict(claim: string, got: number | null, max: number): readonly Verdict[] {
  return got === null ? [] : [{ claim, got: got.toFixed(2), holds: got <= max }];
}

function find(tables: readonly Table[], { scenario, target, column }: Place): Figure | undefined {
  const table = tables.find((candidate) => candidate.scenario === scenario);
  return table?.rows.find((row) => row.target === target)?.figures[column];
}
