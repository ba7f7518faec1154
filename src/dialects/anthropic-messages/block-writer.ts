// The frames of content blocks, one block after the other and numbered without gaps. A block's `content_block_start` is
// held back until the block has content: an empty text block that a client sends back is an error at Anthropic.
// https://docs.anthropic.com/en/docs/build-with-claude/streaming

import type { OpaqueReasoning } from '../../core/chat.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { encodeSse } from '../../streams/sse.ts';
import type { BlockEvent } from './block-order.ts';
import { showCitation } from './citation.ts';
import { createInputWriter } from './input-writer.ts';
import { DIALECT, isForCaller } from './native.ts';

/** Stateful: one per stream. */
export type BlockWriter = {
  readonly write: (event: BlockEvent) => string;
  /** For a block whose end never came. */
  readonly close: () => string;
};

export function createBlockWriter(): BlockWriter {
  let index = -1;
  let isOpen = false;
  let input = createInputWriter(false);

  const close = (): string => {
    if (!isOpen) return '';
    isOpen = false;
    return encodeSse(`{"type":"content_block_stop","index":${index}}`, 'content_block_stop');
  };
  /** One at a time: a block whose end never came is closed by the next. */
  const open = (content: JsonObject): string => {
    const closing = close();
    isOpen = true;
    index += 1;
    const frame = { type: 'content_block_start', index, content_block: content };
    return closing + encodeSse(JSON.stringify(frame), 'content_block_start');
  };
  /** `delta` is JSON text: put together by hand, for this runs once for every token. */
  const say = (delta: string): string =>
    encodeSse(`{"type":"content_block_delta","index":${index},"delta":${delta}}`, 'content_block_delta');
  const sayInput = (text: string): string =>
    text === '' ? '' : say(`{"type":"input_json_delta","partial_json":${JSON.stringify(text)}}`);
  const openText = (): string => (isOpen ? '' : open({ type: 'text', text: '' }));
  const openThinking = (): string => (isOpen ? '' : open({ type: 'thinking', thinking: '', signature: '' }));

  const endReasoning = (opaque: OpaqueReasoning | undefined): string => {
    if (!isForCaller(opaque)) return close();
    if (opaque.kind === 'encrypted') return open({ type: 'redacted_thinking', data: opaque.data }) + close();
    const signature = `{"type":"signature_delta","signature":${JSON.stringify(opaque.data)}}`;
    return openThinking() + say(signature) + close();
  };

  /** Input goes into a delta, where the clients of every version look for it. */
  const writeOpaque = (content: JsonObject): string => {
    const { input } = content;
    if (!isObject(input)) return open(content) + close();
    return open({ ...content, input: {} }) + sayInput(JSON.stringify(input)) + close();
  };

  return {
    close,
    write: (event) => {
      switch (event.type) {
        case 'text-start':
        case 'reasoning-start':
          return close();
        case 'text-delta':
          return event.text === ''
            ? ''
            : openText() + say(`{"type":"text_delta","text":${JSON.stringify(event.text)}}`);
        case 'citation':
          return (
            openText() +
            say(JSON.stringify({ type: 'citations_delta', citation: showCitation(event.citation) }))
          );
        case 'reasoning-delta':
          return event.text === ''
            ? ''
            : openThinking() + say(`{"type":"thinking_delta","thinking":${JSON.stringify(event.text)}}`);
        case 'reasoning-end':
          return endReasoning(event.opaque);
        case 'tool-call-start':
          input = createInputWriter(event.custom === true);
          return (
            open({ type: 'tool_use', id: event.id, name: event.name, input: {} }) + sayInput(input.begin())
          );
        case 'tool-call-delta':
          return sayInput(input.write(event.arguments));
        case 'tool-call-end':
          return sayInput(input.end()) + close();
        case 'text-end':
          return close();
        case 'opaque':
          return event.dialect === DIALECT ? writeOpaque(event.content) : '';
      }
    },
  };
}
