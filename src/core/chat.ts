// Our own vocabulary for a chat request: what every dialect's request is read into and written from.
// Beside each field stand the dialects that carry it: CC = openai-chat, AM = anthropic-messages, RS = openai-responses. What a dialect says and
// this vocabulary does not model travels in `extensions` and is replayed only to the same dialect.
// Nothing here invents a default: a field that the caller did not send is absent.

import type { JsonObject } from './json.ts';

export type ChatRequest = {
  readonly model: string; // CC AM RS
  readonly messages: readonly Message[]; // CC AM; RS instructions + input
  readonly stream: boolean; // CC AM RS
  /** The caller wants a usage report in the stream. */
  readonly streamUsage: boolean; // CC stream_options.include_usage; always true in AM and RS
  readonly maxOutputTokens?: number; // CC max_completion_tokens ?? max_tokens; AM max_tokens; RS max_output_tokens
  readonly temperature?: number; // CC RS 0..2, AM 0..1
  readonly topP?: number; // CC AM RS
  readonly topK?: number; // AM
  readonly frequencyPenalty?: number; // CC
  readonly presencePenalty?: number; // CC
  readonly seed?: number; // CC
  readonly logitBias?: JsonObject; // CC
  readonly logprobs?: boolean; // CC; RS include
  readonly topLogprobs?: number; // CC RS
  /** How many answers; absent is one. */
  readonly n?: number; // CC
  readonly stop?: readonly string[]; // CC stop, AM stop_sequences
  readonly tools?: readonly Tool[]; // CC AM RS
  readonly toolChoice?: ToolChoice; // CC AM RS
  readonly parallelToolCalls?: boolean; // CC RS; AM tool_choice.disable_parallel_tool_use, inverted
  readonly output?: OutputFormat; // CC response_format; AM output_config.format; RS text.format
  readonly reasoning?: ReasoningSettings; // CC reasoning_effort; AM thinking + output_config.effort; RS reasoning
  readonly userId?: string; // CC RS safety_identifier ?? user; AM metadata.user_id
  readonly metadata?: JsonObject; // CC RS
  readonly serviceTier?: string; // CC AM RS, each with its own words
  readonly verbosity?: string; // CC; RS text.verbosity
  /** The prompt, which the reply is to begin with. No model does it: the caller's own dialect puts it there. */
  readonly echo?: string; // openai-completions
  /** Mark the last cacheable block by itself. */
  readonly cacheMark?: CacheMark; // AM top-level cache_control
  /** By dialect id: request fields that the vocabulary does not model. */
  readonly extensions?: Extensions;
  /** Fields deep inside that no reader takes, as paths without places, `messages.content.detail`: lost to every writer. */
  readonly unread?: readonly string[];
};

export type Extensions = { readonly [dialect: string]: JsonObject | undefined };

export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

export type SystemMessage = {
  readonly role: 'system';
  readonly parts: readonly TextPart[];
  /** CC tells `developer` from `system`; absent is system. */
  readonly developer?: true;
  readonly extensions?: Extensions;
};
export type UserMessage = {
  readonly role: 'user';
  readonly parts: readonly UserPart[];
  /** CC's participant name. */
  readonly name?: string;
  readonly extensions?: Extensions;
};
export type AssistantMessage = {
  readonly role: 'assistant';
  readonly parts: readonly AssistantPart[];
  readonly name?: string;
  readonly extensions?: Extensions;
};
/** The result of one tool call. CC: one `tool` message; AM: one `tool_result` block, all of a turn in one user message. */
export type ToolMessage = {
  readonly role: 'tool';
  readonly callId: string;
  readonly parts: readonly (TextPart | ImagePart | DocumentPart)[];
  readonly isError?: true;
  readonly cacheMark?: CacheMark;
  readonly extensions?: Extensions;
};

export type UserPart = TextPart | ImagePart | DocumentPart | AudioPart | OpaquePart;
export type AssistantPart = TextPart | RefusalPart | ReasoningPart | ToolCallPart | OpaquePart;

