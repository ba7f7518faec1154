// The id of a video carries all that we know of it: which provider makes it, by which credential, for whom. Nothing is
// stored; a signature tells our ids from others.

import type { Signer } from '../core/ports.ts';
import type { VideoSize } from '../core/video.ts';

export type VideoTicket = {
  readonly provider: string;
  readonly credential: number;
  readonly model: string;
  /** The provider's id of the job, or the address of a video that was there at once. */
  readonly job: string;
  /** The id of the caller who asked for it; '' for one without a key. */
  readonly owner: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  readonly seconds?: number;
  readonly size?: VideoSize;
};

/** What is signed, and in which form: another form gets another label. */
const LABEL = 'video-1';
const FORM = /^video_([\w-]{43})([\w-]{1,6000})$/;
const BASE64URL = { alphabet: 'base64url', omitPadding: true } as const;

/** A path segment of letters, digits, `-` and `_`. */
export function writeVideoId(ticket: VideoTicket, signer: Signer): string {
  const payload = new TextEncoder().encode(JSON.stringify(ticket)).toBase64(BASE64URL);
  return `video_${signer.sign(LABEL, payload)}${payload}`;
}

/** `undefined` for an id that we have not given out. */
export function readVideoId(id: string, signer: Signer): VideoTicket | undefined {
  const [, signature = '', payload = ''] = FORM.exec(id) ?? [];
  if (payload === '' || !signer.verify(LABEL, payload, signature)) return undefined;
  const bytes = Uint8Array.fromBase64(payload, { alphabet: 'base64url' });
  // The signature vouches for the form.
  return JSON.parse(new TextDecoder().decode(bytes)) as VideoTicket;
}
