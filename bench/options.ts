// The command line.

import { parseArgs } from 'node:util';
import { scenarios, type Scenario } from './scenarios.ts';
import { targets, type Target } from './targets.ts';

export type Options = {
  readonly scenarios: readonly Scenario[];
  readonly targets: readonly Target[];
  readonly repeats: number;
  readonly warmMs: number;
  readonly windowMs: number;
  /** Everything, with all repeats: only such a run replaces the published results. */
  readonly complete: boolean;
  readonly jsonFile?: string;
};

export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'string' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      targets: { type: 'string' },
    },
  });
  return {
    scenarios: pick(scenarios, values.only),
    targets: pick(targets, values.targets),
    ...(values.quick ? QUICK : FULL),
    complete: !values.quick && values.only === undefined && values.targets === undefined,
    ...(values.json === undefined ? {} : { jsonFile: values.json }),
  };
}

const FULL = { repeats: 3, warmMs: 700, windowMs: 2300 };
const QUICK = { repeats: 1, warmMs: 500, windowMs: 2000 };

function pick<T extends { readonly name: string }>(
  all: readonly T[],
  list: string | undefined,
): readonly T[] {
  if (list === undefined) return all;
  return list.split(',').map((name) => {
    const found = all.find((item) => item.name === name);
    if (found === undefined)
      throw new Error(`there is no ${name}; there are ${all.map((item) => item.name).join(', ')}`);
    return found;
  });
}
