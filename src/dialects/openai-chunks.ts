// How a reply of OpenAI's chats and text completions is read, whatever its chunks hold: a stream of them, or one that is
// complete.
//
// The end of a stream is `[DONE]`, or a clean end of the bytes after a `finish_reason`: some servers leave out the one,
// some the other. Without both the reply is cut, and a cut reply is a failure.
// https://platform.openai.com/docs/api-reference/chat-streaming

import type { ChatEvent, StreamFailureClass } from '../core/event.ts';
import type { Failure } from '../core/failure.ts';
import { asNumber, type Json, type JsonObject } from '../core/json.ts';
import type { SseEvent } from '../streams/sse.ts';
import type { StreamReader } from './dialect.ts';
import { asFilled, asObject } from './json-access.ts';
import { firstChoice } from './openai-choice.ts';
import { protocolFailure, readError } from './openai-error.ts';
import { errorIn } from './openai-reply-error.ts';
import { told } from './told.ts';

/** Takes chunks in and gives events out; what it holds meanwhile is its own. */
export type ChunkAssembly = {
  readonly takeChunk: (chunk: JsonObject) => void;
  /** The reply is complete. */
  readonly takeFinish: () => void;
  /** The reply has failed. */
  readonly takeFailure: (failure: Failure, failed: StreamFailureClass) => void;
  /** What the last steps came to. */
  readonly takeEvents: () => readonly ChatEvent[];
  /** A `finish_reason` has come. */
  readonly hasFinish: () => boolean;
  /** Something of an answer has come. */
  readonly hasContent: () => boolean;
};

export function createChunkReader(assembly: ChunkAssembly): Pick<StreamReader, 'read' | 'end'> {
  let isOver = false;
  return {
    read: (event) => {
      if (isOver) return NOTHING;
      isOver = takeEvent(assembly, event);
      return assembly.takeEvents();
    },
    end: () => {
      if (isOver) return NOTHING;
      isOver = true;
      if (assembly.hasFinish()) assembly.takeFinish();
      else failProtocol(assembly, 'the stream ended without its terminal marker');
      return assembly.takeEvents();
    },
  };
}

/** A JSON reply: a stream of one chunk. `json` is what came with a 2xx status, `noun` what it should have been. */
export function readWholeChunk(assembly: ChunkAssembly, json: unknown, noun: string): readonly ChatEvent[] {
  const reply = asObject(json);
  const error = reply === undefined ? undefined : (errorIn(reply) ?? bareError(reply));
  if (error !== undefined) fail(assembly, error);
  else if (reply === undefined || firstChoice(reply) === undefined) {
    failProtocol(assembly, `the provider answered with something that is no ${noun}`);
  } else {
    assembly.takeChunk(reply);
    assembly.takeFinish();
  }
  return assembly.takeEvents();
}

/** Azure's first chunk has empty ids and no choice: it holds the verdict on the prompt and starts nothing. */
export function startOf(chunk: JsonObject): Extract<ChatEvent, { type: 'start' }> | undefined {
  const id = asFilled(chunk['id']);
  if (id === undefined && firstChoice(chunk) === undefined) return undefined;
  const created = asNumber(chunk['created']) ?? 0;
  const model = asFilled(chunk['model']);
  return { type: 'start', ...told({ id, model, createdAt: created > 0 ? created : undefined }) };
}

const NOTHING: readonly ChatEvent[] = [];

/** Whether the reply is over with it. */
function takeEvent(assembly: ChunkAssembly, { event, data }: SseEvent): boolean {
  const text = data.trim();
  if (text === '[DONE]') return takeDone(assembly);
  if (text === '') return false;
  const json = parse(text);
  if (event === 'error') return fail(assembly, json ?? text);
  const chunk = asObject(json);
  if (chunk === undefined) return failProtocol(assembly, 'the provider sent an event that is no JSON object');
  assembly.takeChunk(chunk);
  const error = errorIn(chunk);
  return error === undefined ? false : fail(assembly, error);
}

function takeDone(assembly: ChunkAssembly): boolean {
  if (!assembly.hasFinish() && !assembly.hasContent()) {
    return failProtocol(assembly, 'the stream ended without an answer');
  }
  assembly.takeFinish();
  return true;
}

function fail(assembly: ChunkAssembly, body: unknown): true {
  const { failure, class: failed } = readError(200, body);
  assembly.takeFailure(failure, failed);
  return true;
}

function failProtocol(assembly: ChunkAssembly, message: string): true {
  assembly.takeFailure(protocolFailure(message), 'protocol');
  return true;
}

/** `{message}` and `{detail}` are errors where nothing else is. */
function bareError(reply: JsonObject): JsonObject | undefined {
  const isBare = reply['choices'] === undefined && (reply['message'] ?? reply['detail'] ?? null) !== null;
  return isBare ? reply : undefined;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
