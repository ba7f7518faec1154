import { describe, expect, it } from 'vitest';
import { clientRequestId, createRequestId, traceId } from '../../../src/http/request-id.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

describe('request ids', () => {
  it('ours are made here and say what they are', () => {
    expect(createRequestId(() => '0123')).toBe('req_0123');
  });

  it.each([
    [{ 'x-client-request-id': 'a', 'x-request-id': 'b' }, 'a'],
    [{ 'x-request-id': 'b' }, 'b'],
    [{ 'x-client-request-id': 'é', 'x-request-id': 'b' }, 'b'],
    [{ 'x-request-id': 'x'.repeat(128) }, 'x'.repeat(128)],
    [{ 'x-request-id': 'x'.repeat(129) }, undefined],
    [{ 'x-request-id': 'é' }, undefined],
    [{ 'x-request-id': 'a\tb' }, undefined],
    [{}, undefined],
  ])("F-59: of %j the caller's is %s", (headers, id) => {
    expect(clientRequestId(new Headers(headers as Record<string, string>))).toBe(id);
  });
});

describe('R-108: traceparent', () => {
  it.each([
    `00-${TRACE}-${PARENT}-01`,
    `00-${TRACE}-${PARENT}-00`,
    `00-${TRACE}-${PARENT}-ff`,
    `01-${TRACE}-${PARENT}-01`,
    `cc-${TRACE}-${PARENT}-01-what-the-future-will-be-like`,
  ])('%s carries a trace', (traceparent) => {
    expect(traceId(new Headers({ traceparent }))).toBe(TRACE);
  });

  it.each([
    '',
    'x',
    TRACE,
    `ff-${TRACE}-${PARENT}-01`,
    `00-${TRACE}-${PARENT}-01-extra`,
    `00-${TRACE}-${PARENT}-01-`,
    `00-${TRACE}-${PARENT}-01.`,
    `cc-${TRACE}-${PARENT}-01.more`,
    `00-${TRACE}-${PARENT}`,
    `00-${TRACE}-${PARENT}-1`,
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
    `00-${'0'.repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.slice(1)}-${PARENT}-01`,
    `0-${TRACE}-${PARENT}-01`,
    `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`,
  ])('F-59: %j carries none', (traceparent) => {
    expect(traceId(new Headers({ traceparent }))).toBeUndefined();
  });

  it('its absence is no trace', () => {
    expect(traceId(new Headers())).toBeUndefined();
  });
});
