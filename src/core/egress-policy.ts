// Which addresses the gateway may call. A pure function of the text: the threat is a configured or registered provider
// whose address leads a credential to the wrong place, so only the plainest way of writing a public https address
// passes, and whatever a URL parser would drop, decode or fold is refused instead of understood.
// A name that resolves to a private address is not seen here: Workers reach the public internet only, and
// `global_fetch_strictly_public` in wrangler.toml closes the way into our own zone.

import { type IpAddress, isPublic, parseIpAddress } from './ip-address.ts';

export type EgressPolicy = {
  /** `ALLOW_INSECURE_PROVIDERS`: plain http to this machine. Production ignores it. */
  readonly insecure: boolean;
  readonly production: boolean;
  /** Names that lead back to this gateway; their subdomains do too. */
  readonly ownHosts?: readonly string[];
};

/** Why the URL may not be called, without naming it; `undefined` when it may. */
export function refuseUrl(url: string, policy: EgressPolicy): string | undefined {
  return judge(url, (origin) => refuseOrigin(origin, policy));
}

/** The same with a memory for origins: for the hot path, where every call is judged again. */
export function createUrlGuard(
  policy: EgressPolicy,
  lengthMax: number = URL_LENGTH_MAX,
): (url: string) => string | undefined {
  const verdicts = new Map<string, string | undefined>();
  const recall = (origin: string): string | undefined => {
    if (verdicts.has(origin)) return verdicts.get(origin);
    if (verdicts.size >= ORIGINS_MAX) verdicts.clear();
    const verdict = refuseOrigin(origin, policy);
    verdicts.set(origin, verdict);
    return verdict;
  };
  return (url) => judge(url, recall, lengthMax);
}

/** Far more than a deployment has providers: a bound, not a size. */
const ORIGINS_MAX = 256;
const URL_LENGTH_MAX = 512;

/** Printable ASCII without `#` and `\`, in three parts: origin, path, query. A URL parser cuts it at the same places. */
const PLAIN_URL =
  /^(https?:\/\/[A-Za-z0-9._:[\]-]+)((?:\/[\x21\x22\x24-\x3E\x40-\x5B\x5D-\x7E]*)?)(?:\?[\x21\x22\x24-\x5B\x5D-\x7E]*)?$/;

/** `.` and `..` as segments, and escaped separators: servers disagree about where such a path leads. */
const CROOKED_PATH = /\/(?:\.|%2e){1,2}(?:\/|$)|%2f|%5c/i;

function judge(
  url: string,
  judgeOrigin: (origin: string) => string | undefined,
  lengthMax = URL_LENGTH_MAX,
): string | undefined {
  if (url.length > lengthMax) return `it is longer than ${lengthMax} characters`;
  const parts = PLAIN_URL.exec(url);
  if (parts === null) {
    return 'it is not plain ASCII of the form https://host/path?query, without user name, fragment or backslash';
  }
  const [, origin = '', path = ''] = parts;
  if (CROOKED_PATH.test(path)) return 'its path has dot segments or escaped separators';
  return judgeOrigin(origin);
}

function refuseOrigin(origin: string, policy: EgressPolicy): string | undefined {
  const parsed = URL.parse(origin);
  if (parsed === null) return 'its host cannot be read';
  const { protocol, hostname, port } = parsed;
  // 127.1, 0x7f.1 and 2130706433 are all 127.0.0.1: of many ways to write a host, one is allowed.
  if (origin.toLowerCase().replace(/:\d+$/, '') !== `${protocol}//${hostname}`) {
    return 'its host is an unusual way of writing another';
  }
  if (LOOPBACK.has(hostname)) {
    return policy.insecure && !policy.production ? undefined : 'it leads to this machine';
  }
  if (protocol !== 'https:') return 'it is not https';
  if (policy.production && port !== '') return 'its port is not 443';
  const address = parseIpAddress(hostname);
  return address === undefined ? refuseName(hostname, policy) : refuseIpAddress(address, policy);
}

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

function refuseIpAddress(address: IpAddress, policy: EgressPolicy): string | undefined {
  if (policy.production) return 'it names an IP address instead of a host';
  return isPublic(address) ? undefined : 'its IP address is not public';
}

function refuseName(hostname: string, policy: EgressPolicy): string | undefined {
  // `host.` is `host` to the resolver and another name to every list.
  if (hostname.endsWith('.')) return 'its host ends in a dot';
  if (!hostname.includes('.')) return 'its host has no domain';
  if (hostname.startsWith('metadata')) return 'its host looks like a cloud metadata service';
  if (SPECIAL_DOMAINS.some((domain) => isWithin(hostname, domain))) return 'its domain is not public';
  const own = policy.ownHosts ?? [];
  if (own.some((host) => isWithin(hostname, host.toLowerCase()))) return 'it leads back to this gateway';
  return undefined;
}

/**
 * Names that never resolve to a public host (https://www.iana.org/assignments/special-use-domain-names) or that private
 * networks have taken for themselves; and workers.dev, where our own deployments and those of our account live.
 */
const SPECIAL_DOMAINS: readonly string[] = [
  'localhost',
  'local',
  'internal',
  'intranet',
  'lan',
  'home',
  'home.arpa',
  'corp',
  'test',
  'invalid',
  'example',
  'onion',
  'workers.dev',
];

function isWithin(hostname: string, domain: string): boolean {
  return hostname === domain || hostname.endsWith(`.${domain}`);
}
