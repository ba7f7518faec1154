import { describe, expect, it } from 'vitest';

import { call, callsOf, delta, read } from './chunks.ts';

describe('a tool call', () => {
  it('keeps its arguments apart from those of a parallel one', () => {
    const calls = callsOf([
      delta({ tool_calls: [call(0, 'a', 'f', ''), call(1, 'b', 'g', '')] }),
      delta({ tool_calls: [{ index: 1, function: { arguments: '{"y"' } }] }),
      delta({ tool_calls: [{ index: 0, function: { arguments: '{}' } }] }),
      delta({ tool_calls: [{ index: 1, function: { arguments: ':1}' } }] }),
    ]);
    expect(calls).toEqual([
      ['a', 'f', '{}'],
      ['b', 'g', '{"y":1}'],
    ]);
  });

  it('is another one at the same index with another id and a name (Ollama, Gemini)', () => {
    const calls = callsOf([
      delta({ tool_calls: [call(0, 'a', 'f', '{"x":1}')] }),
      delta({ tool_calls: [call(0, 'b', 'f', '{"x":2}')] }),
    ]);
    expect(calls).toEqual([
      ['a', 'f', '{"x":1}'],
      ['b', 'f', '{"x":2}'],
    ]);
  });

  it('is another one at the same index when the one before is complete and ids are missing', () => {
    const calls = callsOf([bareCall('{"x":1}'), bareCall('{"x":2}')]);
    expect(calls.map(([, name, text]) => [name, text])).toEqual([
      ['f', '{"x":1}'],
      ['f', '{"x":2}'],
    ]);
    expect(new Set(calls.map(([id]) => id)).size).toBe(2);
  });

  it('goes on when its name is repeated', () => {
    const calls = callsOf([
      delta({ tool_calls: [call(0, 'a', 'f', '{"x"')] }),
      delta({ tool_calls: [call(0, 'a', 'f', ':1}')] }),
      delta({ tool_calls: [call(0, '', 'f', '')] }),
    ]);
    expect(calls).toEqual([['a', 'f', '{"x":1}']]);
  });

  it('goes on under a fresh id without a name (vLLM)', () => {
    const calls = callsOf([
      delta({ tool_calls: [call(0, 'a', 'f', '{"x"')] }),
      delta({ tool_calls: [{ index: 0, id: 'z', function: { arguments: ':1}' } }] }),
    ]);
    expect(calls).toEqual([['a', 'f', '{"x":1}']]);
  });

  it('waits for its name', () => {
    const events = read([
      delta({ tool_calls: [{ index: 0, id: 'a', function: { arguments: '{"x"' } }] }),
      delta({ tool_calls: [{ index: 0, function: { name: 'f', arguments: ':1}' } }] }),
      delta({}, 'tool_calls'),
    ]);
    expect(events.slice(1, 3)).toEqual([
      { type: 'tool-call-start', block: 0, id: 'a', name: 'f' },
      { type: 'tool-call-delta', block: 0, arguments: '{"x":1}' },
    ]);
  });

  it('gets an id where it has none, the same for the same reply', () => {
    const nameless = [delta({ tool_calls: [{ function: { name: 'f', arguments: '{}' } }] })];
    const id = callsOf(nameless)[0]?.[0];
    expect(id).toMatch(/^call_[0-9a-f]{16}$/);
    expect(callsOf(nameless)).toEqual(callsOf(nameless));
    const other = [{ ...nameless[0], id: 'another reply' }];
    expect(callsOf(other)[0]?.[0]).not.toBe(id);
  });

  it.each([
    [{ x: 1 }, '{"x":1}'],
    [null, ''],
    [undefined, ''],
  ])('with arguments %j has the text %j', (given, text) => {
    const fragment = { index: 0, id: 'a', function: { name: 'f', arguments: given } };
    expect(callsOf([delta({ tool_calls: [fragment] })])).toEqual([['a', 'f', text]]);
  });

  it('may be a custom one, or in the form before tools', () => {
    const custom = [
      delta({ tool_calls: [{ index: 0, id: 'a', type: 'custom', custom: { name: 'f', input: 'free ' } }] }),
      delta({ tool_calls: [{ index: 0, custom: { input: 'text' } }] }),
    ];
    expect(read([...custom, delta({}, 'stop')])).toContainEqual({
      type: 'tool-call-start',
      block: 0,
      id: 'a',
      name: 'f',
      custom: true,
    });
    expect(callsOf(custom)).toEqual([['a', 'f', 'free text']]);
    const legacy = [
      delta({ function_call: { name: 'f', arguments: '' } }),
      delta({ function_call: { arguments: '{}' } }, 'function_call'),
    ];
    expect(callsOf(legacy).map(([, name, text]) => [name, text])).toEqual([['f', '{}']]);
  });

  it('ends the text before it, and lets text begin again', () => {
    const events = read([
      delta({ content: 'Let me look.' }),
      delta({ tool_calls: [call(0, 'a', 'f', '{}')] }),
      delta({ content: 'Done.' }, 'tool_calls'),
    ]);
    expect(events.map((event) => ('block' in event ? `${event.type} ${event.block}` : event.type))).toEqual([
      'start',
      'text-start 0',
      'text-delta 0',
      'text-end 0',
      'tool-call-start 1',
      'tool-call-delta 1',
      'text-start 2',
      'text-delta 2',
      'text-end 2',
      'tool-call-end 1',
      'finish',
    ]);
  });
});

function bareCall(text: string) {
  return delta({ tool_calls: [{ function: { name: 'f', arguments: text } }] });
}
