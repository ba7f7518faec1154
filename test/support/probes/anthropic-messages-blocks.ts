// The messages of a Messages request and their content blocks, with values that tell apart what can become of each field.
// https://docs.anthropic.com/en/api/messages

import type { JsonObject } from '../../../src/core/json.ts';
import { probes, type Probe, type ProbeGroup } from './probe.ts';

const hello = { role: 'user', content: 'Hello' };
const text = { type: 'text', text: 'and this' };
const png = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' };
const image = { type: 'image', source: png };
const pdf = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' } };
const letter = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Dear all' } };
const pages = { type: 'document', source: { type: 'content', content: [text] } };
const search = { type: 'search_result', source: 'https://example.com/', title: 'Weather', content: [text] };
const thinking = { type: 'thinking', thinking: 'so I said', signature: 'c2ln' };
const use = { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Bonn' } };
const result = { type: 'tool_result', tool_use_id: 'toolu_1' };
const citation = {
  type: 'char_location',
  cited_text: 'Dear',
  document_index: 0,
  document_title: null,
  start_char_index: 0,
  end_char_index: 4,
};
const ephemeral = { type: 'ephemeral' };
const marked = { ...ephemeral, a_field_of_tomorrow: true };

function talk(...messages: readonly JsonObject[]): JsonObject {
  return { model: 'any', max_tokens: 20_000, messages };
}

function asked(...content: readonly JsonObject[]): JsonObject {
  return talk({ role: 'user', content: [{ type: 'text', text: 'Look:' }, ...content] });
}

function answered(...content: readonly JsonObject[]): JsonObject {
  return talk(hello, { role: 'assistant', content: [{ type: 'text', text: 'Well.' }, ...content] }, hello);
}

function called(...results: readonly JsonObject[]): JsonObject {
  const messages = [hello, { role: 'assistant', content: [use] }, { role: 'user', content: results }];
  return { ...talk(...messages), tools: [{ name: 'weather', input_schema: { type: 'object' } }] };
}

const messages: ProbeGroup = {
  title: 'Messages',
  probes: [
    ...probes(talk(hello), [
      ['messages', [hello, { role: 'assistant', content: 'Hi!' }, hello], { instead: [hello] }],
      ['messages.1', { role: 'user', content: 'Hello again' }],
      ['messages.1', { role: 'system', content: 'Be brief.' }],
      ['messages.1', { role: 'assistant', content: 'Hi!' }],
      ['messages.0.a_field_of_tomorrow', true],
    ]),
    ...probes(answered(), [['messages.1.a_field_of_tomorrow', true]]),
  ],
};

const blocks: ProbeGroup = {
  title: 'Content blocks of the user',
  probes: [
    ...probes(asked(), [
      ['messages.0.content.1', text],
      ['messages.0.content.1', image],
      ['messages.0.content.1', { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }],
      ['messages.0.content.1', { type: 'image', source: { type: 'file', file_id: 'file_1' } }],
      ['messages.0.content.1', pdf],
      [
        'messages.0.content.1',
        { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } },
      ],
      ['messages.0.content.1', { type: 'document', source: { type: 'file', file_id: 'file_1' } }],
      ['messages.0.content.1', letter],
      ['messages.0.content.1', { type: 'document', source: { type: 'content', content: 'Dear all' } }],
      ['messages.0.content.1', pages],
      ['messages.0.content.1', { type: 'document', source: { type: 'content', content: [text, image] } }],
      ['messages.0.content.1', search],
      ['messages.0.content.1', { type: 'container_upload', file_id: 'file_1' }],
    ]),
    ...probes(asked(text), [
      ['messages.0.content.1.cache_control', ephemeral],
      ['messages.0.content.1.cache_control', { ...ephemeral, ttl: '5m' }],
      ['messages.0.content.1.cache_control', { ...ephemeral, ttl: '1h' }],
      ['messages.0.content.1.cache_control', marked, { instead: ephemeral }],
      ['messages.0.content.1.citations', [citation]],
      ['messages.0.content.1.a_field_of_tomorrow', true],
    ]),
    ...probes(asked(image), [
      ['messages.0.content.1.cache_control', ephemeral],
      ['messages.0.content.1.transformations', { oversized_image: 'downsize' }],
      ['messages.0.content.1.source.a_field_of_tomorrow', true],
    ]),
    ...[letter, pdf].flatMap(inDocument),
    ...probes(asked(pages), [['messages.0.content.1.source.content.0.cache_control', ephemeral]]),
  ],
};

