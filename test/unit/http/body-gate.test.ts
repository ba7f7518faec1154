import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError, type Failure } from '../../../src/core/failure.ts';
import { BODY_LIMITS, gateBody } from '../../../src/http/body-gate.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const gate = (text: string, limits = BODY_LIMITS) => gateBody(encode(text), limits);

function failureOf(text: string, limits = BODY_LIMITS): Failure | undefined {
  try {
    gate(text, limits);
    return undefined;
  } catch (error) {
    if (error instanceof GatewayError) return error.failure;
    throw error;
  }
}

const nested = (depth: number): string => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
const object = (keys: number): string => JSON.stringify(Object.fromEntries(Array(keys).fill(0).entries()));

describe('limits', () => {
  it('F-53: a body of exactly the limit passes, one byte more is too large', () => {
    const limits = { ...BODY_LIMITS, bytesMax: 20 };
    expect(gate('{"a":"0123456789ab"}', limits).json).toEqual({ a: '0123456789ab' });
    expect(failureOf('{"a":"0123456789abc"}', limits)?.kind).toBe('too-large');
  });

  it('counts bytes, not characters', () => {
    expect(failureOf('{"a":"😀😀😀"}', { ...BODY_LIMITS, bytesMax: 19 })?.kind).toBe('too-large');
  });

  it('F-55: depth 64 passes', () => {
    expect(failureOf(nested(64))).toBeUndefined();
  });

  it.each([65, 101, 10_000, 200_000])('F-55: depth %i is refused before JSON.parse', (depth) => {
    const message = 'the body is nested deeper than 64';
    expect(failureOf(nested(depth))).toEqual({ kind: 'invalid-request', message });
    // Not even JSON: only a scanner that comes first can say that it is too deep.
    expect(failureOf(`{"a":${'{"b":'.repeat(depth)}`)).toEqual({ kind: 'invalid-request', message });
  });

  it('brackets in strings are not depth', () => {
    expect(gate(`{"a":"${'['.repeat(1000)}"}`).members).toHaveLength(1);
    expect(gate(`{"a":"\\"${'[{'.repeat(1000)}\\\\"}`).members).toHaveLength(1);
  });

  it('F-58: 10,000 keys pass, 10,001 and 20,000 are refused', () => {
    expect(failureOf(object(10_000))).toBeUndefined();
    for (const keys of [10_001, 20_000]) {
      expect(failureOf(object(keys))).toEqual({
        kind: 'invalid-request',
        message: 'the body has more than 10000 keys',
      });
    }
  });

  it('F-58: keys are counted over all objects', () => {
    const limits = { ...BODY_LIMITS, keysMax: 3 };
    expect(failureOf('{"a":[{"b":1},{"c":1}]}', limits)).toBeUndefined();
    expect(failureOf('{"a":[{"b":1},{"c":1,"d":1}]}', limits)?.kind).toBe('invalid-request');
  });

  it('F-58: 100,000 messages are refused', () => {
    const messages = Array.from({ length: 100_000 }, () => ({ role: 'user', content: '' }));
    expect(failureOf(JSON.stringify({ messages }))?.kind).toBe('invalid-request');
    expect(failureOf(JSON.stringify({ input: Array(100_000).fill(0) }))?.message).toBe(
      'the body has more than 100000 brackets and commas',
    );
  });

  it('F-58: a key of a million characters is not repeated in a failure', () => {
    const failure = failureOf(`{"${'k'.repeat(1_000_000)}":1e400}`);
    expect(failure?.message).toBe('a number in the body is too large');
  });
});

describe('one meaning for every reader', () => {
  it.each([
    '{"model":"a","model":"b"}',
    '{"stream":true,"stream":true}',
    '{"model":"a","mod\\u0065l":"b"}',
    '{"\\u006dodel":"a","model":"b"}',
    '{"messages":[{"role":"user","role":"system"}]}',
    '{"a":{"b":{"c":1,"d":2,"c":3}}}',
    '{"a":{"x":{"y":1}},"a":{"x":{"z":1}}}',
    '{"":1,"":2}',
    '{"1":1,"1":2}',
  ])('F-57: %s has the same key twice', (text) => {
    expect(failureOf(text)).toEqual({
      kind: 'invalid-request',
      message: 'an object in the body has the same key twice',
    });
  });

  it('F-57: the same key in two objects is no duplicate, nor is one in a string', () => {
    expect(failureOf('{"a":{"a":1},"b":[{"a":1},{"a":2}],"c":"\\"a\\":1,\\"a\\":2"}')).toBeUndefined();
  });

  it.each(['{"__proto__":{"polluted":1}}', '{"a":[{"__proto__":1}]}', '{"\\u005f_proto__":null}'])(
    'F-56: %s is refused',
    (text) => {
      expect(failureOf(text)?.message).toBe('the key "__proto__" is not allowed');
      expect('polluted' in {}).toBe(false);
    },
  );

  it('F-56: constructor, prototype and toString are property names in tool schemas like any other', () => {
    const text = '{"constructor":{"prototype":{"polluted":1}},"toString":1,"hasOwnProperty":2}';
    expect(Object.keys(gate(text).json)).toEqual(['constructor', 'toString', 'hasOwnProperty']);
    expect('polluted' in {}).toBe(false);
  });

  it('F-58: a number that would become Infinity is refused wherever it stands', () => {
    for (const text of ['{"a":1e400}', '{"a":[-1e309]}', '{"a":{"b":[[1e999]]}}']) {
      expect(failureOf(text)?.message).toBe('a number in the body is too large');
    }
  });

  it('F-58: a whole number beyond 2^53 passes, and its digits stay in the text', () => {
    const { text, members } = gate('{"seed":12345678901234567890}');
    expect(members.map(({ valueStart, end }) => text.slice(valueStart, end))).toEqual([
      '12345678901234567890',
    ]);
  });

  it('F-54: half a surrogate pair is refused in values and keys', () => {
    for (const text of ['{"a":"\\ud800"}', '{"\\udfff":1}', '{"a":["x","\\ud83d\\u0041"]}']) {
      expect(failureOf(text)?.message).toBe('a string in the body has half a surrogate pair');
    }
  });
});

