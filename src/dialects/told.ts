// Optional fields, the way our vocabulary has them: absent when not told, never `undefined` and never `null`.

export type Told<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], null | undefined> };

/** The fields that have a value. Wire formats say "not told" with `null` as well as by silence. */
export function told<Fields extends object>(fields: Fields): Told<Fields> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries) as Told<Fields>;
}

/** Whether a field that cannot be carried is missed: null, false and an empty list ask for nothing. */
export function isMissed(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  return !Array.isArray(value) || value.length > 0;
}
