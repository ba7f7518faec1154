// Every way in which a provider says no, and the exception that it becomes. The provider's words are repeated only where
// the caller's request is to blame and both ends speak one dialect; what is wrong with our key or our credit is the
// operator's business, and no reason for an application to ask its user for another key.

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { expect } from 'vitest';
import { failing, only, withHeaders, type Failing } from '../failing.ts';
import { isPassThrough, type Scenario } from '../matrix.ts';
import type { Json } from '../replies.ts';
import { recorded, STALL, type Answer } from '../../support/fake-provider.ts';

/** Where no provider has been recorded saying it. */
function openaiSays(status: number, error: Json): Answer {
  return { status, pieces: [JSON.stringify({ error: { message: 'No.', param: null, ...error } })] };
}
function anthropicSays(status: number, type: string): Answer {
  return { status, pieces: [JSON.stringify({ type: 'error', error: { type, message: 'No.' } })] };
}
function bothSay(answer: Answer): NonNullable<Failing['answers']> {
  return { 'openai-chat': answer, 'anthropic-messages': answer };
}

/** Routes with more targets than there are attempts. */
export const SPREAD = { 'openai-chat': 'openai-first', 'anthropic-messages': 'anthropic-first' };
export const SPREAD_TARGETS = {
  'openai-first': { targets: ['openai/a', 'openrouter/a/b', 'anthropic/a', 'openai-compatible/a'] },
  'anthropic-first': { targets: ['anthropic/a', 'openrouter/a/b', 'openai/a', 'openai-compatible/a'] },
};

const badGateway = {
  openai: { error: OpenAI.InternalServerError, status: 502 },
  anthropic: { error: Anthropic.InternalServerError, status: 502, says: { type: 'api_error' } },
};
const badRequest = {
  openai: { error: OpenAI.BadRequestError, status: 400, says: { type: 'invalid_request_error' } },
  anthropic: { error: Anthropic.BadRequestError, status: 400, says: { type: 'invalid_request_error' } },
};
/** The providers' words name the key that they refused. */
const saysNothing = { message: expect.not.stringMatching(/api[- ]?key/i) as unknown };
const ourKey = {
  openai: {
    ...badGateway.openai,
    says: { code: 'upstream_authentication_failed', type: 'upstream_error', ...saysNothing },
  },
  anthropic: { ...badGateway.anthropic, says: { type: 'api_error', ...saysNothing } },
};
const overloaded = {
  openai: { error: OpenAI.InternalServerError, status: 503, says: { code: 'server_is_overloaded' } },
  anthropic: { error: Anthropic.OverloadedError, status: 529, says: { type: 'overloaded_error' } },
};

const aboutDownload = expect.stringContaining('Error while downloading') as unknown;

