// Tokens that nobody has counted. The figures are marked as estimates wherever they are shown.

import type { ChatRequest, Message, Tool } from './chat.ts';

/** English prose has about four characters a token. */
export const CHARS_PER_TOKEN = 4;

/** About what a large picture or a page comes to: https://platform.claude.com/docs/en/build-with-claude/vision */
const TOKENS_PER_PICTURE = 1600;

/** `chars`: UTF-16 units. */
export function estimateTokens(chars: number): number {
  return Math.ceil(chars / CHARS_PER_TOKEN);
}

/** All that the model is to read: what is said, what was called, and the tools that it may call. */
export function estimateInputTokens({ messages, tools = [], output }: ChatRequest): number {
  const contents = messages.map(contentOf);
  const chars =
    sum(contents.map((content) => content.chars)) +
    sum(tools.map(charsOfTool)) +
    (output?.type === 'json-schema' ? JSON.stringify(output.schema).length : 0);
  return estimateTokens(chars) + TOKENS_PER_PICTURE * sum(contents.map(({ pictures }) => pictures));
}

type Content = { readonly chars: number; readonly pictures: number };
type Part = Message['parts'][number];

function contentOf({ parts }: Message): Content {
  const contents = parts.map(contentOfPart);
  return {
    chars: sum(contents.map(({ chars }) => chars)),
    pictures: sum(contents.map(({ pictures }) => pictures)),
  };
}

function contentOfPart(part: Part): Content {
  switch (part.type) {
    case 'text':
    case 'refusal':
    case 'reasoning':
      return { chars: part.text.length, pictures: 0 };
    case 'tool-call':
      return { chars: part.name.length + part.arguments.length, pictures: 0 };
    case 'document':
      return part.source.kind === 'text'
        ? { chars: part.source.text.length, pictures: 0 }
        : { chars: 0, pictures: 1 };
    // Sound has no measure here: it is as long as a picture is large.
    case 'image':
    case 'audio':
      return { chars: 0, pictures: 1 };
    case 'opaque':
      return { chars: JSON.stringify(part.block).length, pictures: 0 };
  }
}

function charsOfTool(tool: Tool): number {
  switch (tool.type) {
    case 'function': {
      const { name, description = '', parameters = {} } = tool;
      return name.length + description.length + JSON.stringify(parameters).length;
    }
    case 'custom':
      return tool.name.length + (tool.description ?? '').length;
    case 'hosted':
      return JSON.stringify(tool.definition).length;
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