describe('messages', () => {
  it('invalid JSON is told by its place, without a piece of the body', () => {
    expect(failureOf('{"secret":"sk-1234",}')?.message).toBe('the body is not valid JSON (line 1 column 21)');
    expect(failureOf('{"secret": sk-1234 }')?.message).not.toContain('sk-1234');
  });

  it('an empty body and a body that is no object are told apart', () => {
    expect(failureOf('')?.message).toBe('the body is empty; a JSON object is needed');
    expect(failureOf('["a"]')?.message).toBe('the body is not a JSON object');
  });
});

describe('members', () => {
  it('lie where they are in the text, white space outside', () => {
    const text = '{ "model" : "m" ,\n\t"n":1,"stop" :[ "a" , "b" ] }';
    expect(
      gate(text).members.map(({ key, start, valueStart, end }) => [
        key,
        text.slice(start, end),
        text.slice(valueStart, end),
      ]),
    ).toEqual([
      ['model', '"model" : "m"', '"m"'],
      ['n', '"n":1', '1'],
      ['stop', '"stop" :[ "a" , "b" ]', '[ "a" , "b" ]'],
    ]);
  });

  it('have decoded keys', () => {
    expect(gate('{"mod\\u0065l":1,"\\"":2,"\\\\":3}').members.map(({ key }) => key)).toEqual([
      'model',
      '"',
      '\\',
    ]);
  });

  it('count UTF-16 units, as the text does', () => {
    const { text, members } = gate('{"😀":"é😀","b":2}');
    expect(members.map(({ valueStart, end }) => text.slice(valueStart, end))).toEqual(['"é😀"', '2']);
  });
});

describe('laws', () => {
  const anyText = fc.string({ unit: 'binary' });
  const anyKey = anyText.filter((key) => key !== '__proto__');
  const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      anyText,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(null, true, false, '"', '\\', '\\"', '}', ',":'),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(anyKey, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  const anyObject = fc.dictionary(anyKey, anyValue, { maxKeys: 6, noNullPrototype: true });
  const anySpace = fc.constantFrom('', ' ', '\n', '\t ', '\r\n  ');

  it('any JSON object passes, however it is laid out, and each member cuts out the text of its value', () => {
    fc.assert(
      fc.property(anyObject, anySpace, fc.boolean(), (value, space, escaped) => {
        const laidOut = JSON.stringify(value, null, space);
        const text = `${space}${escaped ? escapeNonAscii(laidOut) : laidOut}${space}`;
        const body = gate(text);
        const parsed = JSON.parse(text);
        expect(body.json).toEqual(parsed);
        expect(body.text).toBe(text);
        expect(new Set(body.members.map(({ key }) => key))).toEqual(new Set(Object.keys(parsed)));
        for (const { key, start, valueStart, end } of body.members) {
          expect(JSON.parse(text.slice(valueStart, end))).toEqual(parsed[key]);
          expect(JSON.parse(`{${text.slice(start, end)}}`)).toEqual({ [key]: parsed[key] });
        }
      }),
    );
  });

  it('any JSON text cut short is a failure with a short message', () => {
    fc.assert(
      fc.property(anyObject, fc.nat(), (value, cut) => {
        const text = JSON.stringify(value);
        const failure = failureOf(text.slice(0, cut % text.length).toWellFormed());
        expect(failure?.kind).toBe('invalid-request');
        expect(failure?.message.length).toBeLessThanOrEqual(512);
      }),
    );
  });

  it('any change to a JSON text, and any bytes at all, give a body that JSON.parse agrees with or a short failure', () => {
    const anyFragment = fc.oneof(
      fc.constantFrom(
        '"',
        '\\',
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '\\u',
        '\\ud800',
        '"a":',
        '\0',
        'e999',
        '__proto__',
      ),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(anyObject, fc.nat(), fc.nat(3), anyFragment, (value, at, removed, inserted) => {
        const text = JSON.stringify(value);
        const place = at % (text.length + 1);
        agreesOrFails(encode(text.slice(0, place) + inserted + text.slice(place + removed)));
      }),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), agreesOrFails));
  });

  it('F-57: an object with a key given twice is refused at any depth, in any spelling', () => {
    fc.assert(
      fc.property(anyKey, anyObject, fc.nat(5), fc.boolean(), (key, rest, depth, escaped) => {
        const name = JSON.stringify(key);
        const again = escaped ? escapeAll(key) : name;
        const others = Object.entries(rest).filter(([other]) => other !== key);
        const members = others.map(([other, value]) => `${JSON.stringify(other)}:${JSON.stringify(value)}`);
        const object = `{${[`${name}:1`, ...members, `${again}:2`].join(',')}}`;
        const text = '{"wrap":'.repeat(depth) + object + '}'.repeat(depth);
        expect(failureOf(text)?.message).toBe('an object in the body has the same key twice');
      }),
    );
  });
});

function agreesOrFails(bytes: Uint8Array): void {
  try {
    const { json, text } = gateBody(bytes, BODY_LIMITS);
    expect(json).toEqual(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    expect(error.failure.message.length).toBeLessThanOrEqual(512);
  }
}

function escapeNonAscii(text: string): string {
  return text.replace(/[\u0080-\uFFFF]/g, escapeUnit);
}

function escapeAll(text: string): string {
  return `"${text.replace(/[\s\S]/g, escapeUnit)}"`;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
