// A stream of completion chunks as events. https://platform.openai.com/docs/api-reference/completions/create

import type { StreamReader } from '../dialect.ts';
import { createChunkReader } from '../openai-chunks.ts';
import { createAssembly } from './assembly.ts';

export function createStreamReader(): StreamReader {
  return createChunkReader(createAssembly());
}
