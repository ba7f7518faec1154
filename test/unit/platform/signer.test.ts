import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSigner, signingKey } from '../../../src/platform/signer.ts';
import { readSettings, type Settings } from '../../../src/pipeline/settings.ts';

describe('a signature', () => {
  const signer = createSigner('key');

  it('is 43 characters of base64url and accepted', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const signature = signer.sign('label', text);
        expect(signature).toMatch(/^[\w-]{43}$/);
        expect(signer.verify('label', text, signature)).toBe(true);
      }),
    );
  });

  it('is none of another text, label, key or length', () => {
    const signature = signer.sign('label', 'text');
    expect(signer.verify('label', 'texT', signature)).toBe(false);
    expect(signer.verify('labeltext', '', signature)).toBe(false);
    expect(createSigner('another').verify('label', 'text', signature)).toBe(false);
    for (const wrong of ['', signature.slice(1), `${signature}A`]) {
      expect(signer.verify('label', 'text', wrong)).toBe(false);
    }
  });
});

describe('the key of a deployment', () => {
  const DIGEST = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'; // of "test"
  const keyOf = (environment: Readonly<Record<string, string>>) =>
    signingKey(readSettings({ API_KEYS: 'test', ...environment }) as Settings);

  it('is the secret that is given', () => {
    const secret = 'a secret of thirty-two characters';
    expect(keyOf({ SIGNING_SECRET: secret, OPENAI_API_KEY: 'sk-1' })).toBe(secret);
  });

  it('depends on every key that is set', () => {
    expect(keyOf({ OPENAI_API_KEY: 'sk-1' })).not.toBe(keyOf({ OPENAI_API_KEY: 'sk-2' }));
    expect(keyOf({})).not.toBe(keyOf({ API_KEYS: 'test,other' }));
  });

  it('does not depend on their order, nor on how a client key is written', () => {
    expect(keyOf({ OPENAI_API_KEY: 'sk-1,sk-2' })).toBe(keyOf({ OPENAI_API_KEY: 'sk-2,sk-1' }));
    expect(keyOf({})).toBe(keyOf({ API_KEYS: `sha256:${DIGEST.toUpperCase()}` }));
  });

  it('is refused when it is short', () => {
    expect(readSettings({ SIGNING_SECRET: 'short' })).toHaveProperty('refused');
  });
});
