// The one reading of a request's path, for authentication and dispatch alike: with two readings `//admin` is guarded as
// one path and served as another (CVE-2026-39407). A path is taken as it is written or not at all; nothing is decoded,
// folded or trimmed.

/** The path of a request's URL, or `undefined` (404) when it could be read in more than one way. */
export function canonicalPath(url: string): string | undefined {
  return CANONICAL.exec(url)?.[1];
}

/**
 * Segments of unreserved characters, `:` and `@`; none is empty or begins or ends in a dot. Of escapes only those that
 * SDKs write in the names of models: `/v1/models/openai%2Fgpt-5.2`.
 */
const CANONICAL = /^https?:\/\/[^/?#]+((?:\/(?!\.)(?:[A-Za-z0-9._~:@-]|%2f|%3a|%40)+(?<!\.))+)(?:[?#]|$)/i;
