// When a value of a field asks for something that must not be dropped.

/** `n`: more than one answer. */
export function asksForSeveral(value: unknown): boolean {
  return typeof value === 'number' && value > 1;
}

/** A switch that is on. */
export function isTrue(value: unknown): boolean {
  return value === true;
}

/** A text with something in it. */
export function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
