// Why a completion ended: https://platform.openai.com/docs/api-reference/completions/object

import type { FinishReason } from '../../core/event.ts';
import { writeFinishReason } from '../openai-finish.ts';

/** There are no calls to end in, and a model that declined was cut: what it said instead is the text. */
export function writeFinish(reason: FinishReason): string {
  return reason.unified === 'tool-calls' ? 'stop' : writeFinishReason(reason, { refusal: false });
}
