// Scenarios as tests: one gateway for a file, one named test for each cell that has a check.

import { afterAll, beforeAll, beforeEach, describe, test } from 'vitest';
import { describePlace, PLACES, type Scenario } from './matrix.ts';
import { openWorld, type World } from './world.ts';

/** `environment`: what the gateway is started with besides its providers. */
export function conform(
  scenarios: readonly Scenario[],
  environment: Readonly<Record<string, string>> = {},
): void {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(environment);
  });
  beforeEach(() => world.reset());
  afterAll(() => world.close());

  for (const { name, cell } of scenarios) {
    describe(name, () => {
      for (const place of PLACES) {
        const filled = cell(place);
        if (typeof filled === 'function') test(describePlace(place), () => filled(world));
        else if ('missing' in filled) test.fails(describePlace(place), () => filled.check(world));
      }
    });
  }
}
