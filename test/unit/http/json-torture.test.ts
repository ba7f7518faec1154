// What is JSON and what is not, after RFC 8259, case by case: y is accepted, n is refused. Each case is the value of one
// member unless it says that it is the whole body.

import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/core/failure.ts';
import { BODY_LIMITS, gateBody } from '../../../src/http/body-gate.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const ACCEPTED_VALUES: readonly string[] = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '1',
  '-1',
  '1.5',
  '1e1',
  '1E+2',
  '1e-2',
  '0e0',
  '0.1e-7',
  '123.456e78',
  '1e-400', // rounds to 0
  '12345678901234567890', // beyond 2^53: the text keeps its digits
  '9007199254740993',
  '""',
  '"a"',
  '" "',
  '"\\""',
  '"\\\\"',
  '"\\\\\\""',
  '"\\/"',
  '"\\b\\f\\n\\r\\t"',
  '"\\u0000"',
  '"\\u0022"',
  '"\\u005c"',
  '"\\uD834\\uDD1E"',
  '"\\ud83d\\ude00"',
  '"\\u2028"',
  '"\u2028\u2029"',
  '"\u007f"',
  '"é€😀"',
  '"\uFFFD"',
  '"\uFEFF"', // a byte order mark inside is a character
  '"{[,:]}"',
  '"\\"}"',
  '[]',
  '[[]]',
  '{}',
  '[{}]',
  '[null,1,"1",{}]',
  '{"a":{"b":[]}}',
  '{"":0}',
  '{"a":1,"A":2}',
  '{"a":1,"\\u0062":2}',
  ' [ ] ',
  '\t[\r\n]\n',
];

const REFUSED_VALUES: readonly string[] = [
  '',
  'nul',
  'True',
  'NaN',
  'Infinity',
  '-Infinity',
  'undefined',
  '+1',
  '01',
  '-01',
  '-',
  '1.',
  '.5',
  '1e',
  '1e+',
  '0x1F',
  '1_000',
  '1 000',
  '１', // full-width digit
  '1e400', // Infinity once parsed
  '-1e400',
  '"',
  '"a',
  '"\\"',
  '"\\x41"',
  '"\\u12"',
  '"\\u{41}"',
  '"\\U0041"',
  '"\\0"',
  '"\n"',
  '"\t"',
  '"\u0000"',
  "'a'",
  '"a" "b"',
  '"\\ud800"', // half of a pair
  '"\\udc00"',
  '"\\ud800\\ud800"',
  '"\\udc00\\ud800"',
  '["\\ud83d"]',
  '[',
  ']',
  '[1,]',
  '[,1]',
  '[1 2]',
  '[1,,2]',
  '[}',
  '[1}',
  '{',
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '{,}',
  '{a:1}',
  "{'a':1}",
  '{1:1}',
  '{"a" 1}',
  '{"a"::1}',
  '{"a":1 "b":2}',
  '{"a":1;"b":2}',
  '{"a":1]',
  '{"a":1,"a":1}',
  '{"\\ud800":1}',
  '// comment\n1',
  '/* comment */ 1',
  '1 # comment',
  '\u00A01', // no-break space is not white space
  '\u000B1',
  '\u000C1',
  '\uFEFF1',
];

const ACCEPTED_BODIES: readonly string[] = ['{}', ' {} ', '\n{"a":1}\r\n\t', '{"a" : 1 , "b" : [ ] }'];

const REFUSED_BODIES: readonly string[] = [
  '',
  ' ',
  'null',
  'true',
  '0',
  '"{}"',
  '[]',
  '[{}]',
  '["a"]',
  '["a",["b"]]',
  '{}{}',
  '{} {}',
  '{},',
  '{}]',
  '{}}',
  '{}x',
  '{}#',
  '{}\u0000',
  '\u0000{}',
  '\uFEFF{}',
  '{"a":1}\n{"a":1}',
  '{"a":[1}',
  '}{',
];

describe('F-54: JSON', () => {
  it.each(ACCEPTED_VALUES)('y %j', (value) => {
    const text = `{"v":${value}}`;
    const { json, members } = gateBody(encode(text), BODY_LIMITS);
    expect(json['v']).toEqual(JSON.parse(value));
    expect(members).toEqual([
      { key: 'v', start: 1, valueStart: 5 + leadingSpace(value), end: 5 + value.trimEnd().length },
    ]);
  });

  it.each(REFUSED_VALUES)('n %j', (value) => {
    expect(() => gateBody(encode(`{"v":${value}}`), BODY_LIMITS)).toThrow(GatewayError);
  });

  it.each(ACCEPTED_BODIES)('y body %j', (text) => {
    expect(gateBody(encode(text), BODY_LIMITS).json).toEqual(JSON.parse(text));
  });

  it.each(REFUSED_BODIES)('n body %j', (text) => {
    expect(() => gateBody(encode(text), BODY_LIMITS)).toThrow(GatewayError);
  });

  it.each([
    ['0xff inside a string', [0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]],
    ['an overlong slash', [0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]],
    ['a surrogate as UTF-8', [0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]],
    ['a code point above U+10FFFF', [0x7b, 0x22, 0xf4, 0x90, 0x80, 0x80, 0x22, 0x3a, 0x31, 0x7d]],
    ['a sequence cut short', [0x7b, 0x22, 0xe2, 0x82, 0x22, 0x3a, 0x31, 0x7d]],
    ['UTF-8 with a byte order mark', [0xef, 0xbb, 0xbf, 0x7b, 0x7d]],
    ['UTF-16 with a byte order mark', [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
    ['UTF-16 without one', [0x00, 0x7b, 0x00, 0x7d]],
    ['UTF-32', [0x00, 0x00, 0x00, 0x7b, 0x00, 0x00, 0x00, 0x7d]],
  ])('n %s', (_, bytes) => {
    expect(() => gateBody(Uint8Array.from(bytes), BODY_LIMITS)).toThrow(GatewayError);
  });
});

/** JSON's white space only, which is what the cases begin with. */
function leadingSpace(value: string): number {
  return value.length - value.trimStart().length;
}
