// What a wire format of pictures must be able to do towards providers, and what is to be known of the model.

import type { ImageReply } from '../core/images.ts';
import type { JsonObject } from '../core/json.ts';

export type ImagesFormat = {
  /** In `openai-images` the caller's own text is sent, with what the traits change. */
  readonly id: 'openai-images' | 'chat-images';
  readonly writeRequest: (fields: JsonObject) => JsonObject;
  /** A 2xx JSON body; what is wrong with it when it is no reply. Never throws. */
  readonly readReply: (json: unknown) => ImageReply | { readonly wrong: string; readonly filtered?: true };
};

/** What a place takes and gives; a provider supplies it per model. */
export type ImagesTraits = {
  /** How pictures come: always in base64, always by their address, or as `response_format` asks. */
  readonly gives: 'base64' | 'url' | 'as-asked';
  /** `size` in pixels goes through, is told as a ratio of the sides, or has no place. */
  readonly sizes: 'pixels' | 'aspect-ratio' | 'none';
  /** How many at once; absent: the provider judges. */
  readonly countMax?: number;
  readonly streams: boolean;
  /** Of fields that it does not take as they come. */
  readonly rules: Readonly<Record<string, FieldRule | undefined>>;
  /** Every field that has no rule. */
  readonly others: 'pass' | 'drop';
};

/** `refuse`: without it there would be another picture. `drop`: it is named. */
export type FieldRule =
  | 'drop'
  | 'refuse'
  | {
      readonly takes: readonly string[];
      /** The nearest that it takes. */
      readonly instead?: Readonly<Record<string, string | undefined>>;
      /** It has no place for these, but they ask for little: named. */
      readonly spares?: readonly string[];
      readonly otherwise: 'drop' | 'refuse';
    };
