// What this gateway serves, for machines. The vendors' own documents say what is in the bodies; this one says which
// paths there are, how to authenticate, and what the gateway adds.

import type { JsonObject } from '../core/json.ts';

const errors = (shape: string): JsonObject => ({
  default: { description: `An error in the caller's dialect: ${shape}`, content: { 'application/json': {} } },
});
const OPENAI_ERROR = '`{error: {message, type, param, code}}`';
const ANTHROPIC_ERROR = '`{type: "error", error: {type, message}, request_id}`';

const REPLY_HEADERS = {
  'x-request-id': 'Names the request in the log',
  'x-llm-proxy-provider': 'The provider that answered',
  'x-llm-proxy-model': 'The model that was asked there',
  'x-llm-proxy-attempts': 'How many attempts at providers the reply took',
  'x-llm-proxy-cost': 'What a whole reply cost, in US dollars, where it is known',
  'x-llm-proxy-cache': 'HIT, MISS, or BYPASS for what is not remembered',
  'x-llm-proxy-warnings': 'Parameters that a translation dropped, clamped or emulated',
  'x-llm-proxy-fallback-reason': 'Why the first choice was passed over',
} as const;

const MESSAGES = { messages: { type: 'array', minItems: 1, items: { type: 'object' } } };
const INPUT = {
  input: { oneOf: [{ type: 'string' }, { type: 'array', minItems: 1, items: { type: 'object' } }] },
};
const PROMPT = { prompt: { type: ['string', 'array'], minItems: 1 } };

const REQUEST_HEADERS = [
  {
    name: 'x-llm-proxy-strict',
    in: 'header',
    description: 'true: refuse with 400 what a translation would drop, clamp or emulate',
    schema: { type: 'string', enum: ['true'] },
  },
  {
    name: 'x-llm-proxy-timeout-ms',
    in: 'header',
    description: 'The deadline of the whole request, all attempts together',
    schema: { type: 'integer', minimum: 1 },
  },
] as const;

const MODELS = {
  model: { type: 'string', description: '`<provider>/<model>`, a route, or a bare model name' },
  models: { type: 'array', items: { type: 'string' }, description: 'Further models, tried in order' },
} as const;

const replyHeaders: JsonObject = Object.fromEntries(
  Object.entries(REPLY_HEADERS).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ]),
);

const embeddingsOperation: JsonObject = {
  post: {
    summary: "Vectors of texts, with any enabled provider's model",
    externalDocs: { url: 'https://platform.openai.com/docs/api-reference/embeddings/create' },
    parameters: REQUEST_HEADERS,
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['model', 'input'],
            properties: {
              ...MODELS,
              input: {
                description: 'A text, up to 2048 texts, tokens, lists of tokens, or objects with `content`',
              },
              dimensions: { type: 'integer', minimum: 1 },
              encoding_format: {
                type: 'string',
                description:
                  '`float` (default), `base64`; where the model has them `base64_int8`, `base64_binary`',
              },
              input_type: {
                type: 'string',
                description:
                  'What the vectors are for, where a model makes several kinds; Cohere: `search_document`',
              },
            },
            additionalProperties: true,
          },
        },
      },
    },
    responses: {
      '200': { description: 'The vectors', headers: replyHeaders, content: { 'application/json': {} } },
      ...errors(OPENAI_ERROR),
    },
  },
};

const imagesOperation: JsonObject = {
  post: {
    summary: "Pictures, whole or as a stream of what there is so far, with any enabled provider's model",
    externalDocs: { url: 'https://platform.openai.com/docs/api-reference/images/create' },
    parameters: REQUEST_HEADERS,
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['model', 'prompt'],
            properties: {
              ...MODELS,
              prompt: { type: 'string', minLength: 1 },
              n: { type: 'integer', minimum: 1 },
              size: { type: 'string' },
              response_format: { type: 'string', enum: ['url', 'b64_json'] },
              stream: { type: 'boolean' },
            },
            additionalProperties: true,
          },
        },
      },
    },
    responses: {
      '200': {
        description: 'The pictures',
        headers: replyHeaders,
        content: { 'application/json': {}, 'text/event-stream': {} },
      },
      ...errors(OPENAI_ERROR),
    },
  },
};

/** `conversation`: the field that holds it. */
const requestSchema = (conversation: JsonObject, others: JsonObject = {}): JsonObject => ({
  type: 'object',
  required: ['model', ...Object.keys(conversation)],
  properties: { ...MODELS, ...conversation, ...others },
  additionalProperties: true,
});

const CHAT_OTHERS = {
  stream: { type: 'boolean' },
  usage: {
    type: 'object',
    properties: { include: { type: 'boolean' } },
    description: '`{include: true}`: the usage of the reply is to say what it cost',
  },
} as const;

const chatOperation = (
  dialect: string,
  reference: string,
  conversation: JsonObject,
  error: string,
): JsonObject => ({
  post: {
    summary: `Chat in the dialect ${dialect}, with any enabled provider's model`,
    externalDocs: { url: reference },
    parameters: REQUEST_HEADERS,
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: requestSchema(conversation, CHAT_OTHERS),
        },
      },
    },
    responses: {
      '200': {
        description: 'The reply, whole or as server-sent events',
        headers: replyHeaders,
        content: { 'application/json': {}, 'text/event-stream': {} },
      },
      ...errors(error),
    },
  },
});

