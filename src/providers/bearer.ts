// The credential as most providers take it: RFC 6750, section 2.1.

export function bearer(key: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${key}` };
}
