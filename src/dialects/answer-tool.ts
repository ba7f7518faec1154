// An answer that the model gives as the input of a tool, because it can be held to the form of a tool's input and to no
// other: the caller sees it as the text that was asked for, as it comes.

import type { ChatEvent } from '../core/event.ts';
import type { ReviseReply } from './dialect.ts';

/** The call becomes the text, and the reply that ends in it is one that has come to its end. */
export function answerThroughTool(name: string): () => ReviseReply {
  return () => {
    const answers = new Set<number>();
    return (event): readonly ChatEvent[] => {
      switch (event.type) {
        case 'tool-call-start':
          if (event.name !== name) return [event];
          answers.add(event.block);
          return [{ type: 'text-start', block: event.block }];
        case 'tool-call-delta': {
          const { block, arguments: text } = event;
          return [answers.has(block) ? { type: 'text-delta', block, text } : event];
        }
        case 'tool-call-end':
          return [answers.has(event.block) ? { type: 'text-end', block: event.block } : event];
        case 'finish':
          return [event.reason.unified === 'tool-calls' && answers.size > 0 ? STOPPED : event];
        case 'start':
        case 'text-start':
        case 'text-delta':
        case 'text-end':
        case 'reasoning-start':
        case 'reasoning-delta':
        case 'reasoning-end':
        case 'citation':
        case 'opaque':
        case 'usage':
        case 'failure':
          return [event];
      }
    };
  };
}

const STOPPED: ChatEvent = { type: 'finish', reason: { unified: 'stop' } };
