// The Agent API, a Responses API with differences; Sonar's chat completions ended on 2026-09-27.
// https://docs.perplexity.ai/docs/agent-api
// https://docs.perplexity.ai/api-reference/agent-post

import { responsesOf } from '../dialects/openai-responses/index.ts';
import type { OpenaiResponsesTraits } from '../dialects/openai-responses/traits.ts';
import { bearer } from './bearer.ts';
import { perplexityEmbeddings } from './perplexity/embeddings.ts';
import { speak, type Provider } from './provider.ts';

/** It shows what it is doing, and nothing of it goes back. */
const agent = responsesOf({ reasoningFormat: 'none' });

/** "400 invalid_request" for functions of these names: they are its own tools. */
const RESERVED_NAMES = [
  'web_search',
  'search_web',
  'people_search',
  'search_people',
  'fetch_url',
  'finance_search',
  'sandbox',
] as const;

export const perplexity: Provider = {
  id: 'perplexity',
  baseUrl: 'https://api.perplexity.ai',
  auth: bearer,
  speaks: [
    speak(agent, {
      url: ({ baseUrl }) => `${baseUrl}/v1/responses`,
      traits,
      nameOf,
      // A field that it does not know, at any depth, is a 400, and its streams lack events that OpenAI's clients wait for.
      isVariant: true,
    }),
  ],
  embeddings: perplexityEmbeddings,
  // It serves other vendors' models, too, as `openai/...`, `anthropic/...`: those are not unmistakably its own.
  offers: (model) => /^(sonar(-|$)|pplx-embed-)/.test(model),
  models: { url: ({ baseUrl }) => `${baseUrl}/v1/models` },
  // Not among those who stop billing: https://openrouter.ai/docs/api-reference/streaming
  onHangUp: 'drain',
};

/** Every model there has its maker's name before it, its own `perplexity/sonar`, too. */
function nameOf(model: string): string {
  return model.includes('/') ? model : `perplexity/${model}`;
}

/** Fields of the dialect that it takes and that a translation has no word for. */
const FIELDS = ['truncation', 'max_tool_calls', 'max_steps', 'preset', 'language_preference'] as const;

function traits(model: string): OpenaiResponsesTraits {
  return {
    sampling: true,
    logprobs: false,
    efforts: ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
    summaries: false,
    encryptedReasoning: false,
    outputField: 'response_format',
    customTools: false,
    toolChoice: 'by-name',
    documents: 'none',
    resultParts: false,
    cacheMarks: 'none',
    hostedItems: false,
    outputCapMin: 16,
    // Required by these models, and 400 without it.
    ...(model.startsWith('anthropic/') ? { outputCap: 8192 } : {}),
    userField: 'none',
    hints: false,
    verbosity: false,
    fields: FIELDS,
    reservedNames: RESERVED_NAMES,
    // Searching is what Sonar is asked for, and it does not search unless it is offered the tool.
    ...(/(^|\/)sonar/.test(model) ? { ownTools: [{ type: 'web_search' }] } : {}),
  };
}
