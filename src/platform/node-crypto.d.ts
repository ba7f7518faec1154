// Of Node's own modules only this function is used, and the runtime's types do not know it.
declare module 'node:crypto' {
  /** https://nodejs.org/api/crypto.html#cryptohashalgorithm-data-options */
  export function hash(algorithm: 'sha256', data: string, outputEncoding: 'buffer'): Uint8Array;
}
