// A question to the gateway over HTTP, and the reply as its caller hears it.

import { CLIENT_KEY, type Gateway } from './gateway.ts';
import type { Form, Said, Speech } from './speech.ts';

export type Heard = Said & {
  readonly status: number;
  readonly headers: Headers;
  readonly requestId: string;
  readonly raw: string;
};

export type Question = {
  readonly model: string;
  readonly form: Form;
  /** Further fields of the body. */
  readonly fields?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
  /** Called when the first bytes of the reply are here. */
  readonly onBegun?: () => void;
};

export async function ask(gateway: Gateway, speech: Speech, question: Question): Promise<Heard> {
  const { model, form, fields, headers, onBegun } = question;
  const response = await fetch(`${gateway.url}${speech.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}`, ...headers },
    body: JSON.stringify({ ...speech.question(model, form), ...fields }),
  });
  const raw = await read(response, onBegun);
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  return {
    status: response.status,
    headers: response.headers,
    requestId: response.headers.get('x-request-id') ?? '',
    raw,
    ...speech.hear(raw, isStream ? 'stream' : 'whole'),
  };
}

async function read(response: Response, onBegun?: () => void): Promise<string> {
  const text = new TextDecoder();
  let raw = '';
  for await (const bytes of response.body ?? []) {
    onBegun?.();
    raw += text.decode(bytes, { stream: true });
  }
  return raw + text.decode();
}
