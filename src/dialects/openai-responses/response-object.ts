// The response object around the output: what the caller asked is repeated in it, as OpenAI's clients expect.
// https://platform.openai.com/docs/api-reference/responses/object

import type { ChatEvent } from '../../core/event.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { ReplyStamp } from '../dialect.ts';

export type Head = JsonObject & { readonly id: string };

/** All that stays the same from the first event of a reply to its last. */
export function writeHead(stamp: ReplyStamp, first: ChatEvent): Head {
  const start = first.type === 'start' ? first : undefined;
  return {
    id: start?.id ?? stamp.id,
    object: 'response',
    created_at: start?.createdAt ?? stamp.createdAt,
    model: start?.model ?? stamp.model,
    background: false,
    error: null,
    previous_response_id: null,
    store: false,
    ...echo(stamp.request ?? {}),
  };
}

function echo(request: JsonObject): JsonObject {
  return {
    instructions: request['instructions'] ?? null,
    max_output_tokens: request['max_output_tokens'] ?? null,
    metadata: request['metadata'] ?? {},
    parallel_tool_calls: request['parallel_tool_calls'] ?? true,
    reasoning: { effort: null, summary: null, ...fieldsOf(request['reasoning']) },
    temperature: request['temperature'] ?? null,
    text: { format: { type: 'text' }, ...fieldsOf(request['text']) },
    tool_choice: request['tool_choice'] ?? 'auto',
    tools: request['tools'] ?? [],
    top_p: request['top_p'] ?? null,
    truncation: request['truncation'] ?? 'disabled',
    user: request['user'] ?? null,
  };
}

function fieldsOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
