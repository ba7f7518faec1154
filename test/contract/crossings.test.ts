// Every recording of the two dialects, read and told to a caller of each: whole and streamed, in any split, failed or not;
// and the request that led to it. What may differ on the way is said in test/support/meaning.ts and nowhere else.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';

import type { ChatEvent } from '../../src/core/event.ts';
import type { Failure, FailureKind } from '../../src/core/failure.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { isProviderId, providers } from '../../src/providers/index.ts';
import type { ClientDialectId, ProviderDialectId } from '../../src/dialects/dialect.ts';
import {
  crossInto,
  crossRequest,
  cutAt,
  dialectIds,
  dialectOfApi,
  dialects,
  egresses,
  providerDialectIds,
  readBytes,
  writeBytes,
  type Speech,
} from '../support/crossing.ts';
import { recordedStream, recordings } from '../support/fake-provider.ts';
import { heardIn, meaningOf, type Form } from '../support/meaning.ts';
import { representatives, targetDialectIds } from '../support/places.ts';

type Recording = (typeof recordings)[number] & { readonly speaks: ProviderDialectId };

const own: readonly Recording[] = recordings.flatMap((recording) => {
  const speaks = dialectOfApi(recording.api);
  return speaks === undefined ? [] : [{ ...recording, speaks }];
});
const errors = own.filter(({ status }) => status !== 200);
const answers = own.filter(({ status }) => status === 200);
const streams = answers.filter(({ streaming }) => streaming);
const replies = answers.filter((recording) => failureOf(eventsOf(recording)) === undefined);
const failed = answers.filter((recording) => failureOf(eventsOf(recording)) !== undefined);

const crossed = new Set<string>();
afterAll(() => {
  const byHand = own.filter(({ file, recorded: isRecorded }) => crossed.has(file) && !isRecorded).length;
  const skipped = own.length - crossed.size;
  console.log(
    `fixtures: ${crossed.size} run (${crossed.size - byHand} recorded, ${byHand} made by hand), ${skipped} skipped`,
  );
});

