// What may stand in a header, on either side of the gateway. The platform refuses CR, LF and NUL but lets other
// non-ASCII characters through, so it is not the judge.

const SAFE_LENGTH_MAX = 256;
/** Signed tokens run to a few KB; common servers stop at 8 KB for one line. */
const OUTBOUND_LENGTH_MAX = 8192;

/** For text from a caller or a provider that we would write into a header of ours: printable ASCII, no outer spaces. */
export function isSafeHeaderValue(value: string): boolean {
  return value.length <= SAFE_LENGTH_MAX && PRINTABLE.test(value);
}

/** The same characters, at the length that credentials and lists of betas need. */
export function isOutboundHeaderValue(value: string): boolean {
  return value.length <= OUTBOUND_LENGTH_MAX && PRINTABLE.test(value);
}

const PRINTABLE = /^[\x21-\x7E](?:[\x20-\x7E]*[\x21-\x7E])?$/;
