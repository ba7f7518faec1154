// Embeddings at every place that makes them: what arrives of a request, what is named, what is refused; and that every
// recording means the same to the caller in every encoding.

import { readFileSync } from 'node:fs';
import path from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { GatewayError } from '../../src/core/failure.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { readFloat32, readInt8, writeFloat32 } from '../../src/core/vector.ts';
import type { Target } from '../../src/pipeline/plan.ts';
import {
  crossEmbeddings,
  embeddingsOperationFor,
  NEVER,
  sendEmbeddings,
  targetAt,
} from '../support/embeddings-crossing.ts';
import { embeddingsPlaces, type EmbeddingsPlaceName } from '../support/embeddings-places.ts';
import { recordings } from '../support/fake-provider.ts';
import { embeddingsProbes } from '../support/probes/embeddings.ts';

const names = Object.keys(embeddingsPlaces) as EmbeddingsPlaceName[];
const hello: JsonObject = { model: 'm', input: 'hello' };

describe.each(embeddingsProbes)('$field $value', ({ field, value, fates }) => {
  it.each(names)('at %s is as the table says', (name) => {
    const place = embeddingsPlaces[name];
    const fate = fates[name];
    const asked = { ...hello, [field]: value };
    if (fate === 'refused') {
      expect(refusalOf(() => sendEmbeddings(asked, place))).toMatchObject({
        kind: 'unsupported',
        param: field,
      });
      return;
    }
    const { bodies, losses } = sendEmbeddings(asked, place);
    const isNamed = fate === 'dropped' || fate === 'emulated';
    expect(losses).toEqual(isNamed ? [{ action: fate, field }] : []);
    if (fate === 'dropped') expect(bodies[0]).not.toHaveProperty(field);
    if (fate === 'arrives') expect(bodies).toMatchObject([{ [field]: value }]);
    if (typeof fate === 'object') expect(bodies).toMatchObject([fate]);
    const strict = refusalOf(() => sendEmbeddings(asked, place, true));
    if (isNamed) expect(strict).toMatchObject({ kind: 'unsupported', param: field });
    else expect(strict).toBeUndefined();
  });
});

describe('what is sent', () => {
  it.each(['openai', 'azure-openai', 'openrouter', 'openai-compatible', 'sandbox'] as const)(
    'to %s is what the caller sent, but for the model',
    (name) => {
      const place = embeddingsPlaces[name];
      const asked = { ...hello, dimensions: 3, encoding_format: 'float', a_field_of_tomorrow: [1.0, null] };
      expect(sendEmbeddings(asked, place).bodies).toEqual([{ ...asked, model: place.model }]);
    },
  );

  it('to Cohere names the kind of vectors, and never dimensions that a model has no choice of', () => {
    expect(sendEmbeddings(hello, embeddingsPlaces.cohere).bodies).toEqual([
      {
        model: 'embed-v4.0',
        texts: ['hello'],
        embedding_types: ['float'],
        input_type: 'search_document',
      },
    ]);
    const older = { ...embeddingsPlaces.cohere, model: 'embed-english-v3.0' };
    expect(refusalOf(() => sendEmbeddings({ ...hello, dimensions: 512 }, older))).toMatchObject({
      kind: 'unsupported',
      param: 'dimensions',
    });
  });

  it('to a provider without embeddings is nothing', () => {
    const { embeddings: _, ...provider } = embeddingsPlaces.openai.provider;
    expect(refusalOf(() => sendEmbeddings(hello, { provider, model: 'm' }))).toMatchObject({
      kind: 'unsupported',
      param: 'model',
      message: 'openai/m makes no embeddings',
    });
  });
});

