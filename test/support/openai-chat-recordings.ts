// The recorded answers of this dialect, by file.

import { readFileSync } from 'node:fs';
import path from 'node:path';

export type Recording = {
  readonly file: string;
  readonly api: string;
  readonly status: number;
  readonly format: 'json' | 'sse' | 'ndjson';
};

export const recordings: readonly Recording[] = (
  readJson('index.json') as { files: readonly Recording[] }
).files.filter(({ api }) => api === 'openai-chat');

export function readJson(file: string): unknown {
  return JSON.parse(readText(file));
}

/** The bytes as they were on the wire; one payload per line becomes the stream that it was taken from. */
export function readStreamBytes({ file, format }: Recording): Uint8Array {
  const text = readText(file);
  const payloads = [...text.trimEnd().split('\n'), '[DONE]'];
  const stream = format === 'sse' ? text : payloads.map((payload) => `data: ${payload}\n\n`).join('');
  return new TextEncoder().encode(stream);
}

function readText(file: string): string {
  return readFileSync(path.join(import.meta.dirname, '../fixtures', file), 'utf8');
}
