// What Cohere's models take, by family. A table and a lookup; a name that no row knows is taken for the newest model,
// because names are added faster than rows. https://docs.cohere.com/docs/models

import type { CohereChatTraits } from '../../dialects/cohere-chat/traits.ts';

export function commandTraits(model: string): CohereChatTraits {
  return families.find(([names]) => names.test(model))?.[1] ?? newest;
}

/** Command A+. https://docs.cohere.com/docs/command-a-plus */
const newest: CohereChatTraits = {
  images: true,
  thinking: true,
  tools: true,
  toolChoice: true,
};

const conversational: CohereChatTraits = {
  ...newest,
  images: false,
  thinking: false,
};

/** The first row that matches holds. */
const families: readonly (readonly [names: RegExp, traits: CohereChatTraits])[] = [
  // https://docs.cohere.com/docs/command-a-reasoning
  [/^command-a-reasoning/, { ...newest, images: false }],
  // https://docs.cohere.com/docs/command-a-vision: it calls no tools.
  [/^command-a-vision/, { ...conversational, images: true, tools: false }],
  // https://docs.cohere.com/docs/command-a, https://docs.cohere.com/docs/command-a-translate
  [/^(command-a-(03-2025|translate)|command-r7b)/, conversational],
  // "This parameter is only compatible with models Command-r7b and newer."
  // https://docs.cohere.com/reference/chat#request.body.tool_choice
  [/^command(-r|-light|-nightly|$)/, { ...conversational, toolChoice: false }],
  // https://docs.cohere.com/docs/aya: neither Aya calls tools.
  [/^c4ai-aya-vision/, { ...conversational, images: true, tools: false, toolChoice: false }],
  [/^c4ai-aya/, { ...conversational, tools: false, toolChoice: false }],
];
