// What bookkeeping needs to know of a reply, gathered while its events go by: usage, how it ended, and how much text
// was passed on, in constant memory.

import { estimateTokens } from '../core/estimate.ts';
import type { ChatEvent, FinishReason } from '../core/event.ts';
import type { Failure } from '../core/failure.ts';
import { mergeUsage, type Usage } from '../core/usage.ts';

export type Observation = {
  usage: Usage | undefined;
  finish: FinishReason | undefined;
  failure: Failure | undefined;
  /** The model that answered, in the provider's words. */
  model: string | undefined;
  /** UTF-16 units of text, reasoning and arguments: what an estimate of tokens rests on when none are reported. */
  outputChars: number;
};

export function createObservation(): Observation {
  return { usage: undefined, finish: undefined, failure: undefined, model: undefined, outputChars: 0 };
}

/** Changes `seen` in place: this runs for every event of every stream. */
export function observe(seen: Observation, event: ChatEvent): void {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
      seen.outputChars += event.text.length;
      return;
    case 'tool-call-delta':
      seen.outputChars += event.arguments.length;
      return;
    case 'start':
      seen.model = event.model ?? seen.model;
      return;
    case 'usage':
      seen.usage = mergeUsage(seen.usage, event.usage);
      return;
    case 'finish':
      seen.finish = event.reason;
      return;
    case 'failure':
      seen.failure = event.failure;
      return;
    case 'text-start':
    case 'text-end':
    case 'reasoning-start':
    case 'reasoning-end':
    case 'tool-call-start':
    case 'tool-call-end':
    case 'citation':
    case 'opaque':
  }
}

/** After this event a failure can no longer be hidden from the caller by trying elsewhere. */
export function isContent(event: ChatEvent): boolean {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
      return event.text !== '';
    case 'reasoning-end':
      return event.opaque !== undefined;
    case 'tool-call-start':
    case 'citation':
    case 'opaque':
      return true;
    case 'start':
    case 'text-start':
    case 'text-end':
    case 'reasoning-start':
    case 'tool-call-delta':
    case 'tool-call-end':
    case 'usage':
    case 'finish':
    case 'failure':
      return false;
  }
}

/** Output tokens of a reply whose provider reported none. */
export function estimateOutputTokens(seen: Observation): number {
  return estimateTokens(seen.outputChars);
}
