import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/core/failure.ts';
import { BODY_LIMITS } from '../../../src/http/body-gate.ts';
import { readForm } from '../../../src/http/form-gate.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const LIMITS = { ...BODY_LIMITS, bytesMax: 16_384 };

function read(body: FormData | string, headers: Record<string, string> = {}) {
  const request = new Request('https://gateway.dev/v1/videos', { method: 'POST', body, headers });
  return readForm(request, LIMITS, createManualClock());
}
function form(...fields: readonly (readonly [string, string | Blob])[]): FormData {
  const data = new FormData();
  for (const [name, value] of fields) data.append(name, value);
  return data;
}
async function failureOf(reading: Promise<unknown>) {
  const error = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof GatewayError)) throw new Error(`expected a GatewayError, got ${String(error)}`);
  return error.failure;
}

describe('a form', () => {
  it('is the JSON body that says the same', async () => {
    const { json, text } = await read(
      form(
        ['model', 'a/b'],
        ['prompt', 'a "cat" – 猫'],
        ['input_reference[image_url]', 'https://a.dev/b.png'],
      ),
    );
    expect(json).toEqual({
      model: 'a/b',
      prompt: 'a "cat" – 猫',
      input_reference: { image_url: 'https://a.dev/b.png' },
    });
    expect(JSON.parse(text)).toEqual(json);
  });

  it('says every text that a body can', async () => {
    const texts = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 50 })
      .filter((text) => !/[\r\n]/.test(text));
    await fc.assert(
      fc.asyncProperty(texts, async (prompt) => {
        expect((await read(form(['prompt', prompt]))).json).toEqual({ prompt });
      }),
    );
  });

  it('gives a picture as a data URL', async () => {
    const picture = new Blob([Uint8Array.of(1, 2, 3)], { type: 'image/png' });
    expect((await read(form(['input_reference', picture]))).json).toEqual({
      input_reference: { image_url: 'data:image/png;base64,AQID' },
    });
  });

  it.each([
    ['the same field twice', form(['a', '1'], ['a', '2'])],
    ['a field that is also an object', form(['a', '1'], ['a[b]', '2'])],
    ['a file that is no picture', form(['a', new Blob(['MZ'], { type: 'application/x-msdownload' })])],
    ['a name that changes prototypes', form(['__proto__', '1'])],
    ['one that does so further in', form(['a[__proto__]', '1'])],
    [
      'more fields than a request has',
      form(...Array.from({ length: 101 }, (_, at) => [`f${at}`, ''] as const)),
    ],
  ])('is refused with %s', async (_, body) => {
    expect((await failureOf(read(body))).kind).toBe('invalid-request');
  });

  it('is refused when it is not the form that it says, or is larger than a body may be', async () => {
    const type = { 'content-type': 'multipart/form-data; boundary=x' };
    expect((await failureOf(read('no form', type))).kind).toBe('invalid-request');
    expect((await failureOf(read('no form', { 'content-type': 'multipart/form-data' }))).kind).toBe(
      'invalid-request',
    );
    expect((await failureOf(read('x'.repeat(20_000), type))).kind).toBe('too-large');
  });
});

describe('beside a form', () => {
  it('JSON is taken as everywhere, and nothing else', async () => {
    expect((await read('{"a":1}', { 'content-type': 'application/json' })).json).toEqual({ a: 1 });
    expect((await failureOf(read('a=1', { 'content-type': 'application/x-www-form-urlencoded' }))).kind).toBe(
      'invalid-request',
    );
  });
});
