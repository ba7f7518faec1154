// Every scenario there is, in the groups that share a gateway.

import type { Scenario } from './matrix.ts';
import { broken } from './scenarios/broken.ts';
import { chat } from './scenarios/chat.ts';
import { hangUp } from './scenarios/hang-up.ts';
import { loops } from './scenarios/loops.ts';
import { media } from './scenarios/media.ts';
import { reasoning } from './scenarios/reasoning.ts';
import { refusals } from './scenarios/refusals.ts';
import { refusedHere } from './scenarios/refused-here.ts';
import { refusedUpstream } from './scenarios/refused-upstream.ts';
import { settings } from './scenarios/settings.ts';
import { structured } from './scenarios/structured.ts';
import { system } from './scenarios/system.ts';
import { tools } from './scenarios/tools.ts';

export const CONVERSATIONS: readonly Scenario[] = [
  ...chat,
  ...refusals,
  ...system,
  ...settings,
  ...tools,
  ...loops,
  ...structured,
  ...media,
  ...reasoning,
];
export const FAILURES: readonly Scenario[] = [...refusedUpstream, ...refusedHere, ...broken];
export const HANG_UPS: readonly Scenario[] = hangUp;
