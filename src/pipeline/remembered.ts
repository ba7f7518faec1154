// What is remembered of a reply: its events, and what the request lost on its way to them.

import * as z from 'zod/mini';
import type { ChatEvent } from '../core/event.ts';
import type { Loss } from '../dialects/dialect.ts';

export type Remembered = {
  readonly events: readonly ChatEvent[];
  readonly losses: readonly Loss[];
  /** The stream was not asked for a report of its usage, and a caller who is to be given one is not given this. */
  readonly isUncounted?: true | undefined;
  /** What the model reasoned stands there as callers of this dialect bring it back; absent: it is for any. */
  readonly dialect?: string | undefined;
};

const rememberedSchema = z.object({
  events: z.array(z.custom<ChatEvent>(isEvent)),
  isUncounted: z.optional(z.literal(true)),
  dialect: z.optional(z.string()),
  losses: z.array(z.object({ action: z.enum(['dropped', 'emulated', 'clamped']), field: z.string() })),
});

export function writeRemembered(remembered: Remembered): string {
  return JSON.stringify(remembered);
}

/** `undefined` for a text that we did not write. */
export function readRemembered(value: string): Remembered | undefined {
  try {
    return z.safeParse(rememberedSchema, JSON.parse(value)).data;
  } catch {
    return undefined;
  }
}

function isEvent(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value;
}
