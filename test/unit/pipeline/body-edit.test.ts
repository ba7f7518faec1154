import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BODY_LIMITS, gateBody } from '../../../src/http/body-gate.ts';
import { applyQuirks, retarget } from '../../../src/pipeline/body-edit.ts';

const body = (text: string) => gateBody(new TextEncoder().encode(text), BODY_LIMITS);

describe('a pass-through', () => {
  it('changes the model and no other byte', () => {
    const text =
      '{ "temperature": 1.0,\n\t"model" : "openai/gpt-5.2" , "seed":12345678901234567890, "x_new":{"b":1,"a":[1e2]} }';
    expect(retarget(body(text), 'gpt-5.2', {})).toBe(
      '{ "temperature": 1.0,\n\t"model" : "gpt-5.2" , "seed":12345678901234567890, "x_new":{"b":1,"a":[1e2]} }',
    );
  });

  it('takes out what the provider refuses, first, last and in between', () => {
    const quirks = { drop: ['a', 'c', 'e'] };
    expect(retarget(body('{"a":1, "model":"m", "c":3, "d":4, "e":5}'), 'm', quirks)).toBe(
      '{"model":"m", "d":4}',
    );
  });

  it('renames in place', () => {
    const quirks = { rename: { max_completion_tokens: 'max_tokens' } };
    expect(retarget(body('{"model":"m","max_completion_tokens": 5}'), 'm', quirks)).toBe(
      '{"model":"m","max_tokens":5}',
    );
  });

  it('adds what the provider needs and the caller did not send', () => {
    expect(retarget(body('{"model":"m"}'), 'm', { set: { store: false } })).toBe(
      '{"model":"m","store":false}',
    );
  });

  it('keeps the list of fallback models to itself', () => {
    expect(retarget(body('{"model":"a/m","models":["a/m","b/n"],"n":1}'), 'm', {})).toBe(
      '{"model":"m","n":1}',
    );
  });

  it('says a renamed field once: what the caller gave under the new name stays', () => {
    const quirks = { rename: { max_completion_tokens: 'max_tokens' } };
    expect(retarget(body('{"model":"m","max_completion_tokens":5,"max_tokens":6}'), 'm', quirks)).toBe(
      '{"model":"m","max_tokens":6}',
    );
  });

  it('says nothing but the edit, for any body', () => {
    const members = fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      // The gate refuses this key wherever it stands.
      fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__')),
    );
    fc.assert(
      fc.property(members, fc.integer({ min: 0, max: 2 }), (fields, indent) => {
        const wanted = { ...fields, model: 'a/m' };
        const edited = retarget(body(JSON.stringify(wanted, null, indent)), 'm', { drop: ['drop'] });
        const { drop: _, models: __, ...kept } = { ...wanted, model: 'm' } as Record<string, unknown>;
        expect(JSON.parse(edited)).toEqual(JSON.parse(JSON.stringify(kept)));
      }),
    );
  });
});

it('a body of our own making gets the same quirks', () => {
  const quirks = { drop: ['a'], rename: { b: 'c' }, set: { d: true } };
  expect(applyQuirks({ model: 'm', a: 1, b: 2 }, quirks)).toEqual({ model: 'm', c: 2, d: true });
});