it('no recording is left out', () => {
  const known = new Set([...recordings.map(({ file }) => file), 'index.json', 'README.md']);
  const files = readdirSync('test/fixtures', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.request.json'))
    .map((entry) => path.relative('test/fixtures', path.join(entry.parentPath, entry.name)));
  expect(files.filter((file) => !known.has(file))).toEqual([]);
  expect([...errors, ...replies, ...failed].toSorted(inOrder)).toEqual(own.toSorted(inOrder));
});

describe.each(dialectIds)('to a caller who speaks %s', (id) => {
  const { ingress, egress } = dialects[id];

  it.each(byFile(replies))('%s means what it meant, whole and streamed', (file, recording) => {
    crossed.add(file);
    const events = eventsOf(recording);
    for (const form of ['whole', 'streamed'] satisfies Form[]) {
      const heard = meaningOf(crossInto(dialects[id], events, form));
      expect(heard).toStrictEqual(heardIn(id, meaningOf(events), form));
    }
  });

  it.each(byFile(failed))('%s is an error, behind whatever came before it', (file, recording) => {
    crossed.add(file);
    const events = eventsOf(recording);
    const failure = failureOf(events);
    if (failure === undefined) throw new Error('it did not fail');
    expectSensible(failure, recording, id);

    const frame = new TextEncoder().encode(ingress.writeStreamFailure(failure, 'request-1'));
    const heard = readBytes({ egress }, [writeBytes({ ingress }, events), frame]);
    const { usage: _unknown, ...said } = meaningOf(heard);
    expect(heard.at(-1)?.type).toBe('failure');
    expect(heardIn(id, meaningOf(events), 'streamed')).toMatchObject(said);
  });

  it.each(byFile(errors))('%s is an error of its kind', (file, recording) => {
    crossed.add(file);
    const { failure } = readerOf(recording).egress.readError(recording.status, bodyOf(recording.file));
    expectSensible(failure, recording, id);
  });

  it('no error takes more than 2 KB, whatever a provider said', () => {
    // What is long in UTF-8, long in JSON, or half of a pair.
    const unit = fc.constantFrom('a', '"', '\u0000', 'ß', '\u{1f600}', '\ud83d');
    fc.assert(
      fc.property(
        fc.string({ unit, maxLength: 4000 }),
        fc.constantFrom(...providerDialectIds),
        (said, from) => {
          const { failure } = egresses[from].readError(400, { error: { message: said, param: said } });
          expect(sizeOf(ingress.writeFailure(failure, 'request-1').body)).toBeLessThanOrEqual(2048);
        },
      ),
    );
  });
});

describe('a recorded stream', () => {
  it.each(byFile(streams))('%s says the same wherever its bytes are cut', (file, recording) => {
    const bytes = new TextEncoder().encode(recordedStream(file));
    const reader = readerOf(recording);
    const whole = readBytes(reader, [bytes]);
    for (const places of splitsOf(bytes)) {
      expect(readBytes(reader, cutAt(bytes, places))).toEqual(whole);
    }
  });
});

describe('a recorded request', () => {
  const requests = own.flatMap(({ speaks, file }) => {
    const api = dialectIds.find((id) => id === speaks);
    const request = file.replace(/\.(json|sse|chunks\.ndjson)$/, '.request.json');
    return api !== undefined && existsSync(`test/fixtures/${request}`) ? [{ api, file: request }] : [];
  });
  const places = targetDialectIds.flatMap((to) => representatives[to].map((place) => ({ to, place })));

  it.each(byFile(requests))('%s asks the same of every model, or names what it cannot', (file, { api }) => {
    const body = JSON.parse(readFileSync(`test/fixtures/${file}`, 'utf8')) as JsonObject;
    for (const { to, place } of places) {
      const refusal = REFUSALS.find(
        (row) =>
          row.file === file && (row.model ?? place.model) === place.model && (row.to ?? [to]).includes(to),
      );
      if (refusal === undefined) {
        expect(crossRequest(body, api, place, to).unexplained).toEqual([]);
      } else {
        expect(() => crossRequest(body, api, place, to)).toThrow(
          expect.objectContaining({
            failure: expect.objectContaining({ kind: 'unsupported', param: refusal.param }),
          }),
        );
      }
    }
  });
});

function inOrder(one: Recording, other: Recording): number {
  return one.file < other.file ? -1 : 1;
}

/** A name in full, where `$file` would be cut. */
function byFile<Row extends { readonly file: string }>(rows: readonly Row[]) {
  return rows.map((row) => [row.file, row] as const);
}

function vendorOf(id: ProviderDialectId): string | undefined {
  return id.split('-')[0];
}

/** What cannot be asked of a model of another make without asking something else. */
const REFUSALS: readonly {
  readonly file: string;
  readonly param: string;
  readonly to?: readonly ProviderDialectId[];
  readonly model?: string;
}[] = [
  { file: 'openai/chat-n2.request.json', param: 'n' },
  {
    file: 'openai/chat-url-citation.request.json',
    param: 'web_search_options',
    to: ['anthropic-messages', 'openai-responses', 'cohere-chat'],
  },
  {
    file: 'openai/chat-audio-output.request.json',
    param: 'modalities',
    to: ['anthropic-messages', 'openai-responses', 'cohere-chat'],
  },
  {
    file: 'openai/chat-err-400-other-3.request.json',
    param: 'messages[3].content[1]',
    to: ['anthropic-messages'],
  },
  {
    file: 'openai/chat-err-400-other-3.request.json',
    param: 'messages',
    to: ['openai-responses', 'cohere-chat'],
  },
  ...[
    'openai/chat-err-400-invalid-image-url',
    'anthropic/messages-image-input',
    'xai/responses-image-input',
  ].flatMap((name) =>
    ['command-a-03-2025', 'command-r-08-2024'].map((model) => ({
      file: `${name}.request.json`,
      param: 'messages',
      model,
    })),
  ),
  ...['openai/chat-stream-tool', 'anthropic/messages-parallel-tools'].map((name) => ({
    file: `${name}.request.json`,
    param: 'tool_choice',
    model: 'command-r-08-2024',
  })),
  { file: 'openai/responses-background-queued.request.json', param: 'background' },
  {
    file: 'openai/responses-web-search.request.json',
    param: 'tools',
    to: ['openai-chat', 'cohere-chat'],
  },
  { file: 'openai/responses-web-search.request.json', param: 'tools[0].type', to: ['anthropic-messages'] },
  { file: 'openai/responses-text.request.json', param: 'messages', to: ['cohere-chat'] },
  { file: 'openai/responses-text.request.json', param: 'messages', model: 'local-model' },
  { file: 'openai/responses-text.request.json', param: 'messages', model: 'openai/gpt-5.5' },
  { file: 'openai/chat-stream-tool.request.json', param: 'tool_choice', model: 'claude-sonnet-5-5' },
  {
    file: 'anthropic/messages-parallel-tools.request.json',
    param: 'tool_choice',
    model: 'claude-sonnet-5-5',
  },
];

type Face = { readonly [Id in ClientDialectId]: readonly [status: number, type: string] };

/** OpenAI's APIs have one envelope. */
function face(status: number, openai: string, anthropic: string, anthropicStatus = status): Face {
  return {
    'openai-chat': [status, openai],
    'openai-responses': [status, openai],
    'openai-completions': [status, openai],
    'anthropic-messages': [anthropicStatus, anthropic],
  };
}

const REFUSED = face(400, 'invalid_request_error', 'invalid_request_error');
const BROKEN = face(502, 'server_error', 'api_error');
/** The kinds that recordings come to, in the words of each dialect. */
const FACES: { readonly [Kind in FailureKind]?: Face } = {
  'invalid-request': REFUSED,
  'context-overflow': REFUSED,
  'content-filtered': REFUSED,
  'model-not-found': face(404, 'invalid_request_error', 'not_found_error'),
  'too-large': face(413, 'invalid_request_error', 'request_too_large'),
  'rate-limited': face(429, 'rate_limit_error', 'rate_limit_error'),
  overloaded: face(503, 'service_unavailable_error', 'overloaded_error', 529),
  'upstream-auth': face(502, 'upstream_error', 'api_error'),
  'upstream-error': BROKEN,
  'upstream-protocol': BROKEN,
};
/** Only these say in a provider's words what is wrong: the caller is to blame for them, and can mend it. */
const CALLERS: readonly FailureKind[] = [
  'invalid-request',
  'context-overflow',
  'content-filtered',
  'model-not-found',
  'too-large',
];

/** The status and the type of its kind, within 2 KB, and nothing of a provider's words about our account or its state. */
function expectSensible(failure: Failure, { file, speaks, streaming }: Recording, id: ClientDialectId): void {
  const { status, body } = dialects[id].ingress.writeFailure(failure, 'request-1');
  const expected = FACES[failure.kind]?.[id];
  expect(status).toBe(expected?.[0]);
  // A provider's own word is repeated to those who know it: OpenAI's APIs have the same words.
  if (vendorOf(speaks) !== vendorOf(id)) expect(body['error']).toMatchObject({ type: expected?.[1] });
  expect(sizeOf(body)).toBeLessThanOrEqual(2048);
  const text = JSON.stringify(body);
  if (failure.kind === 'context-overflow' && id === 'anthropic-messages')
    expect(text).toContain('prompt is too long');
  if (streaming || CALLERS.includes(failure.kind)) return;
  for (const words of sentencesIn(bodyOf(file))) expect(text).not.toContain(words);
}

function sentencesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.includes(' ') ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(sentencesIn) : [];
}

