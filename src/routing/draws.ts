// One drawn number is enough for a whole decision: it seeds a sequence, so that a decision that is recorded with it can be
// made again, draw for draw.

export type Draws = () => number;

/** Mulberry32 over the 32 leading bits of `drawn`. Good enough to choose with; never for secrets. */
export function drawsFrom(drawn: number): Draws {
  let state = Math.floor(drawn * 4_294_967_296) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