export type TextPart = {
  readonly type: 'text';
  readonly text: string;
  readonly cacheMark?: CacheMark;
  readonly citations?: readonly Citation[];
};
export type ImagePart = {
  readonly type: 'image';
  readonly source: MediaSource;
  readonly detail?: string; // CC
  readonly cacheMark?: CacheMark;
};
export type DocumentPart = {
  readonly type: 'document';
  readonly source: MediaSource | { readonly kind: 'text'; readonly text: string };
  readonly title?: string; // AM title, CC filename
  readonly context?: string; // AM
  readonly citations?: boolean; // AM
  readonly cacheMark?: CacheMark;
};
export type AudioPart = {
  readonly type: 'audio';
  readonly data: string;
  readonly format: string;
};
export type RefusalPart = { readonly type: 'refusal'; readonly text: string };
/** Reasoning of an earlier turn. `text` may be empty when only the opaque part was given. */
export type ReasoningPart = {
  readonly type: 'reasoning';
  readonly text: string;
  readonly opaque?: OpaqueReasoning;
};
export type ToolCallPart = {
  readonly type: 'tool-call';
  readonly id: string;
  readonly name: string;
  /** The JSON text of the arguments as it was given: never re-serialised. May be empty or invalid. */
  readonly arguments: string;
  /** CC `custom` tools take free text instead of JSON. */
  readonly custom?: true;
  readonly cacheMark?: CacheMark;
};
/** A block that only its own dialect understands (server tools, search results): kept in place for that dialect. */
export type OpaquePart = {
  readonly type: 'opaque';
  readonly dialect: string;
  readonly block: JsonObject;
};

export type MediaSource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'base64'; readonly mediaType: string; readonly data: string }
  | { readonly kind: 'file-id'; readonly id: string; readonly dialect: string };

/** What must go back unchanged for the vendor to go on reasoning where it stopped. */
export type OpaqueReasoning = {
  /**
   * Who made it, in OpenRouter's words for formats: `anthropic-claude-v1`, `openai-responses-v1`, ... What is sealed by us
   * is whole: it goes where the dialect's own would, and means nothing to anybody but us.
   */
  readonly format: string;
  /** `signature` belongs to the text beside it, `encrypted` replaces it. */
  readonly kind: 'signature' | 'encrypted';
  readonly data: string;
  readonly id?: string;
};

/** The format of what this gateway has sealed for a caller of another dialect to bring back. */
export const SEALED_FORMAT = 'llm-proxy-v1';

/** Up to here the prompt may be cached by the provider. */
export type CacheMark = { readonly ttl?: string };

export type Tool =
  | {
      readonly type: 'function';
      readonly name: string;
      readonly description?: string;
      /** JSON Schema; absent means no parameters. */
      readonly parameters?: JsonObject;
      readonly strict?: boolean;
      readonly cacheMark?: CacheMark;
      readonly extensions?: Extensions;
    }
  | {
      readonly type: 'custom';
      readonly name: string;
      readonly description?: string;
      readonly format?: JsonObject;
    }
  /** A vendor's hosted tool: only its own dialect can carry it. */
  | { readonly type: 'hosted'; readonly dialect: string; readonly definition: JsonObject };

export type ToolChoice =
  | { readonly type: 'auto' }
  | { readonly type: 'none' }
  | { readonly type: 'required' }
  | { readonly type: 'tool'; readonly name: string }
  | { readonly type: 'allowed'; readonly mode: 'auto' | 'required'; readonly names: readonly string[] };

export type OutputFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json-object' }
  | {
      readonly type: 'json-schema';
      readonly name?: string;
      readonly description?: string;
      readonly schema: JsonObject;
      readonly strict?: boolean;
    };

export type ReasoningSettings = {
  /** none, minimal, low, medium, high, xhigh, max; an unknown word is passed on. */
  readonly effort?: string;
  /** AM `thinking`: how it was asked for, and its budget in tokens. */
  readonly mode?: 'enabled' | 'adaptive' | 'disabled' | 'between_tools';
  readonly budgetTokens?: number;
  /** AM `thinking.display`. */
  readonly display?: string;
  /** RS `reasoning.summary`: how much of it, beside a `display` that says that it is to be shown. */
  readonly summary?: string;
};

export type Citation = {
  readonly url?: string;
  readonly title?: string;
  readonly citedText?: string;
  /** Character range in the text it supports, where the provider gives one. */
  readonly start?: number;
  readonly end?: number;
  /** The citation in its own dialect's words. */
  readonly native?: { readonly dialect: string; readonly citation: JsonObject };
};
