import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPublic, parseIpAddress } from '../../../src/core/ip-address.ts';

function isPublicHost(hostname: string): boolean | undefined {
  const address = parseIpAddress(hostname);
  return address && isPublic(address);
}

/** First and last address of each block, and its neighbours outside where these are public. */
const V4_BLOCKS: readonly (readonly [
  first: string,
  last: string,
  before: string | undefined,
  after: string | undefined,
])[] = [
  ['0.0.0.0', '0.255.255.255', undefined, '1.0.0.0'],
  ['10.0.0.0', '10.255.255.255', '9.255.255.255', '11.0.0.0'],
  ['100.64.0.0', '100.127.255.255', '100.63.255.255', '100.128.0.0'],
  ['127.0.0.0', '127.255.255.255', '126.255.255.255', '128.0.0.0'],
  ['169.254.0.0', '169.254.255.255', '169.253.255.255', '169.255.0.0'],
  ['172.16.0.0', '172.31.255.255', '172.15.255.255', '172.32.0.0'],
  ['192.0.0.0', '192.0.0.255', '191.255.255.255', '192.0.1.0'],
  ['192.0.2.0', '192.0.2.255', '192.0.1.255', '192.0.3.0'],
  ['192.88.99.0', '192.88.99.255', '192.88.98.255', '192.88.100.0'],
  ['192.168.0.0', '192.168.255.255', '192.167.255.255', '192.169.0.0'],
  ['198.18.0.0', '198.19.255.255', '198.17.255.255', '198.20.0.0'],
  ['198.51.100.0', '198.51.100.255', '198.51.99.255', '198.51.101.0'],
  ['203.0.113.0', '203.0.113.255', '203.0.112.255', '203.0.114.0'],
  ['224.0.0.0', '255.255.255.255', '223.255.255.255', undefined],
];

const PRIVATE_V6: readonly string[] = [
  '[::]',
  '[::1]',
  '[::7f00:1]', // IPv4-compatible
  '[::ffff:7f00:1]', // IPv4-mapped 127.0.0.1
  '[::ffff:808:808]', // IPv4-mapped 8.8.8.8
  '[64:ff9b::a9fe:a9fe]', // NAT64 169.254.169.254
  '[64:ff9b::808:808]',
  '[64:ff9b:1::1]',
  '[100::1]',
  '[2001::1]',
  '[2001:0:53aa:64c::1]', // Teredo
  '[2001:1ff:ffff::1]',
  '[2001:db8::1]',
  '[2002:7f00:1::]', // 6to4 127.0.0.1
  '[2002:808:808::]',
  '[3fff::1]',
  '[3fff:fff::1]',
  '[4000::1]',
  '[fc00::1]',
  '[fd00:ec2::254]', // AWS metadata
  '[fe80::1]',
  '[fec0::1]',
  '[ff02::1]',
];

const PUBLIC_V6: readonly string[] = [
  '[2001:200::1]',
  '[2001:4860:4860::8888]',
  '[2001:db7:ffff::1]',
  '[2001:db9::1]',
  '[2003::1]',
  '[2606:4700:4700::1111]',
  '[2a00:1450:4001:81b::200e]',
  '[3ffe::1]',
  '[3fff:1000::1]',
];

describe('public addresses', () => {
  it.each(V4_BLOCKS)('%s to %s are not public, their neighbours are', (first, last, before, after) => {
    expect(isPublicHost(first)).toBe(false);
    expect(isPublicHost(last)).toBe(false);
    if (before !== undefined) expect(isPublicHost(before)).toBe(true);
    if (after !== undefined) expect(isPublicHost(after)).toBe(true);
  });

  it.each(PRIVATE_V6)('%s is not public', (hostname) => expect(isPublicHost(hostname)).toBe(false));

  it.each(PUBLIC_V6)('%s is public', (hostname) => expect(isPublicHost(hostname)).toBe(true));

  it.each(['localhost', 'a.b.c.d', '1.2.3', '1.2.3.4.5', '::1', '[::1', '[fe80::1%25eth0]', '1.2.3.4.', ''])(
    '%j is no address',
    (hostname) => expect(parseIpAddress(hostname)).toBeUndefined(),
  );
});

describe('R-65: against a second implementation that works on bytes', () => {
  it('all IPv4 addresses agree', () => {
    const nearBlock = fc
      .constantFrom(...V4_BLOCKS.flatMap(([first, last]) => [first, last]))
      .chain((edge) => fc.integer({ min: -2, max: 2 }).map((step) => toNumber(edge) + step))
      .map((value) => (value + 2 ** 32) % 2 ** 32);
    fc.assert(
      fc.property(fc.oneof(nearBlock, fc.integer({ min: 0, max: 2 ** 32 - 1 })), (value) => {
        const bytes = [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
        expect(isPublicHost(bytes.join('.'))).toBe(!isSpecialV4(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('all IPv6 addresses agree, in the form that URL gives them', () => {
    const group = fc.oneof(
      fc.constantFrom(
        0,
        1,
        0x64,
        0x100,
        0xff9b,
        0x1ff,
        0x200,
        0xdb8,
        0x2000,
        0x2001,
        0x2002,
        0x3fff,
        0x1000,
        0xfff,
      ),
      fc.constantFrom(0x4000, 0xfc00, 0xfe80, 0xfec0, 0xff00, 0xffff, 0x7f00),
      fc.integer({ min: 0, max: 0xffff }),
    );
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const written = groups.map((value) => value.toString(16)).join(':');
        const { hostname } = new URL(`http://[${written}]/`);
        expect(isPublicHost(hostname)).toBe(!isSpecialV6(groups));
      }),
      { numRuns: 2000 },
    );
  });
});

function toNumber(dotted: string): number {
  return dotted.split('.').reduce((value, byte) => value * 256 + Number(byte), 0);
}

function isSpecialV4([a = 0, b = 0, c = 0]: readonly number[]): boolean {
  if (a === 0 || a === 10 || a === 127 || a >= 224) return true;
  if (a === 100) return b >= 64 && b < 128;
  if (a === 169) return b === 254;
  if (a === 172) return b >= 16 && b < 32;
  if (a === 192 && b === 0) return c === 0 || c === 2;
  if (a === 192) return b === 168 || (b === 88 && c === 99);
  if (a === 198) return b === 18 || b === 19 || (b === 51 && c === 100);
  return a === 203 && b === 0 && c === 113;
}

function isSpecialV6([a = 0, b = 0]: readonly number[]): boolean {
  if (a < 0x2000 || a > 0x3fff || a === 0x2002) return true;
  if (a === 0x2001) return b < 0x200 || b === 0xdb8;
  return a === 0x3fff && b < 0x1000;
}
