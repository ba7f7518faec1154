// A client that writes its own bytes: what `fetch` would put right, refuse to send, or not let go of.

import { connect } from 'node:net';
import { CLIENT_KEY } from './gateway.ts';
import { until } from './until.ts';

export type RawClient = {
  readonly send: (bytes: string | Uint8Array) => void;
  /** Everything that came so far, as Latin-1: one character a byte. */
  readonly received: () => string;
  /** Resolves when this text has come. */
  readonly hears: (text: string) => Promise<void>;
  /** Reads no more: what comes stays in the sockets between. */
  readonly stopReading: () => void;
  readonly readOn: () => void;
  /** Everything that came until the other side closed. */
  readonly closed: Promise<string>;
  /** Gone at once, with a reset, or politely. */
  readonly hangUp: (how: HangUp) => void;
};

export type HangUp = 'RST' | 'FIN';

export async function openRawClient(url: string): Promise<RawClient> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.setEncoding('latin1');
  let received = '';
  socket.on('data', (text: string) => (received += text));
  // A reset is an answer like another.
  socket.on('error', () => undefined);
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(received)));
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return {
    send: (bytes) => void socket.write(bytes),
    received: () => received,
    hears: (text) => until(() => received.includes(text)),
    stopReading: () => void socket.pause(),
    readOn: () => void socket.resume(),
    closed,
    hangUp: (how) => void (how === 'RST' ? socket.resetAndDestroy() : socket.destroy()),
  };
}

/** The head of a request; `headers` are lines as they are, and a body's length is up to them. */
export function requestHead(target: string, headers: readonly string[], method = 'POST'): string {
  return [`${method} ${target} HTTP/1.1`, ...headers, '', ''].join('\r\n');
}

/** A question as an SDK would send it. */
export function requestText(target: string, body: unknown, headers: readonly string[] = []): string {
  const text = JSON.stringify(body);
  const length = `content-length: ${Buffer.byteLength(text)}`;
  return requestHead(target, [...HEADERS, length, ...headers]) + text;
}

export const HEADERS: readonly string[] = [
  'host: gateway.test',
  'content-type: application/json',
  `authorization: Bearer ${CLIENT_KEY}`,
];

export type RawReply = {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
};

/** Sends these bytes as they are and reads the first reply, which ends with the connection. */
export async function sendRaw(url: string, ...bytes: readonly (string | Uint8Array)[]): Promise<RawReply> {
  const client = await openRawClient(url);
  for (const piece of bytes) client.send(piece);
  const received = await client.closed;
  const [head = '', ...rest] = received.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Map(
    lines.map((line) => [line.split(':', 1)[0]?.toLowerCase() ?? '', line.slice(line.indexOf(':') + 2)]),
  );
  return { status: Number(statusLine.split(' ')[1]), headers, body: rest.join('\r\n\r\n') };
}
