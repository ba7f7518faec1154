// Callers that read slowly or not at all. The provider has to wait for them: what is read from it and not passed on is
// memory of an isolate that others share.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { eventStream } from '../support/fake-provider.ts';
import { openRawClient, requestText, type RawClient } from '../support/raw-client.ts';
import { openaiSpeech, pairs, type Speech } from '../support/speech.ts';
import { startStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const IDLE_MS = 100;
const PIECE_BYTES = 64 * 1024;
const REPLY_BYTES = 12 * 1024 * 1024;
/** More than the sockets between may take by themselves. */
const ENDLESS_BYTES = 128 * 1024 * 1024;

let stage: Stage;

beforeAll(async () => {
  stage = await startStage(undefined, { timeouts: { idleMs: IDLE_MS } });
});
afterAll(() => stage.stop());

/** A caller who has heard the beginning of a long reply and reads no more. */
async function openStuckCaller(
  caller: Speech,
  upstream: Speech,
  replyBytes: number,
  headers: readonly string[] = [],
): Promise<RawClient> {
  const { preamble, say, closing, ending } = upstream.stream;
  const piece = say('~'.repeat(PIECE_BYTES));
  const pieces = Array.from({ length: replyBytes / PIECE_BYTES }, () => piece);
  stage.provider.answer(eventStream(preamble, ...pieces, closing, ending));
  const client = await openRawClient(stage.gateway.url);
  client.send(requestText(caller.path, caller.question(upstream.model, 'stream'), headers));
  await client.hears('~~~');
  client.stopReading();
  return client;
}

const sentBytes = (): number => stage.provider.asked.at(-1)?.sent() ?? 0;
const tildes = (received: string): number => received.length - received.replaceAll('~', '').length;

/** Unchanged for longer than any provider may be silent. */
async function comesToRest(figure: () => number): Promise<void> {
  for (let before = -1; before !== figure();) {
    before = figure();
    await new Promise((resolve) => setTimeout(resolve, 3 * IDLE_MS));
  }
}

describe.each(pairs)('%s', (_, { caller, upstream }) => {
  it('F-37: a caller who stops reading costs nobody else anything, nor its own reply', async () => {
    const client = await openStuckCaller(caller, upstream, REPLY_BYTES);
    await comesToRest(sentBytes);

    stage.provider.answer(upstream.whole.answer);
    const other = await ask(stage.gateway, caller, { model: upstream.model, form: 'whole' });
    expect(other).toMatchObject({ status: 200, text: upstream.whole.text });

    client.readOn();
    await client.hears(caller.id === 'openai' ? '[DONE]' : 'message_stop');
    expect(tildes(client.received())).toBe(REPLY_BYTES);
    client.hangUp('FIN');
  });

  it('F-37: a caller who reads no more holds the provider back', async () => {
    const client = await openStuckCaller(caller, upstream, ENDLESS_BYTES);
    await comesToRest(sentBytes);
    const stillSending = stage.provider.open();
    client.hangUp('RST');
    expect(stillSending).toBe(1);
  });
});

it('F-37: a caller who reads no more is let go of at the deadline', { timeout: 1500 }, async () => {
  const client = await openStuckCaller(openaiSpeech, openaiSpeech, REPLY_BYTES, [
    'x-llm-proxy-timeout-ms: 500',
  ]);
  const lines = stage.gateway.log.length;
  try {
    await until(() => stage.gateway.log.length > lines);
  } finally {
    client.hangUp('RST');
  }
});
