// https://learn.microsoft.com/azure/foundry/openai/api-version-lifecycle
// https://learn.microsoft.com/azure/ai-foundry/openai/reference

import { GatewayError } from '../core/failure.ts';
import { openaiChat } from '../dialects/openai-chat/index.ts';
import type { OpenaiChatTraits } from '../dialects/openai-chat/traits.ts';
import { openaiCompletions } from '../dialects/openai-completions/index.ts';
import { responsesOf } from '../dialects/openai-responses/index.ts';
import type { OpenaiResponsesTraits } from '../dialects/openai-responses/traits.ts';
import { embeddingsAt } from './families/embeddings.ts';
import { gptResponsesTraits, servedByChat, servedByResponses } from './families/gpt-responses.ts';
import { gptFacts, gptTraits, isTextModel } from './families/gpt.ts';
import { imagesAt } from './families/images.ts';
import { NOT_STORED } from './not-stored.ts';
import { pass, speak, type Place, type Provider } from './provider.ts';

/** Only the resource that has encrypted its reasoning can read it. */
const azureResponses = responsesOf({ reasoningFormat: 'azure-openai-responses-v1' });

/** The model of a target is the name of a deployment, which says nothing reliable about the model behind it. */
export const azureOpenai: Provider = {
  id: 'azure-openai',
  auth: (key) => ({ 'api-key': key }),
  // The body's `model` is the deployment on the v1 surface and ignored on the dated one, so it is sent on both.
  speaks: [
    speak(openaiChat, { url: at('chat/completions'), traits: deploymentTraits, serves: servedByChat }),
    speak(azureResponses, {
      url: responsesUrl,
      traits: deploymentResponsesTraits,
      serves: servedByResponses,
      quirks: { set: NOT_STORED },
    }),
    pass(openaiCompletions, { url: at('completions'), serves: isTextModel }),
  ],
  embeddings: embeddingsAt(at('embeddings')),
  images: imagesAt(at('images/generations')),
  facts: gptFacts,
  // Encrypted reasoning is known to the resource that made it, and to no other.
  reasoningOrigin: ({ baseUrl }) => `azure-openai ${/\/\/([^/]+)/.exec(baseUrl)?.[1] ?? ''}`,
  // No `models`: the data plane lists what could be deployed, not what is.
  // A cancelled stream is no longer billed: https://openrouter.ai/docs/api-reference/streaming lists who stops.
  onHangUp: 'abort',
};

/**
 * Three forms of base URL: the resource; the v1 surface, `.../openai/v1`; one deployment, `.../openai/deployments/name`.
 * A dated version asks a bare resource for the older surface; `v1` and `preview` are words of the v1 surface.
 */
function at(operation: string): (place: Place) => string {
  return ({ baseUrl, model, apiVersion }) => {
    const query = apiVersion === undefined ? '' : `?api-version=${encodeURIComponent(apiVersion)}`;
    return `${surface(baseUrl, model, apiVersion)}/${operation}${query}`;
  };
}

/** On both surfaces beside the deployments: the body's `model` names one of them. */
function responsesUrl({ baseUrl, apiVersion }: Place): string {
  const query = apiVersion === undefined ? '' : `?api-version=${encodeURIComponent(apiVersion)}`;
  const base = baseUrl.replace(/\/deployments\/[^/]*$/, '');
  const root = /\/openai(\/v1)?$/.test(base) ? base : `${base}/openai`;
  const dated = apiVersion !== undefined && /^\d/.test(apiVersion);
  return `${dated || root.endsWith('/v1') ? root : `${root}/v1`}/responses${query}`;
}

function surface(baseUrl: string, model: string, apiVersion: string | undefined): string {
  if (/\/openai\/v1$|\/deployments\//.test(baseUrl)) return baseUrl;
  const root = baseUrl.endsWith('/openai') ? baseUrl : `${baseUrl}/openai`;
  const dated = apiVersion !== undefined && /^\d/.test(apiVersion);
  return dated ? `${root}/deployments/${pathSegment(model)}` : `${root}/v1`;
}

/** A name as one segment of a path: it can neither add segments nor climb out of its own. */
function pathSegment(name: string): string {
  if (/[/\\]|^\.{1,2}$/.test(name)) {
    const message = 'a deployment with this name cannot exist: it has to be one segment of a path';
    throw new GatewayError({ kind: 'model-not-found', message, param: 'model' });
  }
  return encodeURIComponent(name.toWellFormed());
}

/**
 * Most deployments are named after their model, so the name is read as one; any other is treated as the newest model:
 * what is then left out is named as a loss, whereas a parameter too many would fail the request. `max_completion_tokens`
 * is understood from 2024-09-01-preview on. Fields that OpenAI added lately come to Azure later, and unknown ones are
 * answered with 400: so `user` instead of its successor, and no cache breakpoints.
 */
function deploymentTraits(deployment: string): OpenaiChatTraits {
  return { ...gptTraits(deployment), userField: 'user', cacheMarks: 'none' };
}

function deploymentResponsesTraits(deployment: string): OpenaiResponsesTraits {
  return { ...gptResponsesTraits(deployment), userField: 'user', cacheMarks: 'none' };
}
