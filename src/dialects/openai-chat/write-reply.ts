// The JSON reply: the fold of the events into one message.
// https://platform.openai.com/docs/api-reference/chat/object

import type { ChatEvent } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ReplyStamp } from '../dialect.ts';
import { writeCitation } from './citation.ts';
import { writeFinishReason } from '../openai-finish.ts';
import { foldEvents, type CallBlock, type Folded, type ReasoningBlock, type TextBlock } from './fold.ts';
import { writeReasoningDetails } from './reasoning-details.ts';
import { writeUsage } from '../openai-usage.ts';

export function writeReply(events: readonly ChatEvent[], stamp: ReplyStamp): JsonObject {
  const folded = foldEvents(events);
  const { start, texts, usage, finish } = folded;
  const content = texts.filter((text) => !text.isRefusal);
  const refusals = texts.filter((text) => text.isRefusal);
  return {
    id: start.id ?? stamp.id,
    object: 'chat.completion',
    created: start.createdAt ?? stamp.createdAt,
    model: start.model ?? stamp.model,
    choices: [
      {
        index: 0,
        message: writeMessage(folded, content, refusals),
        logprobs: writeLogprobs(content, refusals),
        finish_reason: writeFinishReason(finish.reason, { refusal: refusals.length > 0 }),
      },
    ],
    ...(usage === undefined ? {} : { usage: writeUsage(usage, stamp.cost?.(usage)) }),
  };
}

function writeMessage(
  { reasonings, calls, opaque, finish }: Folded,
  content: readonly TextBlock[],
  refusals: readonly TextBlock[],
): JsonObject {
  const text = join(content);
  const isSilent = text === '' && (calls.length > 0 || refusals.length > 0);
  const reasoning = reasonings.map((block) => block.text).join('');
  const details = reasonings.filter(saysSomething).flatMap(writeReasoningDetails);
  const annotations = writeAnnotations(content);
  return {
    role: 'assistant',
    content: isSilent ? null : text,
    refusal: refusals.length > 0 ? join(refusals) : (finish.refusal ?? null),
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(details.length === 0 ? {} : { reasoning_details: details }),
    ...(annotations.length === 0 ? {} : { annotations }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(writeCall) }),
    ...opaque,
  };
}

function saysSomething({ text, opaque }: ReasoningBlock): boolean {
  return text !== '' || opaque !== undefined;
}

function join(texts: readonly TextBlock[]): string {
  return texts.map((block) => block.text).join('');
}

/** The ranges of a block's citations move by the length of what stands before it. */
function writeAnnotations(content: readonly TextBlock[]): readonly JsonObject[] {
  return content.flatMap((block, index) => {
    const start = join(content.slice(0, index)).length;
    const annotations = block.citations.map((citation) => writeCitation(citation, start));
    return annotations.filter((annotation) => annotation !== undefined);
  });
}

/** Clients parse the arguments, and '' is no JSON. */
function writeCall(call: CallBlock): JsonObject {
  const { id, name, isCustom, arguments: text } = call;
  return isCustom
    ? { id, type: 'custom', custom: { name, input: text } }
    : { id, type: 'function', function: { name, arguments: text === '' ? '{}' : text } };
}

function writeLogprobs(content: readonly TextBlock[], refusals: readonly TextBlock[]): JsonObject | null {
  const ofContent = content.flatMap((block) => block.logprobs);
  const ofRefusal = refusals.flatMap((block) => block.logprobs);
  if (ofContent.length === 0 && ofRefusal.length === 0) return null;
  return {
    content: ofContent.length === 0 ? null : ofContent,
    refusal: ofRefusal.length === 0 ? null : ofRefusal,
  };
}
