// Ids of tool calls: made where a provider gave none, shortened where OpenAI would refuse them. Both are functions of
// what is there, so a call and its result keep agreeing.

/** OpenAI answers 400 to a longer `tool_calls[].id` or `tool_call_id`. */
const CALL_ID_LENGTH_MAX = 40;

export function writeCallId(id: string): string {
  return id.length <= CALL_ID_LENGTH_MAX ? id : makeCallId(id);
}

/** The same id for the same seed, and practically never for another one. */
export function makeCallId(seed: string): string {
  return `call_${hash(seed, 0x811c9dc5)}${hash(seed, 0x9747b28c)}`;
}

/** FNV-1a, 32 bit: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(text: string, basis: number): string {
  let state = basis;
  for (let index = 0; index < text.length; index += 1) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  return (state >>> 0).toString(16).padStart(8, '0');
}
