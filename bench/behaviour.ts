// How the fake provider is to answer one request. It travels in the model's name, which every gateway passes on, so one
// address of one process serves all scenarios.

export type Behaviour = {
  /** Until the first byte of the answer. */
  readonly delayMs: number;
  /** Content events of a stream. */
  readonly events: number;
  /** Between two events; 0 is as fast as the socket takes them. */
  readonly gapMs: number;
};

export function modelName(family: string, { delayMs, events, gapMs }: Behaviour): string {
  return `${family}-d${delayMs}-n${events}-g${gapMs}`;
}

export function readBehaviour(model: string): Behaviour | undefined {
  const [, delayMs, events, gapMs] = /-d(\d+)-n(\d+)-g(\d+)/.exec(model) ?? [];
  if (gapMs === undefined) return undefined;
  return { delayMs: Number(delayMs), events: Number(events), gapMs: Number(gapMs) };
}

/**
 * Stands in the text of every content event and of every whole answer, followed by the time of sending in 16 digits of
 * microseconds. Whatever a gateway makes of an answer, this arrives: it is what the load generator counts.
 */
export const MARK = '@@';
export const MARK_DIGITS = 16;

export function mark(sentUs: number): string {
  return MARK + Math.floor(sentUs).toString().padStart(MARK_DIGITS, '0');
}
