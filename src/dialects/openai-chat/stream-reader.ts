// A stream of chat completion chunks as events.

import type { StreamReader } from '../dialect.ts';
import { createChunkReader } from '../openai-chunks.ts';
import { createAssembly } from './assembly.ts';

export function createStreamReader(): StreamReader {
  return createChunkReader(createAssembly('delta'));
}
