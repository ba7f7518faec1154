// What a model's traits say of it to people and programs that choose a model.

import type { ModelFacts } from '../../core/model-facts.ts';
import type { AnthropicMessagesTraits } from './traits.ts';

export function describeModel(traits: AnthropicMessagesTraits): ModelFacts {
  const { maxOutputTokens, sampling, thinking, efforts, structuredOutput } = traits;
  return {
    outputMax: maxOutputTokens,
    ...(efforts.length === 0 ? {} : { efforts }),
    parameters: [...(sampling ? ['temperature', 'top_p', 'top_k'] : []), 'stop'],
    // Not false where it is missing: a translation puts something in its place.
    capabilities: {
      reasoning: thinking.adaptive || thinking.budget,
      ...(structuredOutput ? { 'structured-output': true } : {}),
    },
  };
}