function sizeOf(body: JsonObject): number {
  return new TextEncoder().encode(JSON.stringify(body)).length;
}

function bodyOf(file: string): unknown {
  return JSON.parse(recordedStream(file));
}

function eventsOf(recording: Recording): readonly ChatEvent[] {
  const { file, streaming } = recording;
  const reader = readerOf(recording);
  return streaming
    ? readBytes(reader, [new TextEncoder().encode(recordedStream(file))])
    : reader.egress.readReply(bodyOf(file));
}

/** The dialect as the provider speaks it that was recorded, if it still does. */
function readerOf({ speaks, provider }: Recording): Pick<Speech, 'egress'> {
  const spoken = isProviderId(provider)
    ? providers[provider].speaks.find(({ dialect }) => dialect.id === speaks)
    : undefined;
  return spoken?.dialect ?? { egress: egresses[speaks] };
}

function failureOf(events: readonly ChatEvent[]): Failure | undefined {
  const last = events.at(-1);
  return last?.type === 'failure' ? last.failure : undefined;
}

const EVERY_SPLIT_BYTES_MAX = 8192;

/** Short streams are cut at every byte, long ones around the ends of their events and at random. */
function splitsOf(bytes: Uint8Array): readonly (readonly number[])[] {
  const places = Array.from(bytes, (_, place) => place);
  if (bytes.length <= EVERY_SPLIT_BYTES_MAX) return [places, ...places.map((place) => [place])];
  const ends = places.filter((place) => bytes[place] === 10 && bytes[place + 1] === 10);
  const around = ends.flatMap((end) => [-2, -1, 0, 1, 2].map((offset) => [end + offset]));
  const many = fc.array(fc.nat(bytes.length), { minLength: 1, maxLength: 20 });
  return [places, ...around, ...fc.sample(many, { numRuns: 200, seed: 1 })];
}
