// Reports as isolates send them, for tests of whoever receives them.

import type { Report, Sighting } from '../../src/routing/reports.ts';
import { NO_FLOW } from '../../src/routing/traffic.ts';

export const sighting = (at: number, more: Partial<Sighting> = {}): Sighting => ({
  model: 'm',
  credential: '0',
  outcome: 'ok',
  at,
  count: 1,
  slow: 0,
  ttft: [],
  rewards: { won: 0, lost: 0 },
  ...more,
});

export const report = (isolate: string, seq: number, sentAt: number, more: Partial<Report> = {}): Report => ({
  v: 1,
  isolate,
  seq,
  sentAt,
  synced: true,
  sightings: [],
  flow: NO_FLOW,
  inFlight: {},
  probes: [],
  asks: [],
  wantsRetry: false,
  ...more,
});