describe('many inputs', () => {
  const texts = (count: number): string[] => Array.from({ length: count }, (_, index) => `text ${index}`);

  it.each<[EmbeddingsPlaceName, readonly number[]]>([
    ['openai', [2048]],
    ['perplexity', [512, 512, 512, 512]],
    ['cohere', [...Array.from({ length: 21 }, () => 96), 32]],
  ])('go to %s in batches that it takes', (name, sizes) => {
    const { bodies } = sendEmbeddings({ ...hello, input: texts(2048) }, embeddingsPlaces[name]);
    const inputs = bodies.map(({ input, texts }) => (input ?? texts) as readonly Json[]);
    expect(inputs.map(({ length }) => length)).toEqual(sizes);
    expect(inputs.flat()).toEqual(texts(2048));
  });

  it('come back in their order with their tokens summed, however they were cut', async () => {
    const echo = (body: JsonObject): Response => {
      const list = body['texts'] as readonly string[];
      const float = list.map((text) => [Number(text.slice('text '.length))]);
      return Response.json({ embeddings: { float }, meta: { billed_units: { input_tokens: list.length } } });
    };
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 400 }), async (count) => {
        const reply = await crossEmbeddings({ ...hello, input: texts(count) }, embeddingsPlaces.cohere, echo);
        expect(reply).toEqual({
          object: 'list',
          data: Array.from({ length: count }, (_, index) => ({
            object: 'embedding',
            index,
            embedding: [index],
          })),
          model: 'asked',
          usage: { prompt_tokens: count, total_tokens: count },
        });
      }),
      { numRuns: 30 },
    );
  });

  it('are a failure together when one batch fails', async () => {
    let turn = 0;
    const reply = await crossEmbeddings({ ...hello, input: texts(200) }, embeddingsPlaces.cohere, () => {
      turn += 1;
      return Response.json(turn === 2 ? { embeddings: { float: [] } } : embedded(96));
    });
    expect(reply).toMatchObject({ kind: 'failed', class: 'protocol' });
  });

  it('are asked for again where they are missing, and all of them elsewhere', async () => {
    const operation = embeddingsOperationFor({ ...hello, input: texts(200) });
    const [cohere, other] = [
      targetAt(embeddingsPlaces.cohere),
      targetAt({ ...embeddingsPlaces.cohere, model: 'b' }),
    ];
    const asked: number[] = [];
    const attempt = (target: Target, answer: (count: number) => Response) => {
      const sending = operation.sending(target, operation.prepare(target));
      const reply = (text: string): Response => {
        const count = (JSON.parse(text) as { texts: unknown[] }).texts.length;
        asked.push(count);
        return answer(count);
      };
      return sending.readAnswer(reply(sending.text ?? ''), {
        stop: NEVER,
        enter: () => undefined,
        sendMore: (text) => Promise.resolve(reply(text)),
      });
    };
    const good = (count: number): Response => Response.json(embedded(count));
    const broken = (count: number): Response => (count === 8 ? Response.json({}) : good(count));
    expect(await attempt(cohere, broken)).toMatchObject({ kind: 'failed' });
    expect(await attempt(cohere, good)).toMatchObject({ kind: 'begun' });
    expect(asked).toEqual([96, 96, 8, 8]);
    asked.length = 0;
    expect(await attempt(other, good)).toMatchObject({ kind: 'begun' });
    expect(asked).toEqual([96, 96, 8]);
  });

  const embedded = (count: number): JsonObject => ({
    embeddings: { float: Array.from({ length: count }, () => [1]) },
  });
});

describe('an answer that is none', () => {
  const answers: readonly [string, JsonObject, string][] = [
    ['an error under a good status', { error: { message: 'slow down', code: 429 } }, 'ratelimit'],
    ['no list', { object: 'list' }, 'protocol'],
    ['too few vectors', { data: [] }, 'protocol'],
  ];
  // Cohere's errors have no code, so that one says nothing more than that it is no answer.
  const classOf = (name: EmbeddingsPlaceName, expected: string): unknown =>
    name === 'cohere' ? expect.any(String) : expected;
  it.each(names.flatMap((name) => answers.map((answer) => [name, ...answer] as const)))(
    'of %s is a failure: %s',
    async (name, _, answer, expected) => {
      const reply = await crossEmbeddings(hello, embeddingsPlaces[name], () => Response.json(answer));
      expect(reply).toMatchObject({ kind: 'failed', class: classOf(name, expected) });
    },
  );

  it('when its base64 is broken is a failure, not a bug', async () => {
    const reply = await crossEmbeddings(hello, embeddingsPlaces.perplexity, () =>
      Response.json({ data: [{ index: 0, embedding: '%' }] }),
    );
    expect(reply).toMatchObject({ kind: 'failed', class: 'protocol' });
  });
});

