import { expect, it } from 'vitest';
import { isSafeHeaderValue } from '../../../src/core/headers.ts';
import { SECURITY_HEADERS } from '../../../src/http/security-headers.ts';

it('R-95: a browser may store, frame, sniff and run nothing', () => {
  expect(SECURITY_HEADERS).toEqual({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-site',
    'strict-transport-security': 'max-age=31536000',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
});

it('every name is lower case and every value can be sent', () => {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
    expect(name).toMatch(/^[a-z-]+$/);
    expect(isSafeHeaderValue(value)).toBe(true);
  }
});
