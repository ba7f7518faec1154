// What did not arrive as the caller meant it, gathered while a request is written: each field once.

import type { Loss } from '../dialect.ts';

export type Losses = {
  readonly add: (action: Loss['action'], field: string) => void;
  readonly list: () => readonly Loss[];
};

export function createLosses(): Losses {
  const losses: Loss[] = [];
  return {
    add: (action, field) => {
      const isKnown = losses.some((loss) => loss.action === action && loss.field === field);
      if (!isKnown) losses.push({ action, field });
    },
    list: () => losses,
  };
}
