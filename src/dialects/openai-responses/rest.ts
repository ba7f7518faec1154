// What is left to say of a text that has been said in pieces, when it comes once more in full.

/** '' also when the two do not agree: what has been said cannot be taken back. */
export function restOf(said: string, full: string | undefined): string {
  return full !== undefined && full.length > said.length && full.startsWith(said)
    ? full.slice(said.length)
    : '';
}
