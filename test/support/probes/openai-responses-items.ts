// The input items of a Responses request, their parts and calls, with values that tell apart what can become of each.
// https://platform.openai.com/docs/api-reference/responses/create#responses-create-input

import type { JsonObject } from '../../../src/core/json.ts';
import { probes, type ProbeGroup } from './probe.ts';

const hello = { role: 'user', content: 'Hello' };
const hi = { role: 'assistant', content: 'Hi!' };
const text = { type: 'input_text', text: 'Look:' };
const image = { type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=' };

function talk(...input: readonly JsonObject[]): JsonObject {
  return { model: 'any', input };
}

/** A user's message with one more part. */
function shown(part: JsonObject): JsonObject {
  return talk({ role: 'user', content: [text, part] });
}

/** An assistant's message in parts. */
function answered(...content: readonly JsonObject[]): JsonObject {
  return talk(hello, { role: 'assistant', content }, hello);
}

const call = { type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '{"city":"Bonn"}' };
const result = { type: 'function_call_output', call_id: 'call_1', output: 'rain' };
const called = {
  ...talk(hello, call, result),
  tools: [{ type: 'function', name: 'weather', strict: false }],
};
const customCall = { type: 'custom_tool_call', call_id: 'call_1', name: 'poem', input: 'spring' };
const customResult = { type: 'custom_tool_call_output', call_id: 'call_1', output: 'done' };
const wrote = { ...talk(hello, customCall, customResult), tools: [{ type: 'custom', name: 'poem' }] };

const items: ProbeGroup = {
  title: 'Items',
  probes: [
    ...probes(talk(hello), [
      ['input', 'Hello there', { instead: 'Hello' }],
      ['input', [hello, hi, hello], { instead: [hello] }],
      ['input.1', { role: 'system', content: 'Be brief.' }],
      ['input.1', { role: 'developer', content: 'Be brief.' }],
      ['input.1', hi],
      ['input.1', { type: 'item_reference', id: 'msg_1' }],
      ['input.1', { type: 'compaction', encrypted_content: 'c2ln' }],
      ['input.1', { type: 'computer_call_output', call_id: 'call_1', output: {} }],
      ['input.0.type', 'message', { idle: 'what it is anyway' }],
      ['input.0.id', 'msg_1', { idle: 'where it was stored' }],
      ['input.0.status', 'completed', { idle: 'how far it had come' }],
      ['input.0.a_field_of_tomorrow', true],
    ]),
    ...probes(talk(hello, hi, hello), [
      ['input.1.phase', 'commentary'],
      ['input.1', { type: 'web_search_call', id: 'ws_1', status: 'completed' }, { instead: hi }],
      ['input.1.a_field_of_tomorrow', true],
    ]),
  ],
};

const parts: ProbeGroup = {
  title: 'Parts',
  probes: [
    ...probes(talk({ role: 'user', content: [text] }), [
      ['input.0.content.0.text', 'See:', { instead: 'Look:' }],
      ['input.0.content.1', image],
      ['input.0.content.1', { type: 'input_image', image_url: 'https://example.com/a.png' }],
      ['input.0.content.1', { type: 'input_image', file_id: 'file-1' }],
      ['input.0.content.1', { type: 'input_file', file_data: 'data:application/pdf;base64,JVBERi0=' }],
      ['input.0.content.1', { type: 'input_file', file_data: 'data:text/plain;base64,SGVsbG8=' }],
      ['input.0.content.1', { type: 'input_file', file_url: 'https://example.com/a.pdf' }],
      ['input.0.content.1', { type: 'input_file', file_id: 'file-1' }],
      ['input.0.content.1', { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } }],
      ['input.0.content.1', { type: 'a_part_of_tomorrow' }],
      ['input.0.content.0.prompt_cache_breakpoint', { mode: 'explicit' }],
      ['input.0.content.0.prompt_cache_breakpoint', { mode: 'explicit', ttl: '12h' }],
      ['input.0.content.0.a_field_of_tomorrow', true],
    ]),
    ...probes(shown(image), [
      ['input.0.content.1.detail', 'low'],
      ['input.0.content.1.prompt_cache_breakpoint', { mode: 'explicit' }],
      ['input.0.content.1.a_field_of_tomorrow', true],
    ]),
    ...probes(shown({ type: 'input_file', file_data: 'data:text/plain;base64,SGVsbG8=' }), [
      ['input.0.content.1.filename', 'greeting.txt'],
      ['input.0.content.1.a_field_of_tomorrow', true],
    ]),
    ...probes(answered({ type: 'output_text', text: 'Hi!' }), [
      ['input.1.content.0.text', 'Good day!', { instead: 'Hi!' }],
      [
        'input.1.content.0.annotations',
        [{ type: 'url_citation', start_index: 0, end_index: 2, url: 'https://example.com', title: 'Hi' }],
      ],
      ['input.1.content.0.annotations', [], { idle: 'says nothing' }],
      ['input.1.content.0.logprobs', [{ token: 'Hi', logprob: -1, bytes: [], top_logprobs: [] }]],
      ['input.1.content.1', { type: 'refusal', refusal: 'I will not.' }],
      ['input.1.content.1', { type: 'a_part_of_tomorrow' }],
    ]),
  ],
};

const calls: ProbeGroup = {
  title: 'Calls and results',
  probes: [
    ...probes(called, [
      ['input.1.arguments', '{"city":"Rome"}', { instead: '{"city":"Bonn"}' }],
      ['input.1.arguments', 'not JSON', { instead: '{"city":"Bonn"}' }],
      ['input.1.name', 'clock', { instead: 'weather' }],
      ['input.1.id', 'fc_1', { idle: 'where it was stored' }],
      ['input.1.status', 'completed', { idle: 'how far it had come' }],
      ['input.1.namespace', 'outdoors'],
      ['input.2.output', 'sun', { instead: 'rain' }],
      ['input.2.output', [{ type: 'input_text', text: 'sun' }], { instead: 'rain' }],
      ['input.2.output', [image], { instead: 'rain' }],
      ['input.2.id', 'fco_1', { idle: 'where it was stored' }],
      ['input.2.a_field_of_tomorrow', true],
      ['input.3', { type: 'function_call_output', call_id: 'call_9', output: 'stray' }],
      ['input.3', { ...call, call_id: 'call_2' }],
    ]),
    ...probes(wrote, [
      ['input.1.input', 'autumn', { instead: 'spring' }],
      ['input.2.output', 'written', { instead: 'done' }],
      ['input.1.a_field_of_tomorrow', true],
    ]),
  ],
};

const summary = [{ type: 'summary_text', text: 'so I said' }];
const reasoning: ProbeGroup = {
  title: 'Reasoning',
  probes: [
    ...probes(talk(hello, { type: 'reasoning', summary: [] }, hi, hello), [
      ['input.1.encrypted_content', 'c2ln', { idle: 'its loss is named with the item' }],
      ['input.1.summary', summary, { instead: [], idle: 'its loss is named with the item' }],
      [
        'input.1.content',
        [{ type: 'reasoning_text', text: 'so I said' }],
        { idle: 'its loss is named with the item' },
      ],
      ['input.1.id', 'rs_1', { idle: 'where it was stored' }],
      ['input.1.a_field_of_tomorrow', true],
    ]),
    ...probes(talk(hello, hi, hello), [['input.1', { type: 'reasoning', summary }, { instead: hi }]]),
  ],
};

export const openaiResponsesItems: readonly ProbeGroup[] = [items, parts, calls, reasoning];
