// Counting tokens, as dispatch sees it. A target where nobody counts is not asked: the estimate is made here.

import { estimateInputTokens } from '../core/estimate.ts';
import { unsupported } from '../core/failure.ts';
import type { Loss } from '../dialects/dialect.ts';
import { failed, parseJson, type Attempted, type Sending } from './attempt.ts';
import type { Call, Deps } from './call.ts';
import type { Operation } from './dispatch.ts';
import { prepareCount, type CountExchange, type Wire } from './exchange.ts';
import type { Target } from './plan.ts';
import { readBytes } from './read-bytes.ts';

type Counting = CountExchange | Estimate;
type Estimate = { readonly tokens: number; readonly losses: readonly Loss[] };

export type Counted = {
  readonly tokens: number;
  readonly estimated: boolean;
  /** What the provider sent, where it speaks the caller's dialect. */
  readonly bytes?: Uint8Array;
};

const REPLY_BYTES_MAX = 65_536;

export function countOperation(
  wire: Wire,
  call: Call,
  { signer }: Pick<Deps, 'signer'>,
): Operation<Counting, Counted> {
  return {
    stream: false,
    prepare: (target) =>
      prepareCount(wire, target, call.strict, signer) ?? estimate(wire, target, call.strict),
    answerHere: (exchange) =>
      'tokens' in exchange ? { tokens: exchange.tokens, estimated: true } : undefined,
    sending: (target, exchange) => sending(target, exchange, call.forwarded),
  };
}

function estimate(wire: Wire, { enabled, model }: Target, strict: boolean): Estimate {
  if (strict) {
    const message = `x-llm-proxy-strict: nobody counts the tokens of ${enabled.provider.id}/${model}, and an estimate is none`;
    throw unsupported(message, 'model');
  }
  return { tokens: estimateInputTokens(wire.decode()), losses: [] };
}

function sending(
  { enabled, model }: Target,
  exchange: Counting,
  forwarded: Call['forwarded'],
): Sending<Counted> {
  if ('tokens' in exchange) throw new Error('an estimate is not sent');
  const { spoken, counter, isOwn, text } = exchange;
  return {
    url: counter.url({ ...enabled, model }),
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...spoken.headers,
      ...(isOwn ? forwarded : {}),
    },
    text,
    readError: spoken.dialect.egress.readError,
    readAnswer: (response) => readCounted(response, exchange),
  };
}

async function readCounted(
  response: Response,
  { counter, isOwn }: CountExchange,
): Promise<Attempted<Counted>> {
  const bytes = await readBytes(response, REPLY_BYTES_MAX);
  const tokens = bytes === undefined ? undefined : counter.readCount(parseJson(bytes));
  if (tokens === undefined || bytes === undefined) {
    return failed(
      'protocol',
      'headers',
      'upstream-protocol',
      'the provider answered without a count of tokens',
    );
  }
  return {
    kind: 'begun',
    begun: { tokens, estimated: false, ...(isOwn ? { bytes } : {}) },
  };
}
