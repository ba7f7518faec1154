// The calls and results of a conversation as an upstream finds them in a request body, and whether they stand where its
// API insists on them.

import { expect } from 'vitest';
import type { Call } from './clients/meaning.ts';
import type { Upstream } from './matrix.ts';

export type ToolTurns = {
  readonly calls: readonly Call[];
  readonly results: readonly { readonly callId: string; readonly text: string }[];
};

export function toolTurns(upstream: Upstream, body: string): ToolTurns {
  const { messages } = JSON.parse(body) as { messages: readonly never[] };
  return upstream === 'openai-chat' ? ofChat(messages) : ofMessages(messages);
}

type ChatMessage = {
  readonly role: string;
  readonly content: unknown;
  readonly tool_calls?: readonly {
    id: string;
    type: string;
    function: { name: string; arguments: string };
  }[];
  readonly tool_call_id?: string;
};

/** Directly behind the message that calls: one `tool` message for each call, in the order of the calls. */
function ofChat(messages: readonly ChatMessage[]): ToolTurns {
  for (const [place, { tool_calls: called = [] }] of messages.entries()) {
    const behind = messages.slice(place + 1, place + 1 + called.length);
    expect(behind.map(({ tool_call_id: id }) => id)).toEqual(called.map(({ id }) => id));
  }
  return {
    calls: messages.flatMap(({ tool_calls: called = [] }) =>
      called.map(({ id, type, function: { name, arguments: text } }) => {
        expect(type).toBe('function');
        return { id, name, input: JSON.parse(text) as unknown };
      }),
    ),
    results: messages.flatMap(({ role, tool_call_id: callId = '', content }) =>
      role === 'tool' ? [{ callId, text: String(content) }] : [],
    ),
  };
}

type Block = {
  readonly type: string;
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  readonly tool_use_id: string;
  readonly content: unknown;
};
type AnthropicMessage = { readonly role: string; readonly content: string | readonly Block[] };

/** In the message behind the calls: one `tool_result` for each, before anything else. */
function ofMessages(messages: readonly AnthropicMessage[]): ToolTurns {
  const turns = messages.map(({ content }) => (typeof content === 'string' ? [] : content));
  for (const [place, blocks] of turns.entries()) {
    const called = blocks.filter(({ type }) => type === 'tool_use');
    const behind = turns[place + 1]?.slice(0, called.length) ?? [];
    expect(behind.map(({ tool_use_id: id }) => id)).toEqual(called.map(({ id }) => id));
    for (const { input } of called) expect(input).toBeTypeOf('object');
  }
  const blocks = turns.flat();
  return {
    calls: blocks.flatMap(({ type, id, name, input }) => (type === 'tool_use' ? [{ id, name, input }] : [])),
    results: blocks.flatMap(({ type, tool_use_id: callId, content }) =>
      type === 'tool_result' ? [{ callId, text: String(content) }] : [],
    ),
  };
}
