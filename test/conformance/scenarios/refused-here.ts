// What the gateway refuses by itself, before a provider is asked.

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { expect } from 'vitest';
import { failing, withHeaders } from '../failing.ts';
import { isPassThrough, type Place, type Scenario } from '../matrix.ts';
import type { Clients } from '../world.ts';

const question = { role: 'user', content: 'Hello' } as const;

function passesThrough(place: Place): string | undefined {
  return isPassThrough(place) ? 'what both ends understand is left to the provider' : undefined;
}

const badRequest = (field: string) => ({
  openai: { error: OpenAI.BadRequestError, status: 400, says: { param: field } },
  anthropic: {
    error: Anthropic.BadRequestError,
    status: 400,
    says: { apiMessage: expect.stringContaining(field) as unknown },
  },
});

export const refusedHere: readonly Scenario[] = [
  failing({
    name: '401: a key that is not ours',
    clients: ({ openai, anthropic }: Clients) => ({
      openai: openai.withOptions({ apiKey: 'sk-wrong' }),
      anthropic: anthropic.withOptions({ apiKey: 'sk-wrong' }),
    }),
    raises: {
      openai: { error: OpenAI.AuthenticationError, status: 401, says: { code: 'invalid_api_key' } },
      anthropic: {
        error: Anthropic.AuthenticationError,
        status: 401,
        says: { type: 'authentication_error' },
      },
    },
    calls: 0,
  }),
  failing({
    name: '404: a model that nobody offers',
    model: { 'openai-chat': 'no-model', 'anthropic-messages': 'no-model' },
    raises: {
      openai: { error: OpenAI.NotFoundError, status: 404, says: { code: 'model_not_found', param: 'model' } },
      anthropic: { error: Anthropic.NotFoundError, status: 404, says: { type: 'not_found_error' } },
    },
    calls: 0,
  }),
  failing({
    name: '400: in strict mode, what a translation would lose',
    clients: withHeaders({ 'x-llm-proxy-strict': 'true' }),
    words: {
      openai: { max_completion_tokens: 64, messages: [question], verbosity: 'low' },
      anthropic: { max_tokens: 64, messages: [question], inference_geo: 'eu' },
    },
    raises: {
      openai: badRequest('verbosity').openai,
      anthropic: badRequest('inference_geo').anthropic,
    },
    calls: 0,
    none: passesThrough,
  }),
  failing({
    name: '400: a field of the wrong type',
    words: {
      openai: { max_completion_tokens: 64, messages: [question], stop: 7 as unknown as string },
      anthropic: { max_tokens: 64, messages: [question], stop_sequences: 'END' as unknown as string[] },
    },
    raises: {
      openai: badRequest('stop').openai,
      anthropic: badRequest('stop_sequences').anthropic,
    },
    calls: 0,
    none: passesThrough,
  }),
  failing({
    name: '413: a body beyond the limit',
    words: {
      openai: { max_completion_tokens: 64, messages: [{ role: 'user', content: 'x'.repeat(70_000) }] },
      anthropic: { max_tokens: 64, messages: [{ role: 'user', content: 'x'.repeat(70_000) }] },
    },
    raises: {
      openai: { error: OpenAI.APIError, status: 413, says: { code: 'request_too_large' } },
      anthropic: { error: Anthropic.ContentTooLargeError, status: 413, says: { type: 'request_too_large' } },
    },
    calls: 0,
  }),
];
