// Which IP addresses belong to the public internet. IPv4 is a list of exceptions, IPv6 the one block that is in use,
// less its exceptions: an address that wraps another (mapped, NAT64, 6to4) is never public, whatever it wraps.
// https://www.iana.org/assignments/iana-ipv4-special-registry https://www.iana.org/assignments/iana-ipv6-special-registry

export type IpAddress = { readonly version: 4 | 6; readonly value: bigint };

/** Reads the canonical forms that `URL.hostname` gives: `127.0.0.1`, `[::1]`. Anything else is `undefined`. */
export function parseIpAddress(hostname: string): IpAddress | undefined {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(hostname)) return { version: 4, value: v4Value(hostname) };
  if (/^\[[\da-f:]+\]$/.test(hostname)) return { version: 6, value: v6Value(hostname.slice(1, -1)) };
  return undefined;
}

export function isPublic(address: IpAddress): boolean {
  switch (address.version) {
    case 4:
      return !SPECIAL_V4.some((block) => contains(block, address));
    case 6:
      return contains(GLOBAL_V6, address) && !SPECIAL_V6.some((block) => contains(block, address));
  }
}

type Block = { readonly first: bigint; readonly hostBits: bigint };

const SPECIAL_V4: readonly Block[] = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local, cloud metadata
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
].map((cidr) => block(cidr, 32n));

const GLOBAL_V6 = block('[2000::]/3', 128n);
const SPECIAL_V6: readonly Block[] = [
  '[2001::]/23', // protocol assignments, Teredo
  '[2001:db8::]/32', // documentation
  '[2002::]/16', // 6to4
  '[3fff::]/20', // documentation
].map((cidr) => block(cidr, 128n));

function block(cidr: string, bits: bigint): Block {
  const [network = '', prefix = ''] = cidr.split('/');
  const first = parseIpAddress(network);
  if (first === undefined) throw new Error(`not a network: ${cidr}`);
  return { first: first.value, hostBits: bits - BigInt(prefix) };
}

function contains({ first, hostBits }: Block, address: IpAddress): boolean {
  return address.value >> hostBits === first >> hostBits;
}

function v4Value(dotted: string): bigint {
  return dotted.split('.').reduce((value, byte) => value * 256n + BigInt(byte), 0n);
}

function v6Value(text: string): bigint {
  const [head = '', tail = ''] = text.split('::');
  const before = groups(head);
  const after = groups(tail);
  const zeros = Array<bigint>(8 - before.length - after.length).fill(0n);
  return [...before, ...zeros, ...after].reduce((value, group) => value * 65_536n + group, 0n);
}

function groups(text: string): bigint[] {
  return text === '' ? [] : text.split(':').map((group) => BigInt(`0x${group}`));
}
