import { describe, expect, it } from 'vitest';

import type { ChatRequest } from '../../../src/core/chat.ts';
import { openai } from '../../../src/providers/openai.ts';

const tools: ChatRequest['tools'] = [{ type: 'function', name: 'get_time' }];

describe('a translated request to OpenAI', () => {
  it('samples a model that can stop reasoning only while it does not reason', () => {
    expect(write('gpt-5.2', { temperature: 0, reasoning: { effort: 'none' } }).body).toMatchObject({
      temperature: 0,
      reasoning_effort: 'none',
    });
    const { body, losses } = write('gpt-5.2', { temperature: 0, reasoning: { effort: 'low' } });
    expect(body).not.toHaveProperty('temperature');
    expect(losses).toContainEqual({ action: 'dropped', field: 'temperature' });
  });

  it('with tools for gpt-5.6 gives up the reasoning, which that model refuses beside them, and says so', () => {
    const { body, losses } = write('gpt-5.6-sol', { tools });
    expect(body).toMatchObject({ reasoning_effort: 'none', tools: [{ function: { name: 'get_time' } }] });
    expect(losses).toEqual([{ action: 'clamped', field: 'reasoning_effort' }]);
  });

  it('with tools for other models leaves the effort as it was', () => {
    expect(write('gpt-5.5', { tools, reasoning: { effort: 'high' } }).body).toMatchObject({
      reasoning_effort: 'high',
    });
    expect(write('gpt-5.6-sol', { reasoning: { effort: 'high' } }).body).toMatchObject({
      reasoning_effort: 'high',
    });
  });

  it('puts the cap where a reasoning model looks for it', () => {
    const { body } = write('o3', { maxOutputTokens: 100 });
    expect(body).toMatchObject({ max_completion_tokens: 100 });
    expect(body).not.toHaveProperty('max_tokens');
  });

  it('calls the instructions of a reasoning model by their newer name', () => {
    const system: ChatRequest['messages'] = [
      { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
    ];
    expect(write('gpt-5', { messages: system }).body).toMatchObject({ messages: [{ role: 'developer' }] });
    expect(write('gpt-4o', { messages: system }).body).toMatchObject({ messages: [{ role: 'system' }] });
  });
});

function write(model: string, members: Partial<ChatRequest>) {
  const request: ChatRequest = {
    model,
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'hello' }] }],
    stream: false,
    streamUsage: false,
    ...members,
  };
  return openai.speaks[0]!.write!(request, model);
}