function inDocument(document: JsonObject): readonly Probe[] {
  return probes(asked(document), [
    ['messages.0.content.1.title', 'A letter'],
    ['messages.0.content.1.context', 'It came today'],
    ['messages.0.content.1.citations', { enabled: true }],
    ['messages.0.content.1.citations', { enabled: false }, { idle: 'asks for nothing' }],
    ['messages.0.content.1.citations', { a_field_of_tomorrow: true }],
    ['messages.0.content.1.cache_control', ephemeral],
    ['messages.0.content.1.source.a_field_of_tomorrow', true],
    ['messages.0.content.1.a_field_of_tomorrow', true],
  ]);
}

const answers: ProbeGroup = {
  title: 'Content blocks of the assistant',
  probes: [
    ...probes(answered(), [
      ['messages.1.content.1', text],
      ['messages.1.content.1', thinking],
      ['messages.1.content.1', { type: 'redacted_thinking', data: 'ZGF0YQ==' }],
      ['messages.1.content.1', { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }],
      ['messages.1.content.1', { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] }],
      ['messages.1.content.1', { type: 'compaction', content: 'We said hello.' }],
      ['messages.1.content.1', letter],
    ]),
    ...probes(answered(text), [
      ['messages.1.content.1.cache_control', ephemeral],
      ['messages.1.content.1.citations', [citation]],
      ['messages.1.content.1.a_field_of_tomorrow', true],
    ]),
    ...probes(answered(thinking), [['messages.1.content.1.a_field_of_tomorrow', true]]),
  ],
};

const calls: ProbeGroup = {
  title: 'Tool calls and results',
  probes: [
    ...probes(called(result), [
      ['messages.1.content.1', { ...use, id: 'toolu_2' }],
      ['messages.1.content.0.input', { city: 'Köln' }, { instead: {} }],
      ['messages.1.content.0.cache_control', ephemeral],
      ['messages.1.content.0.caller', { type: 'direct' }, { idle: 'who calls everywhere else' }],
      ['messages.1.content.0.a_field_of_tomorrow', true],
      ['messages.2.content.0.content', 'sunny'],
      ['messages.2.content.0.content', [text]],
      ['messages.2.content.0.content', [image]],
      ['messages.2.content.0.content', [letter]],
      ['messages.2.content.0.content', [pdf]],
      ['messages.2.content.0.content', [search]],
      ['messages.2.content.0.content', [{ type: 'tool_reference', tool_name: 'clock' }]],
      ['messages.2.content.0.content', [{ type: 'block_of_tomorrow' }]],
      ['messages.2.content.0.content', [{ ...text, a_field_of_tomorrow: true }], { instead: [text] }],
      ['messages.2.content.0.is_error', true],
      ['messages.2.content.0.is_error', false, { idle: 'asks for nothing' }],
      ['messages.2.content.0.tool_use_id', 'toolu_3', { instead: 'toolu_1' }],
      ['messages.2.content.0.cache_control', ephemeral],
      ['messages.2.content.0.a_field_of_tomorrow', true],
      ['messages.2.content.1', text],
    ]),
    ...probes(called({ ...result, content: 'sunny' }), [['messages.2.content.0.cache_control', ephemeral]]),
  ],
};

export const anthropicMessagesBlocks: readonly ProbeGroup[] = [messages, blocks, answers, calls];
