// What a model's traits say of it to people and programs that choose a model.

import type { ModelFacts } from '../../core/model-facts.ts';
import type { OpenaiChatTraits } from './traits.ts';

export function describeModel(traits: OpenaiChatTraits): ModelFacts {
  const { sampling, samplingWithoutReasoning, penalties, stop, efforts, structuredOutput } = traits;
  return {
    ...(efforts.length === 0 ? {} : { efforts }),
    parameters: [
      ...(sampling || samplingWithoutReasoning === true ? ['temperature', 'top_p', 'logprobs'] : []),
      ...(penalties ? ['frequency_penalty', 'presence_penalty', 'logit_bias'] : []),
      ...(stop ? ['stop'] : []),
    ],
    // Not false where it is missing: a translation puts something in its place.
    capabilities: {
      ...(efforts.length > 0 ? { reasoning: true } : {}),
      ...(structuredOutput === 'json-schema' ? { 'structured-output': true } : {}),
    },
  };
}
