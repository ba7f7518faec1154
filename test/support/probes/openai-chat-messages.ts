// The messages of a chat completions request, their parts and calls, with values that tell apart what can become of each.
// https://platform.openai.com/docs/api-reference/chat/create

import type { JsonObject } from '../../../src/core/json.ts';
import { probes, type ProbeGroup } from './probe.ts';

const hello = { role: 'user', content: 'Hello' };
const hi = { role: 'assistant', content: 'Hi!' };
const png = { url: 'data:image/png;base64,iVBORw0KGgo=' };
const pdf = { file_data: 'data:application/pdf;base64,JVBERi0=' };
const signed = {
  type: 'reasoning.text',
  text: 'so I said',
  signature: 'c2ln',
  format: 'anthropic-claude-v1',
  index: 0,
};

function talk(...messages: readonly JsonObject[]): JsonObject {
  return { model: 'any', messages };
}

/** A user's message with one more part. */
function shown(part: JsonObject): JsonObject {
  return talk({ role: 'user', content: [{ type: 'text', text: 'Look:' }, part] });
}

/** An assistant's message in parts. */
function answered(...content: readonly JsonObject[]): JsonObject {
  return talk(hello, { role: 'assistant', content }, hello);
}

const called = {
  ...talk(
    hello,
    {
      role: 'assistant',
      content: null,
      tool_calls: [
        { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bonn"}' } },
      ],
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'rain' },
  ),
  tools: [{ type: 'function', function: { name: 'weather' } }],
};

const messages: ProbeGroup = {
  title: 'Messages',
  probes: [
    ...probes(talk(hello), [
      ['messages', [hello, hello], { instead: [hello] }],
      ['messages', [{ role: 'system', content: 'Be brief.' }, hello], { instead: [hello] }],
      ['messages', [{ role: 'developer', content: 'Be brief.' }, hello], { instead: [hello] }],
      ['messages', [hi, hello], { instead: [hello] }],
      ['messages.1', { role: 'system', content: 'Be brief.' }],
      ['messages.1', hi],
      ['messages.1', { role: 'user', content: '' }],
      ['messages.1', { role: 'function', name: 'weather', content: 'sunny' }],
      ['messages.0.name', 'Ann'],
      ['messages.0.a_field_of_tomorrow', true],
    ]),
    ...probes(talk({ role: 'system', content: 'Be brief.' }, hello), [
      ['messages.0.name', 'editor'],
      ['messages.0.a_field_of_tomorrow', true],
    ]),
    ...probes(talk(hello, hi, hello), [
      ['messages.1.name', 'Bob'],
      ['messages.1.refusal', 'I will not.'],
      ['messages.1.reasoning_content', 'so I said'],
      ['messages.1.reasoning', 'so I said'],
      ['messages.1.reasoning_details', [signed]],
      [
        'messages.1.reasoning_details',
        [{ type: 'reasoning.encrypted', data: 'ZGF0YQ==', format: signed.format }],
      ],
      ['messages.1.reasoning_details', [{ ...signed, format: 'google-gemini-v1' }]],
      ['messages.1.reasoning_details', [{ type: 'reasoning.text', text: 'so I said', index: 0 }]],
      ['messages.1.annotations', [], { idle: 'asks for nothing' }],
      ['messages.1.audio', { id: 'audio_1' }],
      ['messages.1.function_call', { name: 'weather', arguments: '{}' }],
      ['messages.1.a_field_of_tomorrow', true],
    ]),
    ...probes(talk(hello, { ...hi, reasoning_details: [signed] }, hello), [
      ['messages.1.reasoning_details.0.a_field_of_tomorrow', true],
    ]),
  ],
};

const parts: ProbeGroup = {
  title: 'Content parts',
  probes: [
    ...probes(talk({ role: 'user', content: [{ type: 'text', text: 'Look:' }] }), [
      ['messages.0.content.1', { type: 'text', text: 'and this' }],
      ['messages.0.content.1', { type: 'image_url', image_url: { url: 'https://example.com/a.png' } }],
      ['messages.0.content.1', { type: 'image_url', image_url: png }],
      ['messages.0.content.1', { type: 'image_url', image_url: { url: 'data:image/bmp;base64,Qk0=' } }],
      ['messages.0.content.1', { type: 'file', file: pdf }],
      ['messages.0.content.1', { type: 'file', file: { file_data: 'data:text/plain;base64,SGk=' } }],
      ['messages.0.content.1', { type: 'file', file: { file_data: 'data:application/zip;base64,UEs=' } }],
      ['messages.0.content.1', { type: 'file', file: { file_data: 'https://example.com/a.pdf' } }],
      ['messages.0.content.1', { type: 'file', file: { file_id: 'file-1' } }],
      ['messages.0.content.1', { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } }],
      ['messages.0.content.1', { type: 'video_url', video_url: { url: 'https://example.com/a.mp4' } }],
    ]),
    ...probes(shown({ type: 'text', text: 'and this' }), [
      ['messages.0.content.1.prompt_cache_breakpoint', { mode: 'explicit' }],
      ['messages.0.content.1.prompt_cache_breakpoint', { mode: 'explicit', ttl: '30m' }],
      ['messages.0.content.1.prompt_cache_breakpoint', { mode: 'explicit', ttl: '12h' }],
      ['messages.0.content.1.prompt_cache_breakpoint', { mode: 'explicit', a_field_of_tomorrow: true }],
      ['messages.0.content.1.cache_control', { type: 'ephemeral', ttl: '1h' }],
      ['messages.0.content.1.a_field_of_tomorrow', true],
    ]),
    ...probes(shown({ type: 'image_url', image_url: png }), [
      ['messages.0.content.1.image_url.detail', 'auto', { idle: 'what happens anyway' }],
      ['messages.0.content.1.image_url.detail', 'high'],
      ['messages.0.content.1.image_url.a_field_of_tomorrow', true],
      ['messages.0.content.1.prompt_cache_breakpoint', { mode: 'explicit' }],
      ['messages.0.content.1.a_field_of_tomorrow', true],
    ]),
    ...probes(shown({ type: 'file', file: pdf }), [
      ['messages.0.content.1.file.filename', 'a.pdf'],
      ['messages.0.content.1.file.a_field_of_tomorrow', true],
      ['messages.0.content.1.prompt_cache_breakpoint', { mode: 'explicit' }],
      ['messages.0.content.1.a_field_of_tomorrow', true],
    ]),
    ...probes(talk({ role: 'system', content: [{ type: 'text', text: 'Be brief.' }] }, hello), [
      ['messages.0.content.0.cache_control', { type: 'ephemeral' }],
      ['messages.0.content.0.a_field_of_tomorrow', true],
    ]),
    ...probes(answered({ type: 'text', text: 'Hi!' }), [
      ['messages.1.content.1', { type: 'refusal', refusal: 'I will not.' }],
      ['messages.1.content.1', { type: 'image_url', image_url: png }],
      ['messages.1.content.0.cache_control', { type: 'ephemeral' }],
      ['messages.1.content.0.a_field_of_tomorrow', true],
    ]),
    ...probes(answered({ type: 'refusal', refusal: 'I will not.' }), [
      ['messages.1.content.0.a_field_of_tomorrow', true],
    ]),
  ],
};

