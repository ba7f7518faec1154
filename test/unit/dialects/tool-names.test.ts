import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ChatRequest } from '../../../src/core/chat.ts';
import { nameTools, type NameForm } from '../../../src/dialects/tool-names.ts';

const form: NameForm = { foreign: /[^a-z_]/g, isDigitFirst: false, lengthMax: 8 };

function asking(names: readonly string[], called: readonly string[] = []): ChatRequest {
  return {
    model: 'any',
    stream: false,
    streamUsage: false,
    tools: names.map((name) => ({ type: 'function', name })),
    messages: [
      {
        role: 'assistant',
        parts: called.map((name) => ({ type: 'tool-call', id: name, name, arguments: '{}' })),
      },
    ],
  };
}

describe('names of tools', () => {
  it('that all have the form leave the request as it is', () => {
    const request = asking(['a', 'b_c']);
    expect(nameTools(request, form)).toEqual({ request });
  });

  it('have the form afterwards, are as many, and lead back to those that were given', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 20 }), { maxLength: 12 });
    fc.assert(
      fc.property(names, names, (offered, called) => {
        const { request, toolNames } = nameTools(asking(offered, called), form);
        const written = (request.tools ?? []).map((tool) => (tool.type === 'hosted' ? '' : tool.name));
        expect(new Set(written).size).toBe(offered.length);
        for (const name of written) expect(name).toMatch(/^[a-z_]\w{0,7}$/);
        expect(written.map((name) => toolNames?.get(name) ?? name)).toEqual(offered);
        const calls = request.messages.flatMap(({ parts }): readonly string[] =>
          parts.flatMap((part) => (part.type === 'tool-call' ? [part.name] : [])),
        );
        expect(calls.map((name) => toolNames?.get(name) ?? name)).toEqual(called);
      }),
      { numRuns: 500 },
    );
  });

  it('do not become the name of a tool that the provider hosts', () => {
    const request = asking(['web.x']);
    const hosted = { type: 'hosted' as const, dialect: 'any', definition: { name: 'web_x' } };
    const { toolNames } = nameTools({ ...request, tools: [...(request.tools ?? []), hosted] }, form);
    expect([...(toolNames ?? [])]).toEqual([['web_x_2', 'web.x']]);
  });

  it('follow the choice among them', () => {
    const named = { ...asking(['a.b', 'c']), toolChoice: { type: 'tool', name: 'a.b' } } as const;
    expect(nameTools(named, form).request.toolChoice).toEqual({ type: 'tool', name: 'a_b' });
    const allowed = { type: 'allowed', mode: 'auto', names: ['a.b', 'c'] } as const;
    expect(nameTools({ ...named, toolChoice: allowed }, form).request.toolChoice).toMatchObject({
      names: ['a_b', 'c'],
    });
  });
});
