// Embeddings over HTTP, asked for by the official client: what it gets from places of either kind, and what is wrong.

import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { writeFloat32 } from '../../src/core/vector.ts';
import { recorded, type Answer, type Asked } from '../support/fake-provider.ts';
import { CLIENT_KEY } from '../support/gateway.ts';
import { openRawClient, requestText } from '../support/raw-client.ts';
import { startStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

let stage: Stage;
let client: OpenAI;

beforeAll(async () => {
  stage = await startStage(
    (url) => ({
      OPENAI_COMPATIBLE_BASE_URL: `${url}/local/v1`,
      COHERE_API_KEY: 'sk-cohere',
      COHERE_BASE_URL: `${url}/cohere`,
      PERPLEXITY_API_KEY: 'sk-pplx',
      PERPLEXITY_BASE_URL: `${url}/pplx`,
    }),
    {
      routes: {
        vectors: {
          targets: ['anthropic/claude-sonnet-5', 'openai-compatible/e5', 'openai/text-embedding-3-small'],
        },
      },
    },
  );
  client = new OpenAI({ baseURL: `${stage.gateway.url}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 });
});
afterAll(() => stage.stop());
beforeEach(() => {
  stage.provider.asked.length = 0;
});

const bodyOf = ({ body }: Asked): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;
const json = (value: unknown, status = 200): Answer => ({ status, pieces: [JSON.stringify(value)] });
const served = (embedding: unknown): Answer =>
  json({ data: [{ index: 0, embedding }], model: 'served', usage: { prompt_tokens: 3, total_tokens: 3 } });

describe('the official client', () => {
  it('gets the vectors of OpenAI, which go through as they are', async () => {
    stage.provider.answer(recorded('openai/embeddings-base64.json'));
    const { data, response } = await client.embeddings
      .create({ model: 'openai/text-embedding-3-small', input: ['Hello, world!'], dimensions: 128 })
      .withResponse();

    expect(data.data[0]?.embedding).toHaveLength(63);
    expect(data.data[0]?.embedding[0]).toBeCloseTo(-0.05323, 4);
    expect(stage.provider.asked.map(({ path }) => path)).toEqual(['/v1/embeddings']);
    expect(stage.provider.asked.map(bodyOf)).toEqual([
      {
        model: 'text-embedding-3-small',
        input: ['Hello, world!'],
        dimensions: 128,
        encoding_format: 'base64',
      },
    ]);
    expect(response.headers.get('x-llm-proxy-provider')).toBe('openai');
    expect(response.headers.get('x-llm-proxy-warnings')).toBeNull();
    expect(await stage.gateway.journal(response.headers.get('x-request-id') ?? '')).toMatchObject({
      path: '/v1/embeddings',
      provider: 'openai',
      model: 'text-embedding-3-small',
      status: 200,
      ending: 'ok',
      input_tokens: 4,
      output_tokens: 0,
      usage_source: 'reported',
    });
  });

  it('reaches a model by its bare name', async () => {
    stage.provider.answer(served(writeFloat32([1])));
    await client.embeddings.create({ model: 'text-embedding-3-small', input: 'a' });
    expect(stage.provider.asked.map(bodyOf)).toMatchObject([{ model: 'text-embedding-3-small' }]);
  });

  it('edge case 30: gets base64, as it asks by itself, from a server of numbers', async () => {
    stage.provider.answer(served([0.25, -1.5]));
    const reply = await client.embeddings.create({ model: 'openai-compatible/e5', input: 'a' });
    expect(reply.data[0]?.embedding).toEqual([0.25, -1.5]);
    expect(stage.provider.asked.map(bodyOf)).toEqual([{ model: 'e5', input: 'a', encoding_format: 'float' }]);
  });

  it('edge case 16: gets floats of signed bytes, and is told so', async () => {
    stage.provider.answer(recorded('perplexity/embeddings-int8-1.json'));
    const { data, response } = await client.embeddings
      .create({ model: 'pplx-embed-v1-0.6b', input: ['Ruby', 'Python', 'JavaScript'], dimensions: 256 })
      .withResponse();
    expect(data.data.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(data.data[0]?.embedding.slice(0, 3)).toEqual(
      [-41 / 127, -1 / 127, 0].map(Math.fround).map((value) => value + 0),
    );
    expect(response.headers.get('x-llm-proxy-warnings')).toBe('emulated=encoding_format');
    expect(stage.provider.asked.map(({ path }) => path)).toEqual(['/pplx/v1/embeddings']);
  });

  it('reaches Cohere in its own form, whose answer is read back, base64 and all', async () => {
    stage.provider.answer(
      json({
        id: 'e',
        embeddings: { base64: [writeFloat32([0.5, -0.25])] },
        meta: { billed_units: { input_tokens: 2 } },
        response_type: 'embeddings_by_type',
      }),
    );
    const { data, response } = await client.embeddings
      .create({ model: 'embed-v4.0', input: 'Hello', dimensions: 256, user: 'u' })
      .withResponse();
    expect(stage.provider.asked.map(({ path }) => path)).toEqual(['/cohere/v2/embed']);
    expect(stage.provider.asked.map(bodyOf)).toEqual([
      {
        model: 'embed-v4.0',
        texts: ['Hello'],
        embedding_types: ['base64'],
        input_type: 'search_document',
        output_dimension: 256,
      },
    ]);
    expect(data).toMatchObject({
      model: 'embed-v4.0',
      data: [{ embedding: [0.5, -0.25] }],
      usage: { prompt_tokens: 2 },
    });
    expect(response.headers.get('x-llm-proxy-warnings')).toBe('dropped=user');
  });

  it('hears of a model that Cohere does not have', async () => {
    stage.provider.answer(recorded('cohere/err-404-model.json'));
    const asking = client.embeddings.create({ model: 'cohere/nonexistent', input: 'Hello' });
    await expect(asking).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
  });

  it('gets as many vectors as it has texts, in their order, from a provider of smaller batches', async () => {
    stage.provider.answer((asked) => {
      const input = bodyOf(asked)['input'] as readonly string[];
      // The number behind each text, as two signed bytes.
      const data = input.map((text, index) => ({
        index,
        embedding: Buffer.from([Number(text) >> 7, Number(text) & 127]).toString('base64'),
      }));
      return json({ data: data.toReversed(), usage: { prompt_tokens: input.length } });
    });
    const input = Array.from({ length: 1200 }, (_, index) => String(index));
    const { data, response } = await client.embeddings
      .create({ model: 'pplx-embed-v1-4b', input })
      .withResponse();
    const numbers = data.data.map(
      ({ embedding: [high = 0, low = 0] }) => Math.round(high * 127) * 128 + Math.round(low * 127),
    );
    expect(numbers.map(String)).toEqual(input);
    expect(data.usage).toEqual({ prompt_tokens: 1200, total_tokens: 1200 });
    expect(
      stage.provider.asked
        .map((asked) => (bodyOf(asked)['input'] as unknown[]).length)
        .toSorted((a, b) => a - b),
    ).toEqual([176, 512, 512]);
    expect(response.headers.get('x-llm-proxy-attempts')).toBe('1');
    expect(await stage.gateway.journal(response.headers.get('x-request-id') ?? '')).toMatchObject({
      input_tokens: 1200,
      attempts: [{ provider: 'perplexity', outcome: 'ok' }],
    });
  });

  it('is passed on whole to the next target, past one that makes none', async () => {
    stage.provider.answer((asked) =>
      asked.path.startsWith('/local/') ? json({ error: { message: 'no' } }, 500) : served(writeFloat32([1])),
    );
    const { data, response } = await client.embeddings
      .create({ model: 'vectors', input: 'a' })
      .withResponse();
    expect(data.data[0]?.embedding).toEqual([1]);
    expect(stage.provider.asked.at(-1)?.path).toBe('/v1/embeddings');
    expect(response.headers.get('x-llm-proxy-fallback-reason')).toBe('server');
  });

  it('is told what is left out, or refused where it wants to be', async () => {
    stage.provider.answer(served(writeFloat32([1])));
    const fields = { model: 'openai/text-embedding-3-small', input: 'a', input_type: 'search_query' };
    const { response } = await client.embeddings.create(fields).withResponse();
    expect(response.headers.get('x-llm-proxy-warnings')).toBe('dropped=input_type');
    expect(stage.provider.asked.map(bodyOf)[0]).not.toHaveProperty('input_type');
    stage.provider.asked.length = 0;
    const strict = client.embeddings.create(fields, { headers: { 'x-llm-proxy-strict': 'true' } });
    await expect(strict).rejects.toMatchObject({ status: 400, param: 'input_type' });
    expect(stage.provider.asked).toEqual([]);
  });

  it('hears of a provider that limits it as of any other', async () => {
    stage.provider.answer(json({ error: { message: 'slow', code: 'rate_limit_exceeded' } }, 429));
    const asking = client.embeddings.create({ model: 'openai/text-embedding-3-small', input: 'a' });
    await expect(asking).rejects.toBeInstanceOf(OpenAI.RateLimitError);
  });
});

describe('a caller who leaves', () => {
  it('has no further batches sent', async () => {
    const answered = Promise.withResolvers<undefined>();
    const data = Array.from({ length: 512 }, (_, index) => ({ index, embedding: 'AA==' }));
    stage.provider.answer({ pieces: [{ waitFor: answered.promise }, JSON.stringify({ data })] });
    const leaving = await openRawClient(stage.gateway.url);
    const input = Array.from({ length: 2048 }, () => 'a');
    const body = { model: 'perplexity/pplx-embed-v1-4b', input };
    leaving.send(requestText('/v1/embeddings', body, ['x-client-request-id: leaving-1']));
    await until(() => stage.provider.asked.length > 0);
    leaving.hangUp('RST');
    expect(await stage.gateway.journal('leaving-1')).toMatchObject({ ending: 'gone' });
    answered.resolve(undefined);
    await stage.provider.asked[0]?.over;
    // Whatever would have been sent now comes before this is answered.
    await (await fetch(`${stage.gateway.url}/health/live`)).text();
    expect(stage.provider.asked).toHaveLength(1);
  });
});

describe('what is wrong', () => {
  const good = { model: 'openai/text-embedding-3-small', input: 'a' };
  it.each<[string, object, number, string | null]>([
    ['no model', { model: undefined }, 400, 'model'],
    ['a model that nobody offers', { model: 'x'.repeat(300) }, 404, 'model'],
    ['a model of a provider without embeddings', { model: 'anthropic/claude-sonnet-5' }, 400, 'model'],
    ['no input', { input: undefined }, 400, 'input'],
    ['an empty input', { input: [] }, 400, 'input'],
    ['an input of the wrong type', { input: [{}] }, 400, 'input[0]'],
    ['an oversized batch', { input: Array.from({ length: 2049 }, () => 'a') }, 400, 'input'],
    ['dimensions as text', { dimensions: '8' }, 400, 'dimensions'],
    ['an encoding that the model lacks', { encoding_format: 'base64_int8' }, 400, 'encoding_format'],
    ['an address', { api_base: 'https://evil.test' }, 400, 'api_base'],
  ])('%s is refused before anyone is asked', async (_, fields, status, param) => {
    const asking = client.post('/embeddings', { body: { ...good, ...fields } });
    await expect(asking).rejects.toMatchObject({ status, param });
    expect(stage.provider.asked).toEqual([]);
  });

  it('is a key that is not ours', async () => {
    const stranger = new OpenAI({ baseURL: `${stage.gateway.url}/v1`, apiKey: 'wrong', maxRetries: 0 });
    await expect(stranger.embeddings.create(good)).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    expect(stage.provider.asked).toEqual([]);
  });
});
