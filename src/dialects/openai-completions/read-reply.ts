// A JSON reply as events: a stream of one chunk.

import type { ChatEvent } from '../../core/event.ts';
import { readWholeChunk } from '../openai-chunks.ts';
import { createAssembly } from './assembly.ts';

/** `json`: what `JSON.parse` made of a body that came with a 2xx status. */
export function readReply(json: unknown): readonly ChatEvent[] {
  return readWholeChunk(createAssembly(), json, 'completion');
}
