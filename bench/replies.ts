// What the fake provider says, in both wire formats and in the sizes of the real ones. https://platform.openai.com/docs/api-reference/chat
// https://platform.claude.com/docs/en/build-with-claude/streaming

import { mark } from './behaviour.ts';

export type Format = 'openai' | 'anthropic';

/** One stream: `opening` comes with the headers, then one `delta` an event, then `closing`. */
export type StreamReply = {
  readonly opening: string;
  readonly delta: (text: string) => string;
  readonly closing: (events: number) => string;
};

export function wholeReply(format: Format): string {
  return format === 'openai' ? WHOLE_OPENAI : WHOLE_ANTHROPIC;
}

export function streamReply(format: Format): StreamReply {
  return format === 'openai' ? STREAM_OPENAI : STREAM_ANTHROPIC;
}

/** Sent where the time of sending does not matter. */
const NO_TIME = mark(0);

const TEXT = `${NO_TIME} ${'The quick brown fox jumps over the lazy dog. '.repeat(14)}`;

const WHOLE_OPENAI = JSON.stringify({
  id: 'chatcmpl-bench00000000000000000000000',
  object: 'chat.completion',
  created: 1_790_000_000,
  model: 'gpt-4o-2024-08-06',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: TEXT, refusal: null, annotations: [] },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: {
    prompt_tokens: 42,
    completion_tokens: 140,
    total_tokens: 182,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  },
  service_tier: 'default',
  system_fingerprint: 'fp_bench00000',
});

const WHOLE_ANTHROPIC = JSON.stringify({
  id: 'msg_bench0000000000000000000',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-5-20250929',
  content: [{ type: 'text', text: TEXT }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: {
    input_tokens: 42,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: 140,
    service_tier: 'standard',
  },
});

function openaiEvent(fields: object): string {
  const chunk = {
    id: 'chatcmpl-bench00000000000000000000000',
    object: 'chat.completion.chunk',
    created: 1_790_000_000,
    model: 'gpt-4o-2024-08-06',
    service_tier: 'default',
    system_fingerprint: 'fp_bench00000',
    ...fields,
  };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

function openaiChoice(delta: object, finishReason: string | null): object {
  return {
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    usage: null,
  };
}

const STREAM_OPENAI: StreamReply = {
  opening: openaiEvent(openaiChoice({ role: 'assistant', content: '', refusal: null }, null)),
  delta: (text) => openaiEvent(openaiChoice({ content: text }, null)),
  closing: (events) =>
    openaiEvent(openaiChoice({}, 'stop')) +
    openaiEvent({
      choices: [],
      usage: { prompt_tokens: 42, completion_tokens: events, total_tokens: 42 + events },
    }) +
    'data: [DONE]\n\n',
};

function anthropicEvent(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

const STREAM_ANTHROPIC: StreamReply = {
  opening:
    anthropicEvent('message_start', {
      message: {
        id: 'msg_bench0000000000000000000',
        type: 'message',
        role: 'assistant',
        model: 'claude-sonnet-4-5-20250929',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 42, output_tokens: 1 },
      },
    }) +
    anthropicEvent('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }) +
    anthropicEvent('ping', {}),
  delta: (text) => anthropicEvent('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
  closing: (events) =>
    anthropicEvent('content_block_stop', { index: 0 }) +
    anthropicEvent('message_delta', {
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: events },
    }) +
    anthropicEvent('message_stop', {}),
};
