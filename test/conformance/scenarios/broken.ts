// Streams that break after their status was sent: the SDK throws while the application iterates, whoever broke them and
// wherever, and nothing is tried again behind content that has been seen.

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { failing, only, type Failing } from '../failing.ts';
import { isPassThrough, type Scenario } from '../matrix.ts';
import { framesOf, TEXT, textOf } from '../replies.ts';
import { eventStream, recorded, RESET, STALL, type Piece } from '../../support/fake-provider.ts';

const inBand = {
  openai: { error: OpenAI.APIError, status: undefined },
  anthropic: { error: Anthropic.APIError, status: undefined },
};
const streams = only('streamed', 'helper')('a whole reply has no middle: half a one is 502');

/** The beginning of each recorded text, as far as its first words, and how it goes on. */
function after(...rest: readonly Piece[]): NonNullable<Failing['answers']> {
  const frames = {
    openai: framesOf(textOf(TEXT['openai-chat'].stream)).slice(0, 3),
    anthropic: framesOf(textOf(TEXT['anthropic-messages'].stream)).slice(0, 4),
  };
  return {
    'openai-chat': eventStream(frames.openai.join(''), ...rest),
    'anthropic-messages': eventStream(frames.anthropic.join(''), ...rest),
  };
}

export const broken: readonly Scenario[] = [
  failing({
    name: 'the provider fails in the middle',
    answers: {
      'openai-chat': recorded('openai/synthetic-chat-stream-error-midway.sse'),
      'anthropic-messages': recorded('anthropic/synthetic-stream-overloaded-midway.sse'),
    },
    raises: inBand,
    calls: 1,
    none: streams,
  }),
  failing({
    name: 'the stream ends between two events',
    answers: after(),
    raises: inBand,
    calls: 1,
    none: streams,
  }),
  failing({
    // Half an event cannot be taken back, and both SDKs read it as it is. Without the gateway they would take the stream
    // for complete.
    name: 'the stream ends within an event',
    garbled: isPassThrough,
    answers: {
      'openai-chat': after('data: {"id":"chatcmpl-A')['openai-chat'],
      'anthropic-messages': after('event: content_block_delta\ndata: {"type":"con')['anthropic-messages'],
    },
    raises: inBand,
    calls: 1,
    none: streams,
  }),
  failing({
    name: 'the connection is reset',
    answers: after(RESET),
    raises: inBand,
    calls: 1,
    none: streams,
  }),
  failing({
    name: 'the provider falls silent',
    answers: after(STALL),
    raises: inBand,
    calls: 1,
    none: streams,
  }),
  failing({
    name: 'the provider says what is no JSON',
    garbled: isPassThrough,
    answers: after('event: content_block_delta\ndata: {oops\n\n'),
    raises: inBand,
    calls: 1,
    none: streams,
  }),
  failing({
    name: 'half a reply',
    answers: {
      'openai-chat': { pieces: [textOf(TEXT['openai-chat'].whole).slice(0, 80)] },
      'anthropic-messages': { pieces: [textOf(TEXT['anthropic-messages'].whole).slice(0, 80)] },
    },
    raises: {
      openai: { error: OpenAI.InternalServerError, status: 502 },
      anthropic: { error: Anthropic.InternalServerError, status: 502 },
    },
    calls: 1,
    none: only('whole')('streams break in more ways than this'),
  }),
];
