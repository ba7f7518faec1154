// The sandbox's server: one request in, one response out, as over the network.

import { asString, type JsonObject } from '../../core/json.ts';
import type { LocalRequest } from '../provider.ts';
import { answer, type Answer } from './answer.ts';
import { embed } from './embed.ts';
import { behaviourOf, type Behaviour } from './models.ts';
import { readQuestion, type Question } from './question.ts';
import { serveVideos } from './videos.ts';
import { paint } from './paint.ts';
import { invalid, isRefused, refuse, type Refused } from './wire-error.ts';
import { writeContent, writeEnding, writeReply } from './wire.ts';

/** Longer than anyone waits for the next word; still an end, as every wait has one. */
const STALL_MS = 600_000;

type Answering = Extract<Behaviour, { kind: 'answer' }>;

export async function serve(request: LocalRequest): Promise<Response> {
  const video = serveVideos(request);
  if (video !== undefined) return video;
  if (request.url.endsWith('/embeddings')) return serveOther(request, embed);
  if (request.url.endsWith('/images/generations')) return serveOther(request, paint);
  if (!request.url.endsWith('/chat/completions')) {
    return refuse({ ...invalid('The sandbox has no such path.', 'url', 'unknown_url'), status: 404 });
  }
  const question = readQuestion(request.body);
  if ('refused' in question) return refuse(question.refused);
  const behaviour = behaviourOf(question.model);
  await pause(behaviour.kind === 'answer' ? behaviour.pauseMs : 0, request);
  return behaviour.kind === 'refuse' ? refuse(behaviour.error) : respond(question, behaviour, request);
}

/** What is no chat: the models that fail do so here as well, the others answer whole. */
async function serveOther(
  request: LocalRequest,
  answerTo: (asked: JsonObject) => JsonObject | Refused,
): Promise<Response> {
  const asked = JSON.parse(request.body) as JsonObject;
  const behaviour = behaviourOf(asString(asked['model']) ?? '');
  if (behaviour.kind === 'refuse') return refuse(behaviour.error);
  await pause(behaviour.pauseMs, request);
  const answered = answerTo(asked);
  return isRefused(answered) ? refuse(answered.refused) : whole(JSON.stringify(answered), behaviour, request);
}

async function respond(question: Question, behaviour: Answering, request: LocalRequest): Promise<Response> {
  const said = answer(question, behaviour.text);
  const id = await idOf(request.body);
  return question.stream
    ? stream(play(question, said, id, behaviour, request), request.signal)
    : whole(JSON.stringify(writeReply(question, said, id)), behaviour, request);
}

/** The same question has the same id, another has another. */
async function idOf(body: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body));
  return `chatcmpl-sandbox-${new Uint8Array(digest).toHex().slice(0, 24)}`;
}

async function whole(text: string, { ending }: Answering, request: LocalRequest): Promise<Response> {
  if (ending === 'stalls') await pause(STALL_MS, request);
  const sent = ending === 'breaks' ? text.slice(0, text.length / 2) : text;
  return new Response(sent, { headers: { 'content-type': 'application/json' } });
}

async function* play(
  question: Question,
  said: Answer,
  id: string,
  { pauseMs, ending }: Answering,
  request: LocalRequest,
): AsyncGenerator<string> {
  for (const event of writeContent(question, said, id)) {
    await pause(pauseMs, request);
    yield event;
  }
  if (ending === 'stalls') await pause(STALL_MS, request);
  if (ending === 'complete') yield* writeEnding(question, said, id);
}

function stream(events: AsyncGenerator<string>, signal: AbortSignal | undefined): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      signal?.throwIfAborted();
      const next = await events.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
}

/** Waits, unless the request is aborted before: then it fails as a fetch would. */
async function pause(ms: number, { sleep, signal }: LocalRequest): Promise<void> {
  if (ms === 0) return;
  signal?.throwIfAborted();
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const stop = () => resolve();
  signal?.addEventListener('abort', stop, { once: true });
  await Promise.race([sleep(ms), aborted]);
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
}
