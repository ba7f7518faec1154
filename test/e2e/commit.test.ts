// When the status goes out before the content is there. Until then a failure is a proper status; from then on it is said
// in-band, and another target may still answer as long as the caller has heard nothing but heartbeats.

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { FACES } from '../support/faces.ts';
import { eventStream, type Answer, type Piece } from '../support/fake-provider.ts';
import { CLIENT_KEY } from '../support/gateway.ts';
import { anthropicSpeech, openaiSpeech, pairs, type Speech } from '../support/speech.ts';
import { cueByModel, startStage, type Cues, type Stage } from '../support/stage.ts';

const COMMIT_MS = 100;
/** Well behind the commit. */
const late: Piece = { pauseMs: 4 * COMMIT_MS };

let stage: Stage;
let cues: Cues;

beforeAll(async () => {
  stage = await startStage(undefined, { commitDelayMs: COMMIT_MS, heartbeatMs: COMMIT_MS / 2 });
  cues = cueByModel(stage);
});
afterAll(() => stage.stop());

const otherThan = ({ id }: Speech): Speech => (id === 'openai' ? anthropicSpeech : openaiSpeech);

/** A model of the provider that answers as told, under a name that no other test uses. */
function modelThat(answer: Answer, { id }: Speech): string {
  const model = `model-${(counter += 1)}`;
  cues.cue(model, answer);
  return `${id}/${model}`;
}
let counter = 0;

const lateStream = ({ stream }: Speech): Answer =>
  eventStream(late, stream.preamble + stream.content + stream.closing + stream.ending);
const lateFailure = ({ stream }: Speech): Answer => eventStream(stream.preamble, late);

describe.concurrent.each(pairs)('%s', (_, { caller, upstream }) => {
  it('a provider that is slow to begin: heartbeats, then one reply', async () => {
    const { stream } = upstream;
    const lateHeaders: Answer = {
      bare: true,
      pieces: [
        late,
        'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n',
        stream.preamble + stream.content + stream.closing + stream.ending,
      ],
    };

    for (const answer of [lateHeaders, lateStream(upstream)]) {
      const heard = await ask(stage.gateway, caller, { model: modelThat(answer, upstream), form: 'stream' });

      expect(heard.raw.split(caller.heartbeat).length - 1).toBeGreaterThan(1);
      expect(heard.raw.startsWith(caller.heartbeat)).toBe(true);
      expect(heard).toMatchObject({ status: 200, text: stream.text, starts: 1, finished: true, errors: [] });
      expect(await stage.gateway.journal(heard.requestId)).toMatchObject({ ending: 'ok', status: 200 });
    }
  });

  it('a provider that is slow to fail: heartbeats, then the failure in-band', async () => {
    const model = modelThat(lateFailure(upstream), upstream);

    const heard = await ask(stage.gateway, caller, { model, form: 'stream' });

    const { word } = FACES[caller.id]['upstream-protocol'];
    expect(heard.raw.startsWith(caller.heartbeat)).toBe(true);
    expect(heard).toMatchObject({ status: 200, starts: 0, finished: false, errors: [{ word }] });
    expect(await stage.gateway.journal(heard.requestId)).toMatchObject({
      ending: 'broken',
      failure: 'upstream-protocol',
    });
  });

  it('a target that is slow to fail: heartbeats, then the reply of another', async () => {
    const second = otherThan(upstream);
    const models = [modelThat(lateFailure(upstream), upstream), modelThat(lateStream(second), second)];

    const heard = await ask(stage.gateway, caller, {
      model: models[0] ?? '',
      form: 'stream',
      fields: { models },
    });

    expect(heard.raw.startsWith(caller.heartbeat)).toBe(true);
    expect(heard).toMatchObject({ text: second.stream.text, starts: 1, finished: true, errors: [] });
    expect(heard.ids).toHaveLength(1);
    expect(await stage.gateway.journal(heard.requestId)).toMatchObject({
      ending: 'ok',
      provider: second.id,
      attempts: [{ outcome: 'protocol' }, { outcome: 'ok' }],
    });
  });

  it("a caller's deadline that passes behind the commit is a timeout in-band", async () => {
    const model = modelThat(lateStream(upstream), upstream);

    const heard = await ask(stage.gateway, caller, {
      model,
      form: 'stream',
      headers: { 'x-llm-proxy-timeout-ms': String(2 * COMMIT_MS) },
    });

    const { word } = FACES[caller.id]['upstream-timeout'];
    expect(heard).toMatchObject({ status: 200, starts: 0, finished: false, errors: [{ word }] });
  });
});

describe.concurrent('the official SDKs', () => {
  it.each([openaiSpeech, anthropicSpeech])('see a slow reply of $id and no heartbeats', async (upstream) => {
    const model = modelThat(lateStream(upstream), upstream);
    expect(await sayWithOpenai(model)).toBe(upstream.stream.text);
    expect(await sayWithAnthropic(model)).toBe(upstream.stream.text);
  });

  it.each([openaiSpeech, anthropicSpeech])(
    'R-47: raise an error when $id is slow to fail',
    async (upstream) => {
      const model = modelThat(lateFailure(upstream), upstream);
      await expect(sayWithOpenai(model)).rejects.toMatchObject({
        constructor: OpenAI.APIError,
        code: FACES.openai['upstream-protocol'].word,
      });
      await expect(sayWithAnthropic(model)).rejects.toMatchObject({
        constructor: Anthropic.APIError,
        type: FACES.anthropic['upstream-protocol'].word,
      });
    },
  );

  it.each([openaiSpeech, anthropicSpeech])(
    'R-107: do not multiply our attempts at $id by theirs',
    async (upstream) => {
      const answer = { status: 503, pieces: [upstream.error('some_error', 'no').body] };
      const models = [modelThat(answer, upstream), modelThat(answer, upstream)] as const;

      await expect(sayWithOpenai(models[0])).rejects.toThrow(OpenAI.InternalServerError);
      await expect(sayWithAnthropic(models[1])).rejects.toThrow(Anthropic.InternalServerError);

      // The same target is tried twice, and the SDKs' own two retries would make six of it.
      expect(models.map((model) => cues.asked(model.split('/')[1] ?? '').length)).toEqual([2, 2]);
    },
  );
});

async function sayWithOpenai(model: string): Promise<string> {
  const client = new OpenAI({ baseURL: `${stage.gateway.url}/v1`, apiKey: CLIENT_KEY, maxRetries: 2 });
  const stream = await client.chat.completions.create({
    model,
    stream: true,
    messages: [{ role: 'user', content: 'Say it.' }],
  });
  let text = '';
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
  return text;
}

async function sayWithAnthropic(model: string): Promise<string> {
  const client = new Anthropic({ baseURL: stage.gateway.url, apiKey: CLIENT_KEY, maxRetries: 2 });
  const stream = client.messages.stream({
    model,
    max_tokens: 64,
    messages: [{ role: 'user', content: 'Say it.' }],
  });
  return stream.finalText();
}
