import { describe, expect, it } from 'vitest';
import { GatewayError, type Failure } from '../../../src/core/failure.ts';
import { BODY_LIMITS, readBody, UPLOAD_MS_MAX } from '../../../src/http/body-gate.ts';

const limits = { ...BODY_LIMITS, bytesMax: 32 };
const never = { after: () => () => {} };

/** A timer that is fired by hand. */
function createTimer() {
  const timer = { ms: 0, fire: () => {}, isCancelled: false };
  const after = (ms: number, task: () => void) => {
    timer.ms = ms;
    timer.fire = task;
    return () => {
      timer.isCancelled = true;
    };
  };
  return { timer, after };
}

/** Gives the chunks one by one and then stays open or ends; remembers how far it was read. */
function createSource(chunks: readonly string[], end: 'close' | 'stay-open' | 'break' = 'close') {
  const source = { pulled: 0, isCancelled: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const chunk = chunks[source.pulled];
        if (chunk !== undefined) {
          source.pulled++;
          controller.enqueue(new TextEncoder().encode(chunk));
        } else if (end === 'close') controller.close();
        else if (end === 'break') controller.error(new TypeError('Network connection lost.'));
        else return new Promise(() => {});
        return undefined;
      },
      cancel: () => {
        source.isCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { source, stream };
}

function post(body: string | ReadableStream, headers: Record<string, string> = {}): Request {
  const init = {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    duplex: 'half',
  };
  return new Request('https://gateway.test/v1/chat/completions', init);
}

async function failureOf(body: Promise<unknown>): Promise<Failure> {
  const error = await body.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof GatewayError)) throw new Error(`expected a GatewayError, got ${String(error)}`);
  return error.failure;
}

describe('size', () => {
  it('a body is read whole, in one chunk or many', async () => {
    const { stream } = createSource(['{"a":', '"é', '"', ',"b":2}']);
    expect((await readBody(post(stream), limits, never)).json).toEqual({ a: 'é', b: 2 });
    expect((await readBody(post('{"a":1}'), limits, never)).json).toEqual({ a: 1 });
  });

  it('a character may be cut by a chunk', async () => {
    const bytes = new TextEncoder().encode('{"a":"😀"}');
    const stream = new ReadableStream({
      start: (controller) => {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect((await readBody(post(stream), limits, never)).json).toEqual({ a: '😀' });
  });

  it('F-53: a content-length over the limit is refused without a read', async () => {
    const { source, stream } = createSource(['{"a":1}']);
    const request = post(stream, { 'content-length': '33' });
    expect(await failureOf(readBody(request, limits, never))).toEqual({
      kind: 'too-large',
      message: 'the body is larger than 32 bytes',
    });
    expect(source.pulled).toBe(0);
  });

  it('F-53: a chunked body is read up to the limit and then cancelled', async () => {
    const { source, stream } = createSource(Array<string>(100).fill('"0123456789"'), 'stay-open');
    expect((await failureOf(readBody(post(stream), limits, never))).kind).toBe('too-large');
    expect(source).toEqual({ pulled: 3, isCancelled: true });
  });

  it('F-53: a content-length that lies does not raise the limit', async () => {
    const request = post(`{"a":"${'x'.repeat(26)}"}`, { 'content-length': '8' });
    expect((await failureOf(readBody(request, limits, never))).kind).toBe('too-large');
  });

  it('F-53: a content-length that is no number is as if it were absent', async () => {
    expect((await readBody(post('{"a":1}', { 'content-length': 'x' }), limits, never)).json).toEqual({
      a: 1,
    });
  });

  it('a request without a body is a 400', async () => {
    const request = new Request('https://gateway.test/', { method: 'POST' });
    expect((await failureOf(readBody(request, limits, never))).message).toBe(
      'the body is empty; a JSON object is needed',
    );
  });
});

describe('time', () => {
  it.each([{}, { 'content-length': '20' }])(
    'a body that does not end in time is a 408 (%j)',
    async (headers) => {
      const { stream } = createSource(['{"a":'], 'stay-open');
      const { timer, after } = createTimer();
      const body = failureOf(readBody(post(stream, headers), limits, { after }));
      timer.fire();
      expect(await body).toEqual({
        kind: 'upload-timeout',
        message: 'the body did not arrive within 30000 ms',
      });
      expect(timer.ms).toBe(UPLOAD_MS_MAX);
    },
  );

  it('an upload that is late is cancelled', async () => {
    const { source, stream } = createSource(['{"a":'], 'stay-open');
    const { timer, after } = createTimer();
    const body = failureOf(readBody(post(stream), limits, { after }));
    timer.fire();
    await body;
    expect(source.isCancelled).toBe(true);
  });

  it('the timer ends with the upload, well or badly', async () => {
    for (const text of ['{}', 'x'.repeat(40)]) {
      const { timer, after } = createTimer();
      await readBody(post(createSource([text]).stream), limits, { after }).catch(() => {});
      expect(timer.isCancelled).toBe(true);
    }
  });

  it('a client that goes away is cancelled, not wrong', async () => {
    const { stream } = createSource(['{"a":'], 'break');
    expect((await failureOf(readBody(post(stream), limits, never))).kind).toBe('cancelled');
  });
});

describe('headers', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'Application/JSON',
    'application/json ; x=y',
  ])('content-type %s is read', async (type) => {
    expect((await readBody(post('{}', { 'content-type': type }), limits, never)).json).toEqual({});
  });

  it('a missing content-type is read', async () => {
    const request = post('{}');
    request.headers.delete('content-type');
    expect((await readBody(request, limits, never)).json).toEqual({});
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json, text/plain',
    `x/${'y'.repeat(1000)}`,
  ])('content-type %s is a 400 that repeats at most 64 characters of it', async (type) => {
    const failure = await failureOf(readBody(post('{}', { 'content-type': type }), limits, never));
    expect(failure.kind).toBe('invalid-request');
    expect(failure.message).toBe(`content-type must be application/json, not "${type.slice(0, 64)}"`);
  });

  it('content-encoding may only be identity', async () => {
    expect((await readBody(post('{}', { 'content-encoding': 'identity' }), limits, never)).json).toEqual({});
    const failure = await failureOf(readBody(post('{}', { 'content-encoding': 'gzip' }), limits, never));
    expect(failure.message).toBe('content-encoding must be identity, not "gzip"');
  });
});
