// Events as the items of an output, and the frames that tell of them: the two come from one place, so that a reply in one
// piece is what its stream comes to. OpenAI's clients check every identity: an item has one id and one place, is added
// before anything is said of it, and is done with all that was said; a part likewise.
// https://platform.openai.com/docs/api-reference/responses-streaming

import type { OpaqueReasoning } from '../../core/chat.ts';
import type { ChatEvent } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { DIALECT } from './native.ts';
import {
  endCallItem,
  startCallItem,
  writeArguments,
  writeHostedItem,
  type CallBlock,
} from './output-call.ts';
import {
  endText,
  leaveMessage,
  newText,
  writeAnnotation,
  writeText,
  type TextBlock,
} from './output-message.ts';
import {
  endReasoningBlock,
  newReasoningBlock,
  writeReasoning,
  type ReasoningBlock,
} from './output-reasoning.ts';
import { newOutput, type Output } from './output.ts';

/** Stateful: one per reply. */
export type OutputWriter = {
  readonly write: (event: ChatEvent) => string;
  /** Ends what has no end. A refusal that no block has told is one more message. */
  readonly close: (refusal: string | undefined) => string;
  /** The items that are done, in order. */
  readonly items: readonly JsonObject[];
  /** The model itself has declined, in words. */
  readonly hasRefusal: () => boolean;
};

type Block = TextBlock | ReasoningBlock | CallBlock;

export function createOutputWriter(responseId: string, frame: Output['frame']): OutputWriter {
  const output = newOutput(responseId, frame);
  const blocks = new Map<number, Block>();
  return {
    items: output.done,
    hasRefusal: () => output.hasRefusal,
    write: (event) => writeEvent(output, blocks, event),
    close: (refusal) => {
      let text = '';
      for (const number of blocks.keys()) text += endBlock(output, blocks, number, undefined);
      return text + explain(output, refusal) + leaveMessage(output);
    },
  };
}

function writeEvent(output: Output, blocks: Map<number, Block>, event: ChatEvent): string {
  const block = 'block' in event ? blocks.get(event.block) : undefined;
  switch (event.type) {
    case 'text-start':
      blocks.set(event.block, newText(output, event.refusal === true));
      return '';
    case 'text-delta':
      return block?.type === 'text' ? writeText(output, block, event.text, event.logprobs) : '';
    case 'citation':
      return block?.type === 'text' ? writeAnnotation(output, block, event.citation) : '';
    case 'reasoning-start':
      blocks.set(event.block, newReasoningBlock());
      return '';
    case 'reasoning-delta':
      return block?.type === 'reasoning' ? writeReasoning(output, block, event.text) : '';
    case 'tool-call-start': {
      const started = startCallItem(output, event);
      blocks.set(event.block, started.block);
      return started.frames;
    }
    case 'tool-call-delta':
      return block?.type === 'call' ? writeArguments(output, block, event.arguments) : '';
    case 'text-end':
    case 'tool-call-end':
      return endBlock(output, blocks, event.block, undefined);
    case 'reasoning-end':
      return endBlock(output, blocks, event.block, event.opaque);
    case 'opaque':
      return event.dialect === DIALECT ? writeHostedItem(output, event.content) : '';
    case 'start':
    case 'usage':
    case 'finish':
    case 'failure':
      return '';
  }
}

function endBlock(
  output: Output,
  blocks: Map<number, Block>,
  number: number,
  opaque: OpaqueReasoning | undefined,
): string {
  const block = blocks.get(number);
  blocks.delete(number);
  switch (block?.type) {
    case undefined:
      return '';
    case 'text':
      return endText(output, block);
    case 'reasoning':
      return endReasoningBlock(output, block, opaque);
    case 'call':
      return endCallItem(output, block);
  }
}

/** Why the provider says that the model has declined, where the model said nothing of it. */
function explain(output: Output, refusal: string | undefined): string {
  if (refusal === undefined || refusal === '' || output.hasRefusal) return '';
  const block = newText(output, true);
  // The words are the provider's.
  output.hasRefusal = false;
  return writeText(output, block, refusal, undefined) + endText(output, block);
}