export const refusedUpstream: readonly Scenario[] = [
  failing({
    name: '400: a bad request',
    answers: {
      'openai-chat': recorded('openai/chat-err-400-invalid-image-url.json'),
      'anthropic-messages': recorded('anthropic/synthetic-err-400-temperature-new-version.json'),
    },
    raises: badRequest,
    calls: 1,
  }),
  failing({
    name: "400: in the provider's own words",
    answers: {
      'openai-chat': recorded('openai/chat-err-400-invalid-image-url.json'),
      'anthropic-messages': {
        status: 400,
        pieces: [
          JSON.stringify({
            type: 'error',
            error: {
              type: 'invalid_request_error',
              message: 'tools: the name is taken',
              details: { error_code: 'tool_name_conflict' },
            },
          }),
        ],
      },
    },
    raises: {
      openai: { ...badRequest.openai, says: { code: 'invalid_image_url', message: aboutDownload } },
      anthropic: {
        // The SDK has a class for the code.
        error: Anthropic.Messages.ToolNameConflictError,
        status: 400,
        says: { errorCode: 'tool_name_conflict', apiMessage: 'tools: the name is taken' },
      },
    },
    calls: 1,
    none: (place) => (isPassThrough(place) ? undefined : 'they are words of another dialect'),
  }),
  failing({
    name: '400: a prompt that is too long',
    answers: {
      'openai-chat': recorded('openai/synthetic-err-400-context-length.json'),
      'anthropic-messages': recorded('anthropic/messages-err-400-prompt-too-long.json'),
    },
    // What clients look for to know that they must shorten the conversation.
    raises: {
      openai: { ...badRequest.openai, says: { code: 'context_length_exceeded' } },
      anthropic: {
        ...badRequest.anthropic,
        says: { apiMessage: expect.stringContaining('prompt is too long') as unknown },
      },
    },
    calls: 1,
  }),
  failing({
    name: '401: our key is refused',
    answers: {
      'openai-chat': recorded('openai/chat-err-401.json'),
      'anthropic-messages': recorded('anthropic/messages-err-401.json'),
    },
    raises: ourKey,
    calls: 1,
  }),
  failing({
    name: '403: our key may not',
    answers: {
      'openai-chat': openaiSays(403, {
        type: 'invalid_request_error',
        code: 'unsupported_country_region_territory',
      }),
      'anthropic-messages': recorded('anthropic/synthetic-err-403.json'),
    },
    raises: ourKey,
    calls: 1,
  }),
  failing({
    name: '404: no such model',
    answers: {
      'openai-chat': recorded('openai-compatible/groq-err-404.json'),
      'anthropic-messages': recorded('anthropic/messages-err-404-model.json'),
    },
    raises: {
      openai: { error: OpenAI.NotFoundError, status: 404, says: { code: 'model_not_found' } },
      anthropic: { error: Anthropic.NotFoundError, status: 404, says: { type: 'not_found_error' } },
    },
    calls: 1,
  }),
  failing({
    name: '413: too large',
    answers: {
      'openai-chat': openaiSays(413, { type: 'invalid_request_error', code: 'request_too_large' }),
      'anthropic-messages': recorded('anthropic/synthetic-err-413.json'),
    },
    raises: {
      // OpenAI's SDK has no class for it.
      openai: { error: OpenAI.APIError, status: 413, says: { code: 'request_too_large' } },
      anthropic: { error: Anthropic.ContentTooLargeError, status: 413, says: { type: 'request_too_large' } },
    },
    calls: 1,
  }),
  failing({
    name: '422: unprocessable',
    answers: {
      'openai-chat': recorded('openai-compatible/synthetic-fastapi-err-422.json'),
      'anthropic-messages': anthropicSays(422, 'invalid_request_error'),
    },
    raises: badRequest,
    calls: 1,
  }),
  failing({
    name: '429: too many requests',
    answers: {
      'openai-chat': recorded('openai/synthetic-err-429-slow-down.json'),
      'anthropic-messages': recorded('anthropic/synthetic-err-429.json'),
    },
    raises: {
      openai: { error: OpenAI.RateLimitError, status: 429, says: { type: 'rate_limit_error' } },
      anthropic: { error: Anthropic.RateLimitError, status: 429, says: { type: 'rate_limit_error' } },
    },
    retryAfter: { 'openai-chat': 30, 'anthropic-messages': 12 },
    calls: 1,
  }),
  failing({
    name: '429: our credit is used up',
    answers: {
      'openai-chat': recorded('openai/synthetic-err-429-insufficient-quota.json'),
      'anthropic-messages': recorded('anthropic/synthetic-err-429-spend-limit.json'),
    },
    raises: { ...badGateway, openai: { ...badGateway.openai, says: { code: 'upstream_error' } } },
    calls: 1,
  }),
  failing({
    name: '500: the provider fails',
    answers: {
      'openai-chat': recorded('openai/synthetic-err-500.json'),
      'anthropic-messages': recorded('anthropic/synthetic-err-500.json'),
    },
    raises: badGateway,
    calls: 2,
  }),
  failing({
    name: '500: all providers behind a route fail',
    answers: {
      'openai-chat': recorded('openai/synthetic-err-500.json'),
      'anthropic-messages': recorded('anthropic/synthetic-err-500.json'),
    },
    raises: badGateway,
    model: SPREAD,
    calls: 3,
  }),
  failing({
    name: '503: the provider is unavailable',
    answers: {
      'openai-chat': recorded('openai/synthetic-err-503.json'),
      'anthropic-messages': anthropicSays(503, 'api_error'),
    },
    raises: overloaded,
    calls: 2,
  }),
  failing({
    name: '529: the provider is overloaded',
    answers: {
      'openai-chat': openaiSays(529, { type: 'overloaded_error' }),
      'anthropic-messages': recorded('anthropic/synthetic-err-529.json'),
    },
    raises: overloaded,
    calls: 2,
  }),
  failing({
    name: '302: a redirect is not followed',
    answers: bothSay({ status: 302, headers: { location: 'https://example.com' }, pieces: [] }),
    raises: badGateway,
    calls: 1,
  }),
  failing({
    name: '200 with an error in it',
    answers: {
      'openai-chat': recorded('openrouter/synthetic-err-200-body.json'),
      'anthropic-messages': anthropicSays(200, 'api_error'),
    },
    raises: badGateway,
    calls: 2,
  }),
  failing({
    name: '200 with a page of HTML',
    answers: bothSay({ headers: { 'content-type': 'text/html' }, pieces: ['<html>Welcome</html>'] }),
    raises: badGateway,
    calls: 1,
  }),
  failing({
    name: 'an error as the first event of a stream',
    answers: {
      // In OpenAI's form: of Anthropic's there is a recording.
      'openai-chat': {
        ...recorded('openai/synthetic-chat-stream-error-midway.sse'),
        pieces: [
          'data: {"error":{"message":"No.","type":"server_error","param":null,"code":"slow_down"}}\n\n',
        ],
      },
      'anthropic-messages': {
        ...recorded('anthropic/synthetic-stream-error-first.sse'),
        pieces: [
          'event: error\ndata: {"type":"error","error":{"type":"rate_limit_error","message":"No."}}\n\n',
        ],
      },
    },
    raises: {
      openai: { error: OpenAI.RateLimitError, status: 429 },
      anthropic: { error: Anthropic.RateLimitError, status: 429 },
    },
    calls: 1,
    none: only('streamed', 'helper')('a whole reply has no events'),
  }),
  failing({
    name: "the caller's time is up",
    answers: bothSay({ pieces: [STALL] }),
    raises: {
      openai: { error: OpenAI.InternalServerError, status: 504, says: { code: 'upstream_timeout' } },
      anthropic: { error: Anthropic.GatewayTimeoutError, status: 504, says: { type: 'timeout_error' } },
    },
    clients: withHeaders({ 'x-llm-proxy-timeout-ms': '150' }),
    calls: 1,
  }),
];
