// What whole families of models can and cannot do, where neither their traits nor their provider's list says so. A row is
// a pattern and its facts; all rows that match hold, the later over the earlier. False is written only where the vendor
// refuses: a name that no row knows is taken for the newest of its family, which can do everything.

import { mergeFacts, NO_FACTS, type ModelFacts } from '../../core/model-facts.ts';
import type { KnownCapabilities } from '../../core/capability.ts';

type Row = readonly [names: RegExp, facts: ModelFacts];

export function tableFacts(providerId: string, model: string): ModelFacts {
  const rows = TABLES[providerId]?.filter(([names]) => names.test(model)) ?? [];
  return rows.reduce((facts, [, more]) => mergeFacts(facts, more), NO_FACTS);
}

const can = (capabilities: KnownCapabilities): ModelFacts => ({ capabilities });

/** Each on endpoints of its own. */
const CHATS = {
  chat: true,
  embeddings: false,
  'image-generation': false,
  'video-generation': false,
} as const;
const NEITHER = {
  chat: false,
  'text-completion': false,
  embeddings: false,
  'image-generation': false,
  'video-generation': false,
  'tool-calling': false,
  vision: false,
  'structured-output': false,
  reasoning: false,
} as const;
const EMBEDS = { ...NEITHER, embeddings: true } as const;
const DRAWS = { ...NEITHER, 'image-generation': true } as const;
const FILMS = { ...NEITHER, 'video-generation': true } as const;

/** https://platform.openai.com/docs/models: each model's page has its modalities, features and limits. */
const gpt: readonly Row[] = [
  [/^(ft:)?(gpt-|o\d|chatgpt-)/, can({ ...CHATS, 'tool-calling': true, vision: true, reasoning: false })],
  [/^(o\d|gpt-[5-9])/, { ...can({ reasoning: true }), outputMax: 128_000 }],
  [/^gpt-[56].*chat/, { ...can({ reasoning: false }), outputMax: 16_384 }],
  [/^o[134]/, { outputMax: 100_000 }],
  [/^gpt-4\.1/, { outputMax: 32_768 }],
  [/^(gpt-4o|chatgpt-4o)/, { outputMax: 16_384 }],
  [/^(ft:)?gpt-(3|4(-|$))/, { ...can({ vision: false }), outputMax: 4096 }],
  [/^gpt-4-(turbo($|-2024)|vision|1106-vision)/, can({ vision: true })],
  // The first of them took neither tools nor images; o3-mini takes tools.
  [/^o1-(mini|preview)/, can({ 'tool-calling': false, vision: false })],
  [/^o3-mini/, can({ vision: false })],
  // "This model does not support tools." https://platform.openai.com/docs/models/gpt-4o-search-preview
  [/-search-preview|^chatgpt-4o/, can({ 'tool-calling': false })],
  // Azure writes 3.5 as 35.
  [/^(ft:)?(gpt-3\.?5-turbo-instruct|babbage|davinci)/, can({ chat: false, 'text-completion': true })],
  [/^text-embedding/, can(EMBEDS)],
  // https://platform.openai.com/docs/guides/image-generation
  [/^(gpt-image|chatgpt-image|dall-e)/, can(DRAWS)],
  [/^(whisper|tts|omni-moderation|text-moderation)|transcribe|-tts|realtime/, can(NEITHER)],
];

/** https://platform.claude.com/docs/en/about-claude/models/overview */
const claude: readonly Row[] = [
  [/claude/, can({ ...CHATS, 'tool-calling': true, vision: true })],
  [/claude-(v?[12]|instant)/, can({ 'tool-calling': false, vision: false })],
];

/** https://docs.cohere.com/docs/models */
const command: readonly Row[] = [
  [/^(command|north|c4ai|aya|tiny-aya)/, can(CHATS)],
  [/^command-(r|a-03|a-reasoning|a-translate)/, can({ vision: false })],
  // https://docs.cohere.com/docs/command-a-vision: "Tool use ... not supported".
  [/^command-a-vision|^c4ai-aya-vision/, can({ vision: true, 'tool-calling': false })],
  [/^command-a-(reasoning|plus)/, can({ reasoning: true })],
  [/^embed-/, can(EMBEDS)],
  [/^rerank-/, can(NEITHER)],
];

/** https://docs.x.ai/developers/models */
const grok: readonly Row[] = [
  [/^grok-/, can({ ...CHATS, 'tool-calling': true, reasoning: true })],
  [/^grok-(4|latest)/, can({ vision: true, 'structured-output': true })],
  [/^grok-(3|2-1212|code)/, can({ vision: false })],
  // Any value of the effort is refused. https://docs.x.ai/developers/model-capabilities/text/reasoning
  [/^grok-4\.20-(non-)?reasoning/, { efforts: [] }],
  [/non-reasoning/, can({ reasoning: false })],
  [/^grok-imagine-image|^grok-2-image/, can(DRAWS)],
  [/^grok-imagine-video/, can(FILMS)],
];

/** https://docs.perplexity.ai/docs/agent-api/models */
const agent: readonly Row[] = [
  [/./, can({ ...CHATS, 'tool-calling': true, vision: true })],
  [/^pplx-embed/, can(EMBEDS)],
];

const TABLES: Readonly<Record<string, readonly Row[] | undefined>> = {
  openai: gpt,
  // By the name of a deployment, which is mostly that of its model; one that is not matches nothing.
  'azure-openai': gpt,
  anthropic: claude,
  cohere: command,
  xai: grok,
  perplexity: agent,
};
