// A text to go on with, as a chat in our vocabulary: one message of the user. What a chat cannot do is refused, and the
// next target may know this dialect itself. Nothing here invents OpenAI's cap of 16 tokens for a caller who named none.

import type { ChatRequest } from '../../core/chat.ts';
import { unsupported } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { told } from '../told.ts';
import { checkWire } from '../wire-check.ts';
import { collectUnread } from '../wire-shape.ts';
import { readEnvelope } from './read-envelope.ts';
import { completionsRequest, type WireRequest } from './wire.ts';

export function readRequest(json: JsonObject): ChatRequest {
  const envelope = readEnvelope(json);
  const { value: wire, unread } = collectUnread(() => checkWire(completionsRequest, json));
  const {
    model: _model,
    models: _models,
    usage: _usage,
    stream: _stream,
    prompt,
    stream_options,
    max_tokens,
    temperature,
    top_p,
    frequency_penalty,
    presence_penalty,
    logit_bias,
    logprobs,
    n,
    best_of,
    echo,
    suffix,
    seed,
    stop,
    user,
    ...unmodelled
  } = wire;
  refuseImpossible({ logprobs, best_of, suffix });
  const text = readPrompt(prompt);
  const extensions = told(unmodelled);
  return {
    model: envelope.model,
    messages: [{ role: 'user', parts: [{ type: 'text', text }] }],
    stream: envelope.stream,
    // Who asks for the cost in a stream asks for the chunk that it stands in.
    streamUsage: stream_options?.include_usage === true || envelope.wantsCost === true,
    ...told({
      maxOutputTokens: max_tokens,
      temperature,
      topP: top_p,
      frequencyPenalty: frequency_penalty,
      presencePenalty: presence_penalty,
      seed,
      logitBias: logit_bias,
      // One is what there is.
      n: n === 1 ? undefined : n,
      stop: typeof stop === 'string' ? [stop] : stop,
      userId: user,
      echo: echo === true ? text : undefined,
    }),
    ...(Object.keys(extensions).length === 0 ? {} : { extensions: { 'openai-completions': extensions } }),
    ...(unread.length === 0 ? {} : { unread }),
  };
}

/** One text. Several would be several requests upstream for one of the caller's, each with attempts of its own. */
function readPrompt(prompt: WireRequest['prompt']): string {
  const [only, second] = typeof prompt === 'string' ? [prompt] : prompt;
  if (typeof only !== 'string') throw needsTextModel('prompt', 'tokens');
  if (second !== undefined) throw needsTextModel('prompt', 'several texts');
  if (only === '') throw needsTextModel('prompt', 'an empty text');
  return only;
}

function refuseImpossible({
  logprobs,
  best_of,
  suffix,
}: Pick<WireRequest, 'logprobs' | 'best_of' | 'suffix'>): void {
  // 0 asks for the tokens that were chosen; and a chat tells nothing of the prompt's.
  if (typeof logprobs === 'number') throw needsTextModel('logprobs', String(logprobs));
  if (typeof best_of === 'number' && best_of > 1) throw needsTextModel('best_of', String(best_of));
  if (typeof suffix === 'string' && suffix !== '') throw needsTextModel('suffix', 'a text');
}

function needsTextModel(field: string, got: string): Error {
  return unsupported(
    `${field}: got ${got}, which only a model with an endpoint for completions can take`,
    field,
  );
}