describe('recordings', () => {
  const own = recordings.filter(({ api }) => api === 'embeddings' || api === 'cohere-v2-embed');
  const good = own.filter(({ status }) => status === 200);
  /** Its base64 is of float64, which nobody can know: this provider is asked for numbers instead. */
  const UNREADABLE = 'openai-compatible/vllm-embeddings.json';

  it('are all here', () => {
    expect(own.map(({ file }) => file).toSorted()).toEqual([
      'azure-openai/embeddings-v1.json',
      'cohere/err-404-model.json',
      UNREADABLE,
      'openai/embeddings-base64.json',
      'openai/embeddings-float-2.json',
      'openrouter/embeddings.json',
      'perplexity/embeddings-int8-1.json',
    ]);
  });

  it.each(good.map(({ file, provider }) => [file, provider as EmbeddingsPlaceName] as const))(
    '%s means the same in every encoding',
    async (file, name) => {
      const recorded = JSON.parse(fixture(file)) as Recorded;
      const input = recorded.data.map((_, index) => `text ${index}`);
      const answer = () => Response.json(recorded);
      const expected = recorded.data.map(({ embedding }) => valuesOf(embedding, name));
      const ask = async (encoding_format: string) =>
        (await crossEmbeddings(
          { ...hello, input, encoding_format },
          embeddingsPlaces[name],
          answer,
        )) as unknown as Recorded;
      const floats = await ask('float');
      const base64 = await ask('base64');
      expect(base64.usage.prompt_tokens).toBe(recorded.usage.prompt_tokens);
      expect(base64.data.map(({ index }) => index)).toEqual(input.map((_, index) => index));
      if (file === UNREADABLE) return;
      // Where both are native, the recording is what the provider said to one of the two.
      const heard = typeof recorded.data[0]?.embedding === 'string' ? base64 : floats;
      for (const reply of name === 'perplexity' ? [floats, base64] : [heard]) {
        for (const [index, { embedding }] of reply.data.entries()) {
          expect(writeFloat32(valuesOf(embedding))).toBe(writeFloat32(expected[index] ?? []));
        }
      }
    },
  );

  it('of a model that is not there is the same to the caller', () => {
    const { embeddings } = embeddingsPlaces.cohere.provider;
    const error = embeddings?.readError(404, JSON.parse(fixture('cohere/err-404-model.json')));
    expect(error).toMatchObject({ class: 'client', failure: { kind: 'model-not-found' } });
    expect(error?.failure.message).toContain("model 'nonexistent' not found");
  });
});

describe('edge cases', () => {
  it('edge case 16: vectors of signed bytes are floats to a caller who wants floats', async () => {
    const recorded = JSON.parse(fixture('perplexity/embeddings-int8-1.json')) as Recorded;
    const asked = { ...hello, input: ['Ruby', 'Python', 'JavaScript'], dimensions: 256 };
    const { bodies } = sendEmbeddings(asked, embeddingsPlaces.perplexity);
    expect(bodies).toMatchObject([{ encoding_format: 'base64_int8', dimensions: 256 }]);
    const reply = (await crossEmbeddings(asked, embeddingsPlaces.perplexity, () =>
      Response.json(recorded),
    )) as unknown as Recorded;
    for (const [index, { embedding }] of reply.data.entries()) {
      const bytes = Buffer.from(String(recorded.data[index]?.embedding), 'base64');
      expect(embedding).toEqual(Array.from(new Int8Array(bytes), (byte) => byte / 127));
    }
    const untouched = await crossEmbeddings(
      { ...asked, encoding_format: 'base64_int8' },
      embeddingsPlaces.perplexity,
      () => Response.json(recorded),
    );
    expect(untouched).toEqual(recorded);
  });

  it('edge case 30: base64 from a provider of numbers is made here', async () => {
    const asked = { ...hello, encoding_format: 'base64' };
    const place = embeddingsPlaces['openai-compatible'];
    expect(sendEmbeddings(asked, place)).toMatchObject({
      bodies: [{ encoding_format: 'float' }],
      losses: [],
    });
    const numbers = [0.25, -1.5, 3e-5];
    const reply = (await crossEmbeddings(asked, place, () =>
      Response.json({ data: [{ index: 0, embedding: numbers }], model: 'served' }),
    )) as unknown as Recorded;
    const buffer = Buffer.from(String(reply.data[0]?.embedding), 'base64');
    expect(numbers.map((_, index) => buffer.readFloatLE(4 * index))).toEqual(numbers.map(Math.fround));
    expect(reply).toMatchObject({ object: 'list', model: 'served', usage: { prompt_tokens: 0 } });
  });
});

type Recorded = {
  readonly data: readonly { readonly index: number; readonly embedding: readonly number[] | string }[];
  readonly usage: { readonly prompt_tokens: number };
};

function valuesOf(embedding: readonly number[] | string, name?: EmbeddingsPlaceName): readonly number[] {
  if (typeof embedding !== 'string') return embedding;
  return name === 'perplexity' ? readInt8(embedding) : readFloat32(embedding);
}

function fixture(file: string): string {
  return readFileSync(path.join(import.meta.dirname, '../fixtures', file), 'utf8');
}

function refusalOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    if (error instanceof GatewayError) return error.failure;
    throw error;
  }
  return undefined;
}
