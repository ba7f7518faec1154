// What a run found: per scenario and target one figure a column and round, their medians, and their ratios to the
// baseline of the same round.

import type { LoadSample } from './load-job.ts';
import type { Column, Scenario } from './scenarios.ts';
import { median } from './statistics.ts';
import { BASELINE, DIRECT } from './targets.ts';

/** The samples of one scenario, by target; the rounds in order. */
export type Rounds = ReadonlyMap<string, readonly LoadSample[]>;

export type Figure = {
  readonly median: number | null;
  readonly rounds: readonly (number | null)[];
  /** The median of the rounds' ratios: what moves all targets of a round together cancels out. */
  readonly ratioToBaseline: number | null;
};

export type Row = { readonly target: string; readonly figures: Readonly<Record<string, Figure>> };
export type Table = { readonly scenario: string; readonly title: string; readonly rows: readonly Row[] };

export function tableOf(scenario: Scenario, rounds: Rounds): Table {
  return {
    scenario: scenario.name,
    title: scenario.title,
    rows: [...rounds.keys()].map((target) => ({
      target,
      figures: Object.fromEntries(
        scenario.columns.map((column) => [column.title, figureOf(column, target, rounds)]),
      ),
    })),
  };
}

function figureOf(column: Column, target: string, rounds: Rounds): Figure {
  const values = valuesOf(column, target, rounds);
  const baseline = valuesOf(column, BASELINE, rounds);
  const ratios = values.map((value, round) => ratio(value, baseline[round] ?? null));
  return {
    median: medianOf(values),
    rounds: values,
    ratioToBaseline: column.compared ? medianOf(ratios) : null,
  };
}

function valuesOf(column: Column, target: string, rounds: Rounds): readonly (number | null)[] {
  const direct = rounds.get(DIRECT);
  return (rounds.get(target) ?? []).map((sample, round) => column.value(sample, direct?.[round]));
}

function ratio(value: number | null, baseline: number | null): number | null {
  return value === null || baseline === null || baseline === 0 ? null : value / baseline;
}

function medianOf(values: readonly (number | null)[]): number | null {
  return median(values.filter((value) => value !== null)) ?? null;
}
