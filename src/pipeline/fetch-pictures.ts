// Pictures by their addresses, for a caller who wants them in the reply. An address comes from a provider and is not to be
// trusted: it goes out through the one way that there is, with its guards (https and public hosts only, no redirect), takes
// no credential along, and what comes back has to be a picture of bounded size in bounded time.

import type { GeneratedImage } from '../core/images.ts';
import type { Call, Deps } from './call.ts';
import { deadlineOf } from './configuration.ts';
import { readBytes } from './read-bytes.ts';

/** The largest that OpenAI's models make are below. */
const PICTURE_BYTES_MAX = 20_971_520;
/** All of one reply. They are fetched one after the other, for a Worker has 128 MB for all that it does. */
const TOGETHER_BYTES_MAX = 33_554_432;
const PICTURE_MS_MAX = 30_000;

/** One that cannot be had stays an address: it is paid for, and its caller may be able to get it. The same list if all stay. */
export async function fetchPictures(
  images: readonly GeneratedImage[],
  call: Call,
  deps: Deps,
): Promise<readonly GeneratedImage[]> {
  if (images.every(({ source }) => source.kind === 'base64')) return images;
  const fetched: GeneratedImage[] = [];
  let bytesLeft = TOGETHER_BYTES_MAX;
  for (const image of images) {
    const { source } = image;
    const bytes =
      source.kind === 'url'
        ? await fetchPicture(source.url, Math.min(PICTURE_BYTES_MAX, bytesLeft), call, deps)
        : undefined;
    bytesLeft -= bytes?.byteLength ?? 0;
    fetched.push(
      bytes === undefined ? image : { ...image, source: { kind: 'base64', base64: bytes.toBase64() } },
    );
  }
  return fetched;
}

async function fetchPicture(
  url: string,
  sizeMax: number,
  { hangUp, startedAt, timeoutMs }: Call,
  { egress, after, now, settings }: Deps,
): Promise<Uint8Array | undefined> {
  const stop = new AbortController();
  const remainingMs = deadlineOf(startedAt, timeoutMs, settings.configuration) - now();
  const cancel = after(Math.max(0, Math.min(PICTURE_MS_MAX, remainingMs)), () => stop.abort());
  const forget = hangUp.whenHappens(() => stop.abort());
  try {
    const headers = { accept: 'image/*' };
    const response = await egress({ method: 'GET', url, headers, signal: stop.signal });
    const isPicture = response.ok && /^image\//i.test(response.headers.get('content-type') ?? '');
    if (isPicture) return await readBytes(response, sizeMax);
    await response.body?.cancel();
  } catch {
    // Refused by a guard, unreachable, broken or late: whichever it was, there is no picture.
  } finally {
    cancel();
    forget();
  }
  return undefined;
}
