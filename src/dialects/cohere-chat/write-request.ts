// A request of any dialect as one of Cohere's. What the model cannot take is refused where leaving it out would change
// what the request means, and is left out and named where it only tunes the answer.
// https://docs.cohere.com/reference/chat

import type { ChatRequest } from '../../core/chat.ts';
import { unsupported } from '../../core/failure.ts';
import type { WrittenRequest } from '../dialect.ts';
import { createLosses } from '../losses.ts';
import { told } from '../told.ts';
import { nameTools, type NameForm } from '../tool-names.ts';
import { writeExtras } from './extras.ts';
import type { CohereChatTraits } from './traits.ts';
import { writeMessages } from './write-messages.ts';
import { writeOutput } from './write-output.ts';
import type { Writing } from './write-parts.ts';
import { noteDropped, writeSampling } from './write-sampling.ts';
import { writeThinking } from './write-thinking.ts';
import { offersTools, writeTools } from './write-tools.ts';

export function writeRequest(asked: ChatRequest, traits: CohereChatTraits): WrittenRequest {
  const { request, toolNames } = nameTools(asked, TOOL_NAMES);
  refuseMeaningful(request);
  const losses = createLosses();
  const extras = writeExtras(request.extensions, losses);
  const hasTools = offersTools(request);
  const output = writeOutput(request.output, hasTools || extras.documents !== undefined, losses);
  // Neither a form of the answer nor tools are taken beside documents.
  const canGround = !hasTools && (request.output ?? TEXT).type === 'text' && extras.documents === undefined;
  const writing: Writing = { traits, losses, documents: canGround ? [] : undefined };
  const messages = writeMessages(request.messages, output.instruction, writing);
  const body = {
    model: request.model,
    messages,
    ...writeTools(request, traits, losses),
    ...(writing.documents === undefined || writing.documents.length === 0
      ? {}
      : { documents: writing.documents }),
    ...writeSampling(request, losses),
    ...told({
      max_tokens: request.maxOutputTokens,
      thinking: writeThinking(request, traits, losses),
      response_format: output.format,
    }),
    ...told(extras),
    ...(request.stream ? { stream: true } : {}),
  };
  noteDropped(request, losses);
  return { body, losses: losses.list(), ...told({ toolNames, reviseReply: output.reviseReply }) };
}

const TEXT = { type: 'text' } as const;

/** Letters, digits and underscores, no digit first. https://docs.cohere.com/docs/tool-use-overview */
const TOOL_NAMES: NameForm = { foreign: /[^a-zA-Z0-9_]/g, isDigitFirst: false };

/** These ask for another kind of answer. */
function refuseMeaningful(request: ChatRequest): void {
  if (request.n !== undefined && request.n > 1) {
    throw unsupported(`n: got ${request.n}, wanted 1: this model gives one answer for each request`, 'n');
  }
  if (request.maxOutputTokens === 0) {
    throw unsupported(
      'max_tokens: 0, which only fills a prompt cache, needs an Anthropic model',
      'max_tokens',
    );
  }
}
