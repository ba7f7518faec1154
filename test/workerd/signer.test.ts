// The signer over the runtime's own HMAC, which is not the one of the Node that runs the other tests.

import { describe, expect, it } from 'vitest';
import { createSigner } from '../../src/platform/signer.ts';

describe('a signature', () => {
  const signer = createSigner('key');

  it('is the HMAC-SHA-256 that everybody computes', async () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    const hmac = { name: 'HMAC', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('raw', bytes('key'), hmac, false, ['sign']);
    const expected = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes('label\ntext é')));
    expect(signer.sign('label', 'text é')).toBe(
      expected.toBase64({ alphabet: 'base64url', omitPadding: true }),
    );
  });

  it('is accepted for what it signs and for nothing else', () => {
    const signature = signer.sign('label', 'text');
    expect(signer.verify('label', 'text', signature)).toBe(true);
    expect(signer.verify('other', 'text', signature)).toBe(false);
    expect(createSigner('other key').verify('label', 'text', signature)).toBe(false);
  });
});
