// Ids of the items of an output: each its own, the same whenever the item is spoken of, whole and streamed.

/** As OpenAI's begin; clients that send items back are refused there for other beginnings and for more than 64 characters. */
const PREFIXES = { message: 'msg', reasoning: 'rs', call: 'fc', custom: 'ctc', opaque: 'item' } as const;

export function itemId(kind: keyof typeof PREFIXES, responseId: string, place: number): string {
  const plain = responseId.replace(/[^\w-]/g, '').slice(-RESPONSE_PART_LENGTH_MAX);
  return `${PREFIXES[kind]}_${plain}_${place}`;
}

const RESPONSE_PART_LENGTH_MAX = 48;
