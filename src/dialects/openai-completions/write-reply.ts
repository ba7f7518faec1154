// The JSON reply: all that was said, as one text. Reasoning, calls and citations have no place in it.
// https://platform.openai.com/docs/api-reference/completions/object

import type { ChatEvent } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { mergeUsage, type Usage } from '../../core/usage.ts';
import type { ReplyStamp } from '../dialect.ts';
import { writeUsage } from '../openai-usage.ts';
import { writeFinish } from './finish.ts';

export function writeReply(events: readonly ChatEvent[], stamp: ReplyStamp): JsonObject {
  let text = stamp.echo ?? '';
  let start: Extract<ChatEvent, { type: 'start' }> | undefined;
  let usage: Usage | undefined;
  let finish = 'stop';
  for (const event of events) {
    if (event.type === 'start') start = event;
    else if (event.type === 'text-delta') text += event.text;
    else if (event.type === 'usage') usage = mergeUsage(usage, event.usage);
    else if (event.type === 'finish') finish = writeFinish(event.reason);
  }
  return {
    id: start?.id ?? stamp.id,
    object: 'text_completion',
    created: start?.createdAt ?? stamp.createdAt,
    model: start?.model ?? stamp.model,
    choices: [{ text, index: 0, logprobs: null, finish_reason: finish }],
    ...(usage === undefined ? {} : { usage: writeUsage(usage, stamp.cost?.(usage)) }),
  };
}
