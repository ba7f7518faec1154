// Signatures by HMAC-SHA-256, made at once: a promise for one would cost more than the signature.

import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Signer } from '../core/ports.ts';
import type { Settings } from '../pipeline/settings.ts';

export function createSigner(key: string): Signer {
  const keyBytes = utf8(key);
  // A label has no line break, so no label and text can be mistaken for another pair.
  const sign: Signer['sign'] = (label, text) =>
    hmac(sha256, keyBytes, utf8(`${label}\n${text}`)).toBase64(BASE64URL);
  return { sign, verify: (label, text, signature) => areEqual(sign(label, text), signature) };
}

/**
 * `SIGNING_SECRET`, or what only this deployment knows: its keys, as digests and sorted, so that neither their order nor
 * the way a key is written changes it. A new or withdrawn key does.
 */
export function signingKey({
  signingSecret,
  enabled,
  clientKeys,
}: Pick<Settings, 'signingSecret' | 'enabled' | 'clientKeys'>): string {
  if (signingSecret !== undefined) return signingSecret;
  const digests = [...enabled.flatMap(({ keys }) => keys), ...clientKeys].map((key) =>
    /^sha256:/i.test(key) ? key.slice('sha256:'.length).toLowerCase() : hexDigest(key),
  );
  return hexDigest(['llm-proxy signing key', ...digests.toSorted()].join('\n'));
}

const BASE64URL = { alphabet: 'base64url', omitPadding: true } as const;
const encoder = new TextEncoder();
const utf8 = (text: string): Uint8Array => encoder.encode(text);
const hexDigest = (text: string): string => sha256(utf8(text)).toHex();

/** Looks at every character whatever the earlier ones were; the length of a signature is no secret. */
function areEqual(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let at = 0; at < left.length; at++) difference |= left.charCodeAt(at) ^ right.charCodeAt(at);
  return difference === 0;
}
