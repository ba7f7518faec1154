// Watches a stream of pictures go by. An event is as large as its picture, so none is decoded: of each line only the
// beginning and the end are kept, where its type and its usage are.
// https://platform.openai.com/docs/api-reference/images-streaming

import type { ChatEvent } from '../../core/event.ts';
import type { Failure, FailureClass } from '../../core/failure.ts';
import { asString, isObject } from '../../core/json.ts';
import type { ByteReader } from '../../streams/codec.ts';
import { createLineEnds, type LineEnds } from '../../streams/line-ends.ts';
import { readUsage } from './read-reply.ts';

type ReadError = (
  status: number,
  body: unknown,
) => { readonly class: FailureClass; readonly failure: Failure };

/** `count`: how many pictures were asked for; the stream is complete with the last of them. */
export function createImageStreamReader(count: number, readError: ReadError): ByteReader {
  let completed = 0;
  let over = false;
  let name: string | undefined;

  const readLine = (line: LineEnds): readonly ChatEvent[] => {
    const [, named] = /^event: ?([\w.]+)/.exec(line.head) ?? [];
    name = named ?? name;
    if (over) return [];
    // Not before the blank line that ends the event: without it clients would not see the picture.
    if (line.head === '' && completed >= count) {
      over = true;
      return [FINISH];
    }
    if (!line.head.startsWith('data:')) return [];
    const type = /^data: ?\{[^{}]*?"type" ?: ?"([\w.]+)"/.exec(line.head)?.[1] ?? name;
    name = undefined;
    if (type?.endsWith('.partial_image') === true) return [PICTURE];
    if (type?.endsWith('.completed') === true) {
      completed += 1;
      const usage = readUsage(findUsage(line));
      return usage === undefined ? [PICTURE] : [PICTURE, { type: 'usage', usage }];
    }
    const error = readErrorLine(line, readError);
    over = error !== undefined;
    return error === undefined ? [] : [error];
  };

  const lines = createLineEnds(KEPT);
  return {
    feed: (bytes) => lines.feed(bytes).flatMap(readLine),
    end: () => {
      const last = lines.end().flatMap(readLine);
      if (over) return last;
      over = true;
      // Fewer than asked for are what the provider had.
      return [...last, completed > 0 ? FINISH : BROKEN];
    },
  };
}

/** Of each end of a line, in bytes: more than everything but the picture comes to. */
const KEPT = 4096;

/** Stands for a picture: that there is one is all that the relay must know. */
const PICTURE: ChatEvent = { type: 'opaque', block: 0, dialect: 'openai-images', content: {} };
const FINISH: ChatEvent = { type: 'finish', reason: { unified: 'stop' } };
const BROKEN: ChatEvent = {
  type: 'failure',
  class: 'protocol',
  failure: { kind: 'upstream-protocol', message: 'the stream ended before a picture was complete' },
};

function readErrorLine({ head, whole }: LineEnds, readError: ReadError): ChatEvent | undefined {
  const json = whole ? parse(head.slice('data:'.length)) : undefined;
  if (!isObject(json)) return undefined;
  const isError = isObject(json['error']) || asString(json['type']) === 'error';
  if (!isError) return undefined;
  const { class: of, failure } = readError(200, json);
  return { type: 'failure', class: of === 'local' ? 'server' : of, failure };
}

/** The object behind `"usage":`, wherever in the event it stands. */
function findUsage({ head, tail }: LineEnds): unknown {
  for (const text of [tail, head]) {
    const [, usage] = /"usage" ?: ?(\{(?:[^{}]|\{[^{}]*\})*\})/.exec(text) ?? [];
    if (usage !== undefined) return parse(usage);
  }
  return undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
