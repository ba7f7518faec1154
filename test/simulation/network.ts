// Messages between isolates and objects: late, lost, twice, out of order, or not at all while a colo is cut off.

import type { Scheduler } from './scheduler.ts';

export type NetworkFaults = {
  readonly delayMsMax: number;
  readonly lost: number;
  readonly twice: number;
  /** Share of messages that take twenty times as long, and so are overtaken. */
  readonly late: number;
  /** Whether a colo reaches the objects at that time. */
  readonly isCutOff: (colo: number, ms: number) => boolean;
};

export const GOOD_NETWORK: NetworkFaults = {
  delayMsMax: 40,
  lost: 0,
  twice: 0,
  late: 0,
  isCutOff: () => false,
};

/** Carries `deliver` over; it runs once, never, or twice. */
export function carry(
  { delayMsMax, lost, twice, late, isCutOff }: NetworkFaults,
  colo: number,
  time: { readonly scheduler: Scheduler; readonly sinceStart: number; readonly random: () => number },
  deliver: () => void,
) {
  const { scheduler, random } = time;
  const copies = random() < twice ? 2 : 1;
  for (let copy = 0; copy < copies; copy += 1) {
    const delay = (2 + random() * delayMsMax) * (random() < late ? 20 : 1);
    if (random() < lost || isCutOff(colo, time.sinceStart)) continue;
    scheduler.after(delay, deliver);
  }
}
