// A provider on a loopback port: it answers what a test scripts, byte for byte, and remembers what it was asked.

import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Writable } from 'node:stream';

/** What to send. `pieces` are written one by one: text or bytes, a pause, something to wait for, or an end that is none. */
export type Answer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly pieces: readonly Piece[];
  /** The pieces are all there is, status line and headers included: for what no proper server would send. */
  readonly bare?: true;
};
export type Piece =
  | string
  | Uint8Array
  | { readonly pauseMs: number }
  | { readonly waitFor: Promise<unknown> }
  | { readonly end: 'stall' | 'reset' };
/** Says no more and stays. */
export const STALL: Piece = { end: 'stall' };
/** Breaks the connection. */
export const RESET: Piece = { end: 'reset' };

export type Asked = {
  readonly method: string;
  readonly path: string;
  /** Lower-case names, in the order they came. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  /** The client's side was closed before the answer had ended. */
  readonly hungUp: () => boolean;
  /** How much of the answer's body has been taken off its hands, in bytes. */
  readonly sent: () => number;
  /** Resolves when the exchange is over, whoever ended it. */
  readonly over: Promise<void>;
};

export type FakeProvider = {
  readonly url: string;
  readonly asked: Asked[];
  /** From now on; a list answers one request each and repeats its last. */
  readonly answer: (script: Answer | readonly Answer[] | ((asked: Asked) => Answer)) => void;
  /** Requests whose answer has not ended. */
  readonly open: () => number;
  readonly stop: () => Promise<void>;
};

export async function startFakeProvider(): Promise<FakeProvider> {
  const asked: Asked[] = [];
  let script: (asked: Asked) => Answer = unscripted;
  let open = 0;

  const server = createServer((request, response) => {
    void read(request).then((body) => {
      let hungUp = false;
      let sent = 0;
      open += 1;
      const over = new Promise<void>((resolve) => {
        response.on('close', () => {
          hungUp = !response.writableFinished;
          open -= 1;
          resolve();
        });
      });
      const entry: Asked = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: pairs(request.rawHeaders),
        body,
        hungUp: () => hungUp,
        sent: () => sent,
        over,
      };
      asked.push(entry);
      void send(script(entry), response, (bytes) => (sent += bytes));
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    answer: (next) => {
      let turn = 0;
      const answers = typeof next === 'function' ? next : Array.isArray(next) ? next : [next];
      script =
        typeof answers === 'function'
          ? answers
          : () => answers[Math.min(turn++, answers.length - 1)] ?? { status: 500, pieces: [] };
    },
    open: () => open,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const unscripted = (): Answer => ({ status: 500, pieces: ['no answer is scripted'] });

async function send(answer: Answer, response: ServerResponse, note: (bytes: number) => void): Promise<void> {
  if (answer.bare !== true) {
    response.writeHead(answer.status ?? 200, {
      'content-type': 'application/json',
      ...(answer.headers as Record<string, string>),
    });
    response.flushHeaders();
  }
  const sink = answer.bare === true ? response.socket : response;
  for (const piece of answer.pieces) {
    if (sink === null || sink.destroyed) return;
    if (typeof piece === 'string' || piece instanceof Uint8Array) {
      if (!sink.write(piece)) await drained(sink);
      note(Buffer.byteLength(piece));
    } else if ('end' in piece) {
      if (piece.end === 'reset') response.socket?.resetAndDestroy();
      return;
    } else if ('waitFor' in piece) await piece.waitFor;
    else await new Promise((resolve) => setTimeout(resolve, piece.pauseMs));
  }
  sink?.end();
}

function drained(sink: Writable): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      sink.off('drain', settle).off('close', settle);
      resolve();
    };
    sink.on('drain', settle).on('close', settle);
  });
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function pairs(raw: readonly string[]): (readonly [string, string])[] {
  return Array.from(
    { length: raw.length / 2 },
    (_, at) => [(raw[2 * at] ?? '').toLowerCase(), raw[2 * at + 1] ?? ''] as const,
  );
}

// ==== Recorded answers ====

const FIXTURES = path.resolve('test/fixtures');
const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };

type IndexEntry = {
  readonly file: string;
  readonly provider: string;
  readonly api: string;
  readonly status: number;
  readonly streaming: boolean;
  readonly format: string;
  readonly recorded: boolean;
  readonly exercises: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
};

export const recordings: readonly IndexEntry[] = (
  JSON.parse(readFileSync(path.join(FIXTURES, 'index.json'), 'utf8')) as {
    readonly files: readonly IndexEntry[];
  }
).files;

/** A recording as it went over the wire: envelope, status and the headers that were kept. */
export function recorded(file: string): Answer {
  const entry = recordings.find((candidate) => candidate.file === file);
  if (entry === undefined) throw new Error(`${file} is not in the index of recordings`);
  const text = readFileSync(path.join(FIXTURES, file), 'utf8');
  if (file.endsWith('.json')) return { status: entry.status, headers: entry.headers ?? {}, pieces: [text] };
  return {
    status: entry.status,
    headers: { ...entry.headers, ...EVENT_STREAM },
    pieces: [file.endsWith('.sse') ? text : envelope(text, entry.api)],
  };
}

/** The stream text of a recording. */
export function recordedStream(file: string): string {
  return textOf(recorded(file));
}

/** The text of an answer that is nothing but text. */
export function textOf({ pieces }: Answer): string {
  return pieces.filter((piece) => typeof piece === 'string').join('');
}

/** One payload a line back into server-sent events, as each API frames them. */
function envelope(lines: string, api: string): string {
  const payloads = lines.split('\n').filter((line) => line.trim() !== '');
  const frames = payloads.map((payload) => {
    if (api === 'openai-chat') return `data: ${payload}\n\n`;
    return `event: ${(JSON.parse(payload) as { type: string }).type}\ndata: ${payload}\n\n`;
  });
  return frames.join('') + (api === 'openai-chat' ? 'data: [DONE]\n\n' : '');
}

export function eventStream(...pieces: readonly Piece[]): Answer {
  return { headers: EVENT_STREAM, pieces };
}
