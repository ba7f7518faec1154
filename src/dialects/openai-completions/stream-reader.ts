// A stream of completion chunks as events. Its end is `[DONE]`, or a clean end of the bytes after a `finish_reason`; without
// both the reply is cut, and a cut reply is a failure.
// https://platform.openai.com/docs/api-reference/completions/create

import type { ChatEvent } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import type { SseEvent } from '../../streams/sse.ts';
import type { StreamReader } from '../dialect.ts';
import { asObject } from '../json-access.ts';
import { protocolFailure, readError } from '../openai-error.ts';
import { errorIn } from '../openai-reply-error.ts';
import { newAssembly, takeChunk, takeEvents, takeFailure, takeFinish, type Assembly } from './assembly.ts';

export function createStreamReader(): StreamReader {
  const assembly = newAssembly();
  let isOver = false;
  return {
    read: (event) => {
      if (isOver) return NOTHING;
      isOver = takeEvent(assembly, event);
      return takeEvents(assembly);
    },
    end: () => {
      if (isOver) return NOTHING;
      isOver = true;
      if (assembly.finish === undefined)
        failProtocol(assembly, 'the stream ended without its terminal marker');
      else takeFinish(assembly);
      return takeEvents(assembly);
    },
  };
}

const NOTHING: readonly ChatEvent[] = [];

/** Whether the reply is over with it. */
function takeEvent(assembly: Assembly, { event, data }: SseEvent): boolean {
  const text = data.trim();
  if (text === '[DONE]') return takeDone(assembly);
  if (text === '') return false;
  const json = parse(text);
  if (event === 'error') return fail(assembly, json ?? text);
  const chunk = asObject(json);
  if (chunk === undefined) return failProtocol(assembly, 'the provider sent an event that is no JSON object');
  takeChunk(assembly, chunk);
  const error = errorIn(chunk);
  return error === undefined ? false : fail(assembly, error);
}

function takeDone(assembly: Assembly): boolean {
  if (assembly.finish === undefined && !assembly.hasText) {
    return failProtocol(assembly, 'the stream ended without an answer');
  }
  takeFinish(assembly);
  return true;
}

function fail(assembly: Assembly, body: unknown): true {
  const { failure, class: failed } = readError(200, body);
  takeFailure(assembly, failure, failed);
  return true;
}

function failProtocol(assembly: Assembly, message: string): true {
  takeFailure(assembly, protocolFailure(message), 'protocol');
  return true;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
