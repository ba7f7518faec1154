import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createUrlGuard, type EgressPolicy, refuseUrl } from '../../../src/core/egress-policy.ts';

const production: EgressPolicy = { insecure: false, production: true };
const insecureProduction: EgressPolicy = { insecure: true, production: true };
const development: EgressPolicy = { insecure: false, production: false };
const insecure: EgressPolicy = { insecure: true, production: false };
const ALL = [production, insecureProduction, development, insecure];

describe('allowed everywhere', () => {
  it.each([
    'https://api.openai.com/v1/chat/completions',
    'https://api.openai.com',
    'https://api.openai.com:443/v1',
    'https://API.OpenAI.com/v1',
    'https://my-resource.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21',
    'https://openrouter.ai/api/v1/models?x=a/../b&y=%2f',
    'https://host_1.example.com/v1',
    'https://xn--mnchen-3ya.de/v1',
    'https://example.com.evil-but-public.net/v1',
    'https://localhost.example.com/v1',
    'https://api.example.com/v1/a..b/.well-known/c.',
    'https://local.ai/v1',
    'https://notworkers.dev/v1',
  ])('%s', (url) => {
    for (const policy of ALL) expect(refuseUrl(url, policy)).toBeUndefined();
  });
});

/** Refused whatever the policy. */
const NEVER: readonly string[] = [
  // Another scheme, or no URL.
  '',
  'api.openai.com',
  '//api.openai.com/v1',
  'ftp://api.openai.com/',
  'file:///etc/passwd',
  'data:text/plain,x',
  'javascript:alert(1)',
  'ws://api.openai.com/',
  'HTTPS://api.openai.com/', // one way of writing it
  'https:api.openai.com',
  'https:/api.openai.com',
  'https:///api.openai.com/v1',
  'http://api.openai.com/v1',
  // Credentials, fragments, and what hides a host behind them.
  'https://user@api.openai.com/',
  'https://user:pass@api.openai.com/',
  'https://@api.openai.com/',
  'https://api.openai.com:443@evil.test/',
  'https://evil.test#@api.openai.com',
  'https://evil.test/#@api.openai.com/',
  'https://api.openai.com/v1#',
  'https://api.openai.com\\@evil.test/',
  'https://evil.test\\.api.openai.com/',
  'https://api.openai.com/v1\\..\\admin',
  'http://foo\\@bar/',
  'http://user@169.254.169.254/',
  // Characters that a URL parser drops, folds or decodes.
  ' https://api.openai.com/',
  'https://api.openai.com/ ',
  'https://api.openai.com/v1 /x',
  'https://api.ope\tnai.com/',
  'https://api.openai.com/v1\n',
  'https://api.openai.com\r\n.evil.test/',
  'https://api.openai.com/\0',
  'https://api%2eopenai.com',
  'https://api.openai.com%00.evil.test/',
  'https://api。openai。com/', // U+3002
  'https://ａpi.openai.com/', // full width
  'https://münchen.de/',
  'http://①②⑦.0.0.1/',
  'http://ⓛocalhost/',
  'http://a%2e/',
  // 127.0.0.1 and its kind in other words.
  'http://0x7f.1/',
  'http://0x7f000001/',
  'http://2130706433/',
  'http://017700000001/',
  'http://127.1/',
  'http://127.0.1/',
  'http://127.00.0.1/',
  'http://0177.0.0.1/',
  'http://0/',
  'http://0.0.0.0/',
  'http://127.0.0.1./',
  'http://localhost./',
  'http://127.0.0.2/',
  'http://[::]/',
  'http://[0:0:0:0:0:0:0:1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://[2002:7f00:1::]/',
  'http://[fe80::1%25eth0]/',
  'http://169.254.169.254.nip.io/',
  'https://256.256.256.256/',
  'https://1.2.3.4.5/',
  'https://[1::2::3]/',
  // Not public, in any scheme.
  'https://10.0.0.1/',
  'https://169.254.169.254/latest/meta-data',
  'https://192.168.1.10:11434/v1',
  'https://[::ffff:7f00:1]/',
  'https://[::ffff:808:808]/',
  'https://[64:ff9b::808:808]/',
  'https://[2002:808:808::]/',
  'https://[fd00::1]/',
  // Names.
  'https://metadata/',
  'https://metadata.google.internal/',
  'https://metadata.example.com/',
  'https://kubernetes/',
  'https://redis:6379/',
  'https://printer.local/',
  'https://api.localhost/',
  'https://api.internal/',
  'https://api.intranet/',
  'https://nas.lan/',
  'https://nas.home/',
  'https://nas.home.arpa/',
  'https://wiki.corp/',
  'https://api.test/',
  'https://api.invalid/',
  'https://api.example/',
  'https://abc.onion/',
  'https://api.openai.com./',
  'https://api.INTERNAL/',
  'https://proxy.account.workers.dev/v1',
  'https://workers.dev/',
  // Paths that servers resolve in their own way.
  'https://api.openai.com/v1/../admin',
  'https://api.openai.com/..',
  'https://api.openai.com/v1/./x',
  'https://api.openai.com/v1/%2e%2e/admin',
  'https://api.openai.com/v1/%2E./admin',
  'https://api.openai.com/v1%2fadmin',
  'https://api.openai.com/v1/%5Cadmin',
  'https://api.openai.com/openai/deployments/../chat/completions?api-version=1',
  // Ports and length.
  'https://api.openai.com:99999/',
  'https://api.openai.com:/v1',
  'https://api.openai.com:x/v1',
  `https://api.openai.com/${'x'.repeat(490)}`,
];

