// A failure within a stream. OpenAI's clients throw on an event that is called `error`.
// https://platform.openai.com/docs/api-reference/responses-streaming/error

import type { Failure } from '../../core/failure.ts';
import { encodeSse } from '../../streams/sse.ts';
import { writeFailure } from '../openai-failure.ts';

/** Without its number in the stream: what has gone before is not known here, and nothing can follow. */
export function writeStreamFailure(failure: Failure, requestId: string): string {
  const { body } = writeFailure(failure, requestId);
  return encodeSse(JSON.stringify({ type: 'error', ...body }), 'error');
}
