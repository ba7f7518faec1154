// What a vendor must get back for its model to go on reasoning, sealed for callers who speak another dialect:
//
//   gw1.<origin>.<payload>.<signature>
//
// The origin is who takes it back; the payload is the reasoning in our vocabulary, in base64url. It is signed and not
// encrypted: the caller has seen the text, and what the vendor wants to hide it has encrypted itself. The signature keeps a
// caller from putting words into a model's mouth, and a vendor from being sent what another one made.

import { SEALED_FORMAT, type OpaqueReasoning, type ReasoningPart } from '../core/chat.ts';
import type { Signer } from '../core/ports.ts';

export type ReasoningSeal = {
  /** `undefined` for what is too large to be carried to and fro. */
  readonly seal: (reasoning: SealedReasoning) => OpaqueReasoning | undefined;
  /** `undefined` for what was not sealed by us, or comes from elsewhere. Never throws. */
  readonly open: (data: string) => SealedReasoning | undefined;
};

export type SealedReasoning = {
  /** All that was reasoned in a reply, or one block of it. */
  readonly scope: 'reply' | 'block';
  readonly blocks: readonly ReasoningPart[];
};

/** Whether a string has the form of a seal: nothing of any vendor's begins like this. */
export function looksSealed(data: string): boolean {
  return data.startsWith(PREFIX);
}

/** Whether a body may hold one: cheap, and right whenever it says no. */
export function mayHoldSeal(body: string): boolean {
  return body.includes(`"${PREFIX}`);
}

const PREFIX = 'gw1.';
const LABEL = 'reasoning';

/** It travels in one event of a stream, which may be a mebibyte; no model reasons half as long. */
const PAYLOAD_CHARS_MAX = 1_000_000;

export function createReasoningSeal(origin: string, signer: Signer): ReasoningSeal {
  const head = `${PREFIX}${encodeURIComponent(origin).replaceAll('.', '%2E')}`;
  return {
    seal: ({ scope, blocks }) => {
      const payload = encode(JSON.stringify({ scope, blocks }));
      if (payload.length > PAYLOAD_CHARS_MAX) return undefined;
      const text = `${head}.${payload}`;
      const isBare = blocks.every((block) => block.text === '');
      return {
        format: SEALED_FORMAT,
        kind: scope === 'reply' || isBare ? 'encrypted' : 'signature',
        data: `${text}.${signer.sign(LABEL, text)}`,
      };
    },
    open: (data) => {
      const end = data.lastIndexOf('.');
      const text = data.slice(0, end);
      if (!text.startsWith(`${head}.`) || !signer.verify(LABEL, text, data.slice(end + 1))) return undefined;
      // Signed by us, it is what `seal` made.
      return JSON.parse(decode(text.slice(head.length + 1))) as SealedReasoning;
    },
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function encode(text: string): string {
  return encoder.encode(text).toBase64({ alphabet: 'base64url', omitPadding: true });
}

function decode(base64url: string): string {
  return decoder.decode(Uint8Array.fromBase64(base64url, { alphabet: 'base64url' }));
}
