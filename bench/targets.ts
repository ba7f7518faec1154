// The rows of the tables: who is asked, in whose wire format, for whose model.

import type { Format } from './replies.ts';
import { CLIENT_KEY, type ServerName } from './servers.ts';

export type Target = {
  readonly name: string;
  readonly server: ServerName;
  /** The caller's wire format. */
  readonly format: Format;
  /** The beginning of the model's name, which is also what decides the provider. */
  readonly family: string;
  readonly headers: (upstreamPort: number) => Readonly<Record<string, string>>;
};

const none = (): Readonly<Record<string, string>> => ({});
const gatewayKey = (): Readonly<Record<string, string>> => ({ authorization: `Bearer ${CLIENT_KEY}` });
const portkey = (provider: string) => (upstreamPort: number) => ({
  authorization: 'Bearer sk-bench',
  'x-portkey-provider': provider,
  'x-portkey-custom-host': `http://127.0.0.1:${upstreamPort}/v1`,
});

export const DIRECT = 'direct';
export const BASELINE = 'hono';

export const targets: readonly Target[] = [
  { name: DIRECT, server: 'upstream', format: 'openai', family: 'gpt-4o', headers: none },
  { name: 'nginx', server: 'nginx', format: 'openai', family: 'gpt-4o', headers: none },
  { name: BASELINE, server: 'hono', format: 'openai', family: 'gpt-4o', headers: none },
  {
    name: 'gateway',
    server: 'gateway',
    format: 'openai',
    family: 'openai/gpt-4o',
    headers: gatewayKey,
  },
  {
    name: 'gateway-anthropic',
    server: 'gateway',
    format: 'anthropic',
    family: 'anthropic/claude-sonnet-4-5',
    headers: () => ({ 'x-api-key': CLIENT_KEY, 'anthropic-version': '2023-06-01' }),
  },
  {
    name: 'gateway-translated',
    server: 'gateway',
    format: 'openai',
    family: 'anthropic/claude-sonnet-4-5',
    headers: gatewayKey,
  },
  {
    name: 'portkey',
    server: 'portkey',
    format: 'openai',
    family: 'gpt-4o',
    headers: portkey('openai'),
  },
  {
    name: 'portkey-translated',
    server: 'portkey',
    format: 'openai',
    family: 'claude-sonnet-4-5',
    headers: portkey('anthropic'),
  },
];

export function pathOf(format: Format): string {
  return format === 'openai' ? '/v1/chat/completions' : '/v1/messages';
}