const calls: ProbeGroup = {
  title: 'Tool calls and results',
  probes: [
    ...probes(called, [
      ['messages.1.tool_calls.0.function.arguments', '{"city":"Köln"}', { instead: '{}' }],
      ['messages.1.tool_calls.0.function.arguments', 'not JSON', { instead: '{}' }],
      [
        'messages.1.tool_calls.0.function.arguments',
        '',
        { instead: '{}', idle: 'no arguments are an empty object' },
      ],
      ['messages.1.tool_calls.0.function.a_field_of_tomorrow', true],
      ['messages.1.tool_calls.0.index', 0, { idle: 'the place in the list' }],
      ['messages.1.tool_calls.0.a_field_of_tomorrow', true],
      ['messages.1.tool_calls.0', { id: 'call_1', type: 'custom', custom: { name: 'poem', input: 'ode' } }],
      [
        'messages.1.tool_calls.1',
        { id: 'call_2', type: 'function', function: { name: 'weather', arguments: '{}' } },
      ],
      ['messages.2.content', 'sunny', { instead: '' }],
      ['messages.2.content', [{ type: 'text', text: 'sunny' }], { instead: '' }],
      [
        'messages.2.content',
        [{ type: 'text', text: 'sunny', cache_control: { type: 'ephemeral' } }],
        { instead: '' },
      ],
      ['messages.2.content', [{ type: 'image_url', image_url: png }], { instead: '' }],
      ['messages.2.tool_call_id', 'call_2', { instead: 'call_1' }],
      ['messages.2.name', 'weather'],
      ['messages.2.a_field_of_tomorrow', true],
    ]),
    ...probes(called, [['tools', [], { instead: called.tools }]]),
  ],
};

export const openaiChatMessages: readonly ProbeGroup[] = [messages, parts, calls];
