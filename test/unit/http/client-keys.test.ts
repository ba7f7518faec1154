import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyring, hasKeyInQuery, presentedKey } from '../../../src/http/client-keys.ts';

const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');
const digestOf = (key: string): Uint8Array => createHash('sha256').update(key).digest();
const keyringOf = (specs: readonly string[]) => createKeyring(specs, digestOf);

describe('a keyring', () => {
  it('identifies a key given plain or as its digest, by the first 12 digits of the digest', () => {
    const keyring = keyringOf(['sk-plain', `sha256:${sha256('sk-hashed')}`]);
    expect(keyring.identify('sk-plain')).toEqual({ id: sha256('sk-plain').slice(0, 12) });
    expect(keyring.identify('sk-hashed')).toEqual({ id: sha256('sk-hashed').slice(0, 12) });
  });

  it('takes digests in capitals, and the same key twice', () => {
    const keyring = keyringOf([`sha256:${sha256('a').toUpperCase()}`, 'a', 'a']);
    expect(keyring.identify('a')).toEqual({ id: sha256('a').slice(0, 12) });
  });

  it('knows no other key: not a digest, not a spec, not a near miss', () => {
    const keyring = keyringOf(['sk-plain']);
    for (const key of [
      '',
      'sk-plai',
      'sk-plain ',
      'SK-PLAIN',
      sha256('sk-plain'),
      `sha256:${sha256('sk-plain')}`,
    ]) {
      expect(keyring.identify(key)).toBeUndefined();
    }
  });

  it('compares the whole digest, not only the part it is found by', () => {
    const digest = sha256('sk-plain');
    const lastDigit = digest.endsWith('0') ? '1' : '0';
    const keyring = keyringOf([`sha256:${digest.slice(0, 63)}${lastDigit}`]);
    expect(keyring.identify('sk-plain')).toBeUndefined();
  });

  it('an empty keyring identifies nobody', () => {
    expect(keyringOf([]).identify('a')).toBeUndefined();
  });

  it('two keys under one id are refused, by position', () => {
    const digest = sha256('a');
    const twin = `sha256:${digest.slice(0, 12)}${'0'.repeat(52)}`;
    expect(() => keyringOf([`sha256:${digest}`, twin])).toThrow('API key 2 has the id of another');
  });

  it.each(['', 'a b', 'é', 'a\n', 'x'.repeat(513), 'sha256:', 'sha256:abc', `sha256:${'g'.repeat(64)}`])(
    'R-100: the spec %j is refused by its position, never by its value',
    (spec) => {
      expect(() => keyringOf(['fine', spec])).toThrow(/^API key 2 is not (1 to 512|sha256:)/);
    },
  );

  it('R-73: a hit and a miss hash once and take the same path', () => {
    const hashed: string[] = [];
    const keyring = createKeyring(['sk-plain'], (text) => {
      hashed.push(text);
      return digestOf(text);
    });
    keyring.identify('sk-plain');
    keyring.identify('unknown');
    expect(hashed).toEqual(['sk-plain', 'sk-plain', 'unknown']);
  });

  it('tells any two sets of keys apart', () => {
    const anyKey = fc
      .string({ minLength: 1 })
      .filter((key) => /^[\x21-\x7E]+$/.test(key) && !key.startsWith('sha256:'));
    fc.assert(
      fc.property(fc.uniqueArray(anyKey, { maxLength: 5 }), anyKey, (keys, other) => {
        const keyring = keyringOf(keys);
        const ids = keys.map((key) => keyring.identify(key)?.id);
        expect(ids).toEqual(keys.map((key) => sha256(key).slice(0, 12)));
        if (!keys.includes(other)) expect(keyring.identify(other)).toBeUndefined();
      }),
    );
  });
});

describe('the presented key', () => {
  it.each([
    [{ authorization: 'Bearer k1' }, 'k1'],
    [{ authorization: 'bearer   k1' }, 'k1'],
    [{ 'x-api-key': 'k2' }, 'k2'],
    [{ authorization: 'Bearer k1', 'x-api-key': 'k2', 'x-key': 'k3' }, 'k1'],
    [{ 'x-api-key': 'k2', 'x-key': 'k3' }, 'k2'],
    [{ 'x-key': 'k3' }, 'k3'],
    [{ authorization: 'Basic dTpw', 'x-api-key': 'k2' }, 'k2'],
    [{ authorization: 'Bearer ', 'x-key': 'k3' }, 'k3'],
    [{ authorization: `Bearer ${'x'.repeat(512)}` }, 'x'.repeat(512)],
  ])('%j presents %s', (headers, key) => {
    expect(presentedKey(new Headers(headers as Record<string, string>), 'x-key')).toBe(key);
  });

  it.each<Record<string, string>>([
    {},
    { authorization: 'k1' },
    { authorization: 'Basic k1' },
    { authorization: 'Bearerk1' },
    { authorization: 'Bearer' },
    { authorization: 'Bearer a b' },
    { authorization: 'Bearer a, Bearer b' },
    { authorization: 'Token k1' },
    { authorization: `Bearer ${'x'.repeat(513)}` },
    { 'x-api-key': 'a, b' },
    { 'x-api-key': 'é' },
    { 'x-key': 'k3' },
    { 'api-key': 'k4' },
    { cookie: 'key=k5' },
  ])('R-71: %j presents none', (headers) => {
    expect(presentedKey(new Headers(headers))).toBeUndefined();
  });
});

describe('R-79: a key in the query', () => {
  it.each([
    '?key=k',
    '?a=1&api_key=k',
    '?api-key=k',
    '?apikey=k',
    '?access_token=k',
    '?token=k',
    '?API_KEY=k',
    '?%6bey=k',
    '?key',
    '?x=?&token=1',
  ])('%s is one', (query) => {
    expect(hasKeyInQuery(`https://gateway.example.com/v1/models${query}`)).toBe(true);
  });

  it.each(['', '?', '?api-version=2024-10-21', '?keys=1', '?x=key', '?limit=20&after=token', '?monkey=1'])(
    '%j is none',
    (query) => {
      expect(hasKeyInQuery(`https://gateway.example.com/v1/key=${query}`)).toBe(false);
    },
  );
});
