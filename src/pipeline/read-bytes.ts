// A body whole, but never more of it than a bound.

import { joinBytes } from '../streams/bytes.ts';

/** The body's bytes, or `undefined` when there are more than `sizeMax`; then the rest is not read. */
export async function readBytes(response: Response, sizeMax: number): Promise<Uint8Array | undefined> {
  // The length of a compressed body says nothing of what comes out of it.
  const length = response.headers.has('content-encoding') ? null : response.headers.get('content-length');
  const announced = Number(length ?? Number.NaN);
  if (announced > sizeMax) {
    void response.body?.cancel();
    return undefined;
  }
  // The runtime holds a body to its announced length, so a bounded one can be read in one go.
  if (announced <= sizeMax || response.body === null) return new Uint8Array(await response.arrayBuffer());

  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > sizeMax) return undefined;
    chunks.push(chunk);
  }
  return joinBytes(chunks, size);
}
