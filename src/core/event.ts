// Our own vocabulary for a reply: a sequence of events. A JSON reply is the fold of the same sequence, so the two forms
// cannot disagree.
//
// Grammar: start? (block | usage)* finish | ... failure
//   - a block is start, delta*, end, all with the same `block` number; numbers count from 0 in order of their starts;
//     blocks may interleave (parallel tool calls do);
//   - `usage` comes when it is told, the prompt's part often before the first block; it may repeat, and the later report
//     wins bucket by bucket;
//   - exactly one of `finish` and `failure` comes last, and a `finish` only after the provider's terminal marker.

import type { Citation, OpaqueReasoning } from './chat.ts';
import type { Failure } from './failure.ts';
import type { JsonObject } from './json.ts';
import type { Usage } from './usage.ts';

export type ChatEvent =
  | {
      readonly type: 'start';
      readonly id?: string;
      readonly model?: string;
      /** Seconds since the epoch. */
      readonly createdAt?: number;
    }
  /** `refusal`: the text says why the model declines. */
  | { readonly type: 'text-start'; readonly block: number; readonly refusal?: true }
  | {
      readonly type: 'text-delta';
      readonly block: number;
      readonly text: string;
      readonly logprobs?: readonly TokenLogprob[];
    }
  | { readonly type: 'text-end'; readonly block: number }
  | { readonly type: 'reasoning-start'; readonly block: number }
  | { readonly type: 'reasoning-delta'; readonly block: number; readonly text: string }
  /** The opaque part belongs to the whole block and is complete here. */
  | { readonly type: 'reasoning-end'; readonly block: number; readonly opaque?: OpaqueReasoning }
  | {
      readonly type: 'tool-call-start';
      readonly block: number;
      readonly id: string;
      readonly name: string;
      readonly custom?: true;
    }
  /** A fragment of the arguments' JSON text: the fragments joined are the arguments, and may be empty. */
  | { readonly type: 'tool-call-delta'; readonly block: number; readonly arguments: string }
  | { readonly type: 'tool-call-end'; readonly block: number }
  | { readonly type: 'citation'; readonly block: number; readonly citation: Citation }
  /** A content block that only its own dialect understands, whole. */
  | {
      readonly type: 'opaque';
      readonly block: number;
      readonly dialect: string;
      readonly content: JsonObject;
    }
  | { readonly type: 'usage'; readonly usage: Usage }
  | {
      readonly type: 'finish';
      readonly reason: FinishReason;
      /** The stop string that ended it, where the provider tells. */
      readonly stopSequence?: string;
      /** Why the provider refused, in its words. */
      readonly refusal?: string;
    }
  | { readonly type: 'failure'; readonly failure: Failure; readonly class: StreamFailureClass };

/** The classes that a stream can fail with after its headers were good. */
export type StreamFailureClass =
  | 'client'
  | 'auth'
  | 'quota'
  | 'ratelimit'
  | 'overload'
  | 'server'
  | 'timeout'
  | 'protocol';

export type FinishReason = {
  readonly unified:
    | 'stop'
    | 'stop-sequence'
    | 'length'
    | 'context-full'
    | 'tool-calls'
    | 'content-filter'
    | 'refusal'
    | 'paused'
    | 'other';
  /** The provider's own word; absent when the provider gave none. */
  readonly raw?: string;
};

/** https://platform.openai.com/docs/api-reference/chat/object: one entry of `logprobs.content`, passed as it is. */
export type TokenLogprob = JsonObject;
