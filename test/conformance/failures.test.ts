// What goes wrong, at a provider, here, or in the middle of a stream, as the SDKs' exceptions tell it.

import { conform } from './conform.ts';
import { SPREAD_TARGETS } from './scenarios/refused-upstream.ts';
import { FAILURES } from './suite.ts';

const CONFIGURATION = JSON.stringify({
  version: 1,
  bodyBytesMax: 65_536,
  timeouts: { idleMs: 250 },
  // Some of the providers take any name, so the one name that nobody takes is a route that leads nowhere.
  routes: { 'no-model': { targets: ['nobody/no-model'] }, ...SPREAD_TARGETS },
});

conform(FAILURES, { CONFIGURATION });
