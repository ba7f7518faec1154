// What did not arrive as the caller meant it, gathered while a request is written: each loss once.

import type { Loss } from './dialect.ts';

export type Losses = {
  readonly add: (action: Loss['action'], field: string) => void;
  readonly list: () => readonly Loss[];
};

export function createLosses(): Losses {
  const losses = new Map<string, Loss>();
  return {
    add: (action, field) => {
      losses.set(`${action} ${field}`, { action, field });
    },
    list: () => [...losses.values()],
  };
}
