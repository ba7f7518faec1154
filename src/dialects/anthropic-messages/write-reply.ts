// The JSON reply as the fold of the events. https://docs.anthropic.com/en/api/messages

import type { OpaqueReasoning } from '../../core/chat.ts';
import type { ChatEvent } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { mergeUsage, type Usage } from '../../core/usage.ts';
import type { ReplyStamp } from '../dialect.ts';
import { showCitation } from './citation.ts';
import { writeFinish } from './finish.ts';
import { DIALECT, isForCaller } from './native.ts';
import { parseArguments } from './tool-input.ts';
import { writeUsage } from './usage.ts';

export function writeReply(events: readonly ChatEvent[], stamp: ReplyStamp): JsonObject {
  const blocks = foldBlocks(events);
  const start = events.find((event) => event.type === 'start');
  const finish = events.findLast((event) => event.type === 'finish');
  if (finish === undefined) throw new Error('a reply is written from events that end in finish');
  const usage = foldUsage(events);
  const isCut = finish.reason.unified === 'length';
  const written = blocks.flatMap((block, place) => writeBlock(block, isCut && place === blocks.length - 1));
  return {
    id: start?.id ?? stamp.id,
    type: 'message',
    role: 'assistant',
    model: start?.model ?? stamp.model,
    content: written,
    ...writeFinish(finish, {
      hasCalls: written.some((block) => block['type'] === 'tool_use'),
      hasRefusal: blocks.some((block) => block.type === 'text' && block.isRefusal),
    }),
    usage: writeUsage(usage, stamp.cost?.(usage)),
  };
}

type Block =
  | { readonly type: 'text'; readonly isRefusal: boolean; text: string; readonly citations: JsonObject[] }
  | { readonly type: 'reasoning'; text: string; opaque?: OpaqueReasoning | undefined }
  | {
      readonly type: 'tool-call';
      readonly id: string;
      readonly name: string;
      readonly custom: boolean;
      text: string;
    }
  | { readonly type: 'opaque'; readonly content: JsonObject };

/** In order of their starts. */
function foldBlocks(events: readonly ChatEvent[]): readonly Block[] {
  const blocks = new Map<number, Block>();
  for (const event of events) {
    switch (event.type) {
      case 'text-start':
        blocks.set(event.block, { type: 'text', isRefusal: event.refusal === true, text: '', citations: [] });
        break;
      case 'reasoning-start':
        blocks.set(event.block, { type: 'reasoning', text: '' });
        break;
      case 'tool-call-start': {
        const { id, name, custom } = event;
        blocks.set(event.block, { type: 'tool-call', id, name, custom: custom === true, text: '' });
        break;
      }
      case 'opaque':
        if (event.dialect === DIALECT) blocks.set(event.block, { type: 'opaque', content: event.content });
        break;
      case 'text-delta':
      case 'reasoning-delta':
        append(blocks.get(event.block), event.text);
        break;
      case 'tool-call-delta':
        append(blocks.get(event.block), event.arguments);
        break;
      case 'citation': {
        const block = blocks.get(event.block);
        if (block?.type === 'text') block.citations.push(showCitation(event.citation));
        break;
      }
      case 'reasoning-end': {
        const block = blocks.get(event.block);
        if (block?.type === 'reasoning') block.opaque = event.opaque;
        break;
      }
      case 'text-end':
      case 'tool-call-end':
      case 'start':
      case 'usage':
      case 'finish':
      case 'failure':
    }
  }
  return [...blocks.values()];
}

function append(block: Block | undefined, text: string): void {
  if (block !== undefined && block.type !== 'opaque') block.text += text;
}

/** `isCut`: the output cap fell upon this block. A call without its whole input cannot be made, and is left out. */
function writeBlock(block: Block, isCut: boolean): readonly JsonObject[] {
  switch (block.type) {
    case 'text': {
      const { text, citations } = block;
      if (text === '' && citations.length === 0) return [];
      return [{ type: 'text', text, ...(citations.length === 0 ? {} : { citations }) }];
    }
    case 'reasoning':
      return writeReasoning(block.text, block.opaque);
    case 'tool-call': {
      const { id, name, custom, text } = block;
      const input = custom ? { value: { input: text }, isWhole: true } : parseArguments(text);
      return isCut && !input.isWhole ? [] : [{ type: 'tool_use', id, name, input: input.value }];
    }
    case 'opaque':
      return [block.content];
  }
}

/** An encrypted block has no room for text, and a foreign signature none at all: it would be refused when it returns. */
function writeReasoning(text: string, opaque: OpaqueReasoning | undefined): readonly JsonObject[] {
  const own = isForCaller(opaque) ? opaque : undefined;
  const signature = own?.kind === 'signature' ? own.data : '';
  return [
    ...(text === '' && signature === '' ? [] : [{ type: 'thinking', thinking: text, signature }]),
    ...(own?.kind === 'encrypted' ? [{ type: 'redacted_thinking', data: own.data }] : []),
  ];
}

function foldUsage(events: readonly ChatEvent[]): Usage {
  return events.reduce<Usage>(
    (usage, event) => (event.type === 'usage' ? mergeUsage(usage, event.usage) : usage),
    {},
  );
}