describe('R-65, R-66: refused everywhere', () => {
  it.each(NEVER)('%j', (url) => {
    for (const policy of ALL) expect(refuseUrl(url, policy)).toBeTypeOf('string');
  });

  it('a length of 512 characters passes', () => {
    const base = 'https://api.openai.com/';
    expect(refuseUrl(base.padEnd(512, 'x'), production)).toBeUndefined();
    expect(refuseUrl(base.padEnd(513, 'x'), production)).toBe('it is longer than 512 characters');
  });
});

describe('R-69: what depends on the policy', () => {
  it.each([
    'http://localhost:8787/v1',
    'http://127.0.0.1:11434/v1',
    'http://[::1]:1234/v1',
    'https://localhost:8443/v1',
    'http://LOCALHOST/v1',
  ])('%s needs insecure providers and is never allowed in production', (url) => {
    expect(ALL.map((policy) => refuseUrl(url, policy))).toEqual([
      'it leads to this machine',
      'it leads to this machine',
      'it leads to this machine',
      undefined,
    ]);
  });

  it('a port other than 443 is refused in production', () => {
    const url = 'https://llm.example.com:8443/v1';
    expect(ALL.map((policy) => refuseUrl(url, policy))).toEqual([
      'its port is not 443',
      'its port is not 443',
      undefined,
      undefined,
    ]);
  });

  it.each(['https://8.8.8.8/v1', 'https://[2606:4700:4700::1111]/v1'])(
    'the public address %s is refused in production',
    (url) => {
      const reason = 'it names an IP address instead of a host';
      expect(ALL.map((policy) => refuseUrl(url, policy))).toEqual([reason, reason, undefined, undefined]);
    },
  );

  it('http is refused in development even with insecure providers, but for this machine', () => {
    expect(refuseUrl('http://llm.example.com/v1', insecure)).toBe('it is not https');
    expect(refuseUrl('http://8.8.8.8/v1', insecure)).toBe('it is not https');
  });

  it('our own hosts and what is below them are refused, others are not', () => {
    const policy = { ...production, ownHosts: ['Gateway.example.com'] };
    expect(refuseUrl('https://gateway.example.com/v1', policy)).toBe('it leads back to this gateway');
    expect(refuseUrl('https://eu.GATEWAY.example.com/v1', policy)).toBe('it leads back to this gateway');
    expect(refuseUrl('https://example.com/v1', policy)).toBeUndefined();
    expect(refuseUrl('https://other-gateway.example.com/v1', policy)).toBeUndefined();
  });
});

describe('laws', () => {
  it('R-65: what is allowed is what fetch would call: same host, https, no credentials', () => {
    const fragments = [
      'https://',
      'http://',
      'api.openai.com',
      '127.0.0.1',
      'localhost',
      '[::1]',
      '@',
      '#',
      '?',
    ];
    const anyUrl = fc
      .array(
        fc.oneof(
          fc.constantFrom(
            ...fragments,
            '/',
            '\\',
            ':',
            '.',
            '%2e',
            '。',
            '\t',
            '..',
            ':443',
            '0x7f',
            '//',
            ' ',
          ),
          fc.string({ maxLength: 3 }),
        ),
        { maxLength: 6 },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        fc.oneof(
          anyUrl,
          anyUrl.map((rest) => `https://${rest}`),
        ),
        (url) => {
          if (refuseUrl(url, production) !== undefined) return;
          const { protocol, hostname, port, username, password, hash } = new URL(url);
          expect([protocol, port, username, password, hash]).toEqual(['https:', '', '', '', '']);
          expect(url.toLowerCase().slice('https://'.length)).toMatch(
            new RegExp(`^${RegExp.escape(hostname)}(?::0*443)?(?:[/?]|$)`),
          );
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('every IPv4 address in every way of writing it is refused in production', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.boolean(), (value, secure) => {
        const bytes = [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
        const hex = value.toString(16);
        for (const host of [
          bytes.join('.'),
          String(value),
          `0x${hex}`,
          `0${value.toString(8)}`,
          bytes.map((byte) => `0x${byte.toString(16)}`).join('.'),
          `${bytes[0]}.${value % 2 ** 24}`,
          `[::ffff:${bytes.join('.')}]`,
          new URL(`http://[::ffff:${bytes.join('.')}]`).hostname,
          `[64:ff9b::${bytes.join('.')}]`,
        ]) {
          expect(refuseUrl(`${secure ? 'https' : 'http'}://${host}/`, production)).toBeTypeOf('string');
        }
      }),
    );
  });

  it('the guard with a memory says what the function says, the first time and the next', () => {
    for (const policy of ALL) {
      const guard = createUrlGuard(policy);
      for (const url of [
        ...NEVER,
        'https://api.openai.com/v1',
        'http://localhost:8787/v1',
        'https://8.8.8.8/',
      ]) {
        for (const path of ['', '', '/x']) {
          const longer = url + path;
          expect(guard(longer)).toBe(refuseUrl(longer, policy));
        }
      }
    }
  });

  it('the guard still answers after more origins than it remembers', () => {
    const guard = createUrlGuard(production);
    for (let host = 0; host < 1000; host++) expect(guard(`https://h${host}.example.com/`)).toBeUndefined();
    expect(guard('https://h0.example.com/')).toBeUndefined();
    expect(guard('https://h0.internal/')).toBe('its domain is not public');
  });

  it('no reason repeats a part of the URL', () => {
    for (const url of NEVER) {
      const reason = refuseUrl(url, production) ?? '';
      expect(reason.length).toBeLessThanOrEqual(128);
      for (const word of ['openai', 'evil', '169.254', 'google', 'redis']) expect(reason).not.toContain(word);
    }
  });
});
