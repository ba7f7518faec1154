// The keys that callers may present. Of a configured key only its SHA-256 digest is kept: keys are long random strings,
// so a fast hash is enough, and a dump of the isolate's memory holds no key.

/** Who is calling. `id` is the beginning of the digest: it may be logged, and it is no credential. */
export type ClientKey = { readonly id: string };

export type Keyring = { readonly identify: (presented: string) => ClientKey | undefined };

/** SHA-256 of the text's UTF-8, at once: a promise for it would cost more than the hash. */
export type Sha256 = (text: string) => Uint8Array;

/** Each spec is a key as it is, or `sha256:` and 64 hex digits. A wrong one is an `Error` that gives its position only. */
export function createKeyring(specs: readonly string[], sha256: Sha256): Keyring {
  const known = new Map<number, KnownKey>();
  for (const [index, spec] of specs.entries()) {
    const digest = readSpec(spec, index + 1, sha256);
    const place = placeOf(digest);
    const key = { id: place.toString(16).padStart(12, '0') };
    const other = known.get(place);
    // 48 bits: it takes millions of keys to meet by chance, but two callers under one id would share their limits.
    if (other !== undefined && !areEqual(other.digest, digest))
      throw new Error(`API key ${index + 1} has the id of another`);
    known.set(place, { key, digest });
  }
  return {
    identify: (presented) => {
      const digest = sha256(presented);
      const candidate = known.get(placeOf(digest));
      // A miss compares too, so that a hit takes no longer than a miss.
      const isMatch = areEqual(digest, candidate?.digest ?? NO_DIGEST);
      return isMatch ? candidate?.key : undefined;
    },
  };
}

/**
 * The key a request presents, if it has the form of a key: `Authorization: Bearer` before `x-api-key` before the
 * operator's own header, because SDKs with two credentials send both. Never from the query, see `hasKeyInQuery`.
 */
export function presentedKey(headers: Headers, extraHeader?: string): string | undefined {
  return (
    asKey(bearerToken(headers.get('authorization'))) ??
    asKey(headers.get('x-api-key')) ??
    (extraHeader === undefined ? undefined : asKey(headers.get(extraHeader)))
  );
}

/** A key in the URL ends up in logs and histories: such a request is refused, so that nobody gets used to it. */
export function hasKeyInQuery(url: string): boolean {
  const query = url.indexOf('?');
  if (query === -1) return false;
  const names = [...new URLSearchParams(url.slice(query)).keys()];
  return names.some((name) => QUERY_NAMES.has(name.toLowerCase()));
}

type KnownKey = { readonly key: ClientKey; readonly digest: Uint8Array };

const NO_DIGEST = new Uint8Array(32);
const KEY_FORM = /^[\x21-\x7E]{1,512}$/;
const QUERY_NAMES: ReadonlySet<string> = new Set([
  'key',
  'api_key',
  'api-key',
  'apikey',
  'access_token',
  'token',
]);

function readSpec(spec: string, position: number, sha256: Sha256): Uint8Array {
  if (spec.startsWith('sha256:')) {
    const hex = spec.slice('sha256:'.length);
    if (!/^[\da-f]{64}$/i.test(hex)) throw new Error(`API key ${position} is not sha256: and 64 hex digits`);
    return Uint8Array.from({ length: 32 }, (_, byte) =>
      Number.parseInt(hex.slice(byte * 2, byte * 2 + 2), 16),
    );
  }
  if (asKey(spec) === undefined)
    throw new Error(`API key ${position} is not 1 to 512 printable ASCII characters`);
  return sha256(spec);
}

/** The first 48 bits: where a key is looked up, and in hex its id. */
function placeOf(digest: Uint8Array): number {
  let place = 0;
  for (let at = 0; at < 6; at++) place = place * 256 + (digest[at] ?? 0);
  return place;
}

/**
 * Looks at every byte whatever the earlier ones were. By hand, because `crypto.subtle.timingSafeEqual` exists in
 * workerd alone and the tests run in Node; both sides are digests of 32 bytes.
 */
function areEqual(left: Uint8Array, right: Uint8Array): boolean {
  let difference = 0;
  for (let at = 0; at < 32; at++) difference |= (left[at] ?? 0) ^ (right[at] ?? 0);
  return difference === 0;
}

function bearerToken(authorization: string | null): string | null {
  return /^Bearer +(.*)$/i.exec(authorization ?? '')?.[1] ?? null;
}

function asKey(value: string | null): string | undefined {
  return value !== null && KEY_FORM.test(value) ? value : undefined;
}
