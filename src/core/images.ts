// What we talk about when a caller wants pictures.

import type { JsonObject } from './json.ts';
import type { Usage } from './usage.ts';

export type ImageReply = {
  /** Seconds since the epoch. */
  readonly createdAt?: number;
  readonly images: readonly GeneratedImage[];
  readonly usage?: Usage;
  /** What else the provider said of all of them, in its words. */
  readonly fields: JsonObject;
};

/** A picture, or where it is for a while. */
export type GeneratedImage = {
  readonly source:
    | { readonly kind: 'base64'; readonly base64: string }
    | { readonly kind: 'url'; readonly url: string };
  /** What else the provider said of it, in its words. */
  readonly fields: JsonObject;
};
