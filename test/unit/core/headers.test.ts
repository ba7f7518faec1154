import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOutboundHeaderValue, isSafeHeaderValue } from '../../../src/core/headers.ts';

describe('a safe header value', () => {
  it.each(['a', '~', 'openai/gpt-5.2', 'a b', 'x'.repeat(256), '"quoted", list; q=1'])(
    '%j is one',
    (value) => {
      expect(isSafeHeaderValue(value)).toBe(true);
    },
  );

  it.each(['', ' ', ' a', 'a ', 'a\r\nb: c', 'a\nb', 'a\0b', 'a\tb', 'a\u007f', 'é', '☃', 'x'.repeat(257)])(
    'F-59: %j is none',
    (value) => {
      expect(isSafeHeaderValue(value)).toBe(false);
    },
  );

  it('F-59: is what the published pattern says, and comes out of Headers as it went in', () => {
    const pattern = /^[\x21-\x7E]([\x20-\x7E]{0,254}[\x21-\x7E])?$/;
    const anyValue = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.string({ minLength: 250, maxLength: 260 }),
    );
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(isSafeHeaderValue(value)).toBe(pattern.test(value));
        if (isSafeHeaderValue(value)) expect(new Headers({ name: value }).get('name')).toBe(value);
      }),
    );
  });

  it('takes no time to refuse a long run of spaces', () => {
    expect(isOutboundHeaderValue(`a${' '.repeat(8191)}`)).toBe(false);
  });
});

describe('an outbound header value', () => {
  it('may be as long as a signed token', () => {
    expect(isOutboundHeaderValue(`Bearer ${'x'.repeat(8185)}`)).toBe(true);
    expect(isOutboundHeaderValue('x'.repeat(8193))).toBe(false);
  });

  it('has no other characters than a safe one', () => {
    for (const value of ['', ' a', 'a\nb', 'é']) expect(isOutboundHeaderValue(value)).toBe(false);
  });
});