const VIDEO_FIELDS: JsonObject = {
  type: 'object',
  required: ['model', 'prompt'],
  properties: {
    model: { type: 'string', description: '`<provider>/<model>`, a route, or a bare model name' },
    prompt: { type: 'string' },
    seconds: { type: 'string' },
    size: { type: 'string', description: '`<width>x<height>`' },
    input_reference: { description: 'The first picture: an image file, or `{image_url}`' },
  },
};
const videoId: JsonObject = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };

const json = (summary: string, security?: readonly []): JsonObject => ({
  get: {
    summary,
    ...(security === undefined ? {} : { security }),
    responses: { '200': { description: 'OK', content: { 'application/json': {} } }, ...errors(OPENAI_ERROR) },
  },
});
const OPEN = [] as const;
const PROBLEM: JsonObject = {
  default: { description: 'RFC 9457 problem details', content: { 'application/problem+json': {} } },
};

export const openapi: JsonObject = {
  openapi: '3.1.0',
  info: { title: 'llm-proxy', version: '0.1.0', license: { name: 'MIT', identifier: 'MIT' } },
  security: [{ bearer: [] }, { apiKey: [] }],
  paths: {
    '/v1/chat/completions': chatOperation(
      'OpenAI Chat Completions',
      'https://platform.openai.com/docs/api-reference/chat/create',
      MESSAGES,
      OPENAI_ERROR,
    ),
    '/v1/responses': chatOperation(
      'OpenAI Responses',
      'https://platform.openai.com/docs/api-reference/responses/create',
      INPUT,
      OPENAI_ERROR,
    ),
    '/v1/messages': chatOperation(
      'Anthropic Messages',
      'https://docs.claude.com/en/api/messages',
      MESSAGES,
      ANTHROPIC_ERROR,
    ),
    '/v1/messages/count_tokens': {
      post: {
        summary: 'The number of tokens of an Anthropic request, which is not answered',
        externalDocs: { url: 'https://platform.claude.com/docs/en/api/messages-count-tokens' },
        requestBody: {
          required: true,
          content: { 'application/json': { schema: requestSchema(MESSAGES) } },
        },
        responses: {
          '200': {
            description: '`{input_tokens}`',
            headers: {
              ...replyHeaders,
              'x-llm-proxy-usage': {
                description: '`estimated`: no provider has counted',
                schema: { type: 'string' },
              },
            },
            content: { 'application/json': {} },
          },
          ...errors(ANTHROPIC_ERROR),
        },
      },
    },
    '/v1/completions': chatOperation(
      'OpenAI Completions',
      'https://platform.openai.com/docs/api-reference/completions/create',
      PROMPT,
      OPENAI_ERROR,
    ),
    '/v1/videos': {
      post: {
        summary: 'Begin a video. Never begun twice: what may have begun is not tried again',
        externalDocs: { url: 'https://platform.openai.com/docs/api-reference/videos/create' },
        requestBody: {
          required: true,
          content: {
            'application/json': { schema: VIDEO_FIELDS },
            'multipart/form-data': { schema: VIDEO_FIELDS },
          },
        },
        responses: {
          '200': {
            description: 'The job; its id is for its owner alone',
            content: { 'application/json': {} },
          },
          ...errors(OPENAI_ERROR),
        },
      },
    },
    '/v1/videos/{id}': { parameters: [videoId], ...json('How far a video is') },
    '/v1/videos/{id}/content': {
      parameters: [videoId],
      get: {
        summary: 'The file of a finished video; 404 before',
        parameters: [{ name: 'range', in: 'header', schema: { type: 'string' } }],
        responses: {
          '200': { description: 'The file', content: { 'video/*': {}, 'application/octet-stream': {} } },
          '206': { description: 'A part of it, where the provider can', content: { 'video/*': {} } },
          ...errors(OPENAI_ERROR),
        },
      },
    },
    '/v1/embeddings': embeddingsOperation,
    '/v1/images/generations': imagesOperation,
    '/v1/models': json(
      'The routes and the models of the enabled providers, with what is known of their limits, capabilities and prices',
    ),
    '/v1/models/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      ...json('One model, by its id or by a bare name that one provider lists'),
    },
    '/admin/cache': {
      get: {
        summary:
          'What the cache of the isolate that answers has seen. Needs ADMIN_API_KEY; errors are problem details',
        responses: { '200': { description: 'OK', content: { 'application/json': {} } }, ...PROBLEM },
      },
      delete: {
        summary: 'Withdraw remembered answers, everywhere, by one of the parameters',
        parameters: ['all', 'entry', 'tag', 'model', 'category', 'tenant'].map((name) => ({
          name,
          in: 'query',
          schema: { type: 'string' },
        })),
        responses: { '200': { description: 'Withdrawn', content: { 'application/json': {} } }, ...PROBLEM },
      },
    },
    '/health': json('The same as /health/ready', OPEN),
    '/health/live': json('The Worker runs', OPEN),
    '/health/ready': json('The environment is accepted and a provider is enabled; 503 otherwise', OPEN),
    '/openapi.json': json('This document', OPEN),
  },
  components: {
    securitySchemes: {
      bearer: { type: 'http', scheme: 'bearer' },
      apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
    },
  },
};
