// The Hono app: one line per route, and one place for errors.

import { Hono, type Context } from 'hono';
import { GatewayError, type Failure } from './core/failure.ts';
import { countIngress } from './dialects/anthropic-messages/count-tokens.ts';
import { anthropicMessages } from './dialects/anthropic-messages/index.ts';
import { openaiChat } from './dialects/openai-chat/index.ts';
import { openaiCompletions } from './dialects/openai-completions/index.ts';
import { openaiResponses } from './dialects/openai-responses/index.ts';
import { clearCache, showCache } from './http/admin/cache.ts';
import { checkAddress, openCall } from './http/call.ts';
import { live, readiness } from './http/health.ts';
import { listModels, showModel } from './http/models.ts';
import { openapi } from './http/openapi.ts';
import { createRequestId } from './http/request-id.ts';
import { respond, respondFailure, respondJson, type JsonAnswer } from './http/respond.ts';
import { endCall, type Call, type Deps } from './pipeline/call.ts';
import { chat, type Reply } from './pipeline/chat.ts';
import { countTokens } from './pipeline/count-tokens.ts';
import { downloadVideo } from './pipeline/video-content.ts';
import { createVideo, showVideo } from './pipeline/videos.ts';
import { embeddings } from './pipeline/embeddings.ts';
import { images } from './pipeline/images.ts';
import type { RefusedSettings } from './pipeline/settings.ts';
import type { ClientDialect } from './dialects/dialect.ts';
import { createTimers } from './streams/timers.ts';

export type AppDeps = Deps;
export type App = Hono<World>;

type World = {
  Variables: {
    call: Call;
    /** For a request with another method: those that its path takes. */
    allowed?: string;
  };
};
type Ctx = Context<World>;
type Answer = (call: Call, deps: AppDeps, c: Ctx) => Promise<Reply>;

export function createApp(deps: AppDeps): App {
  const app = new Hono<World>();
  const answer = (to: Answer, dialect?: ClientDialect) => async (c: Ctx) => {
    const timers = createTimers(deps);
    const own = { ...deps, after: timers.after };
    const call = openCall(c.req.raw, dialect ?? dialectFor(c.req.raw), own, {
      close: timers.stop,
      defer: (work) => c.executionCtx.waitUntil(work),
    });
    // Known to `onError` from here on, whatever turns out to be wrong with the request.
    c.set('call', call);
    checkAddress(c.req.raw);
    const reply = to(call, own, c);
    // A caller who leaves before there are headers takes the request's context along, unless something holds it.
    call.defer(reply.catch(() => undefined));
    return respond(await reply, call.requestId, call.dialect.ingress);
  };

  app.post('/v1/chat/completions', answer(chat, openaiChat));
  app.post('/v1/responses', answer(chat, openaiResponses));
  app.post('/v1/messages', answer(chat, anthropicMessages));
  app.post('/v1/messages/count_tokens', answer(countTokens(countIngress), anthropicMessages));
  app.post('/v1/completions', answer(chat, openaiCompletions));
  app.post('/v1/videos', answer(createVideo, openaiChat));
  app.get(
    '/v1/videos/:id',
    answer((call, own, c) => showVideo(call, own, c.req.param('id') ?? ''), openaiChat),
  );
  app.get(
    '/v1/videos/:id/content',
    answer((call, own, c) => {
      const [id = '', variant, range] = [c.req.param('id'), c.req.query('variant'), c.req.header('range')];
      return downloadVideo(call, own, { id, variant, range });
    }, openaiChat),
  );
  app.post('/v1/embeddings', answer(embeddings, openaiChat));
  app.post('/v1/images/generations', answer(images, openaiChat));
  app.get('/v1/models', answer(listModels));
  app.get(
    '/v1/models/:id{.+}',
    answer((call, own, c) => showModel(call, own, c.req.param('id') ?? '')),
  );

  app.get('/admin/cache', answer(showCache));
  app.delete(
    '/admin/cache',
    answer((call, own, c) => clearCache(call, own, c.req.query())),
  );

  const json = (answered: JsonAnswer) => () => respondJson(answered, createRequestId(deps.newId));
  app.get('/health', json(readiness(deps.settings)));
  app.get('/health/live', json(live));
  app.get('/health/ready', json(readiness(deps.settings)));
  app.get('/openapi.json', json({ status: 200, body: openapi }));

  app.all(
    '*',
    answer((_call, _own, c) => {
      c.set('allowed', methodsAt(app, c.req.path));
      return Promise.reject(new GatewayError(c.var.allowed === '' ? NO_ROUTE : WRONG_METHOD));
    }),
  );
  app.onError((error, c) => answerError(error, c, deps));
  return app;
}

/** What a Worker with a wrong environment answers: the log names the variables, the callers learn only that. */
export function createRefusingApp(settings: RefusedSettings): App {
  const app = new Hono<World>();
  app.get('/health/live', () => respondJson(live, REFUSED_ID));
  app.get('/health', () => respondJson(readiness(settings), REFUSED_ID));
  app.get('/health/ready', () => respondJson(readiness(settings), REFUSED_ID));
  app.all('*', (c) => respondFailure(MISCONFIGURED, dialectFor(c.req.raw).ingress, REFUSED_ID));
  return app;
}

/** No log knows of these requests. */
const REFUSED_ID = 'req_misconfigured';

function answerError(error: unknown, c: Ctx, deps: AppDeps): Response {
  const { call } = c.var;
  const failure = error instanceof GatewayError ? error.failure : INTERNAL;
  if (failure === INTERNAL)
    deps.log({ level: 'error', event: 'bug', request_id: call.requestId, ...describe(error) });
  const response = respondFailure(failure, call.dialect.ingress, call.requestId);
  // https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6
  if (failure === WRONG_METHOD) response.headers.set('allow', c.var.allowed ?? '');
  call.journal.status = response.status;
  endCall(call, failure.kind === 'cancelled' ? 'gone' : 'error', deps, { failure: failure.kind });
  return response;
}

/** The methods with a route of their own at the path, as `Allow` lists them. The last route takes any. */
function methodsAt(app: App, path: string): string {
  return ['GET', 'POST', 'DELETE']
    .filter((method) => app.router.match(method, path)[0].length > 1)
    .join(', ');
}

/** Where it broke, without the message: a message may quote the prompt that it broke on. */
function describe(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: typeof error };
  return {
    error: error.name,
    stack: error.stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 8),
  };
}

/** Which dialect an answer is in where the path alone does not say. */
function dialectFor({ url, headers }: Request): ClientDialect {
  const { pathname } = new URL(url);
  if (pathname.startsWith('/v1/responses')) return openaiResponses;
  return headers.has('anthropic-version') || pathname.startsWith('/v1/messages')
    ? anthropicMessages
    : openaiChat;
}

const NO_ROUTE: Failure = {
  kind: 'route-not-found',
  message: 'there is nothing at this path; GET /openapi.json lists what there is',
};
const WRONG_METHOD: Failure = { kind: 'method-not-allowed', message: 'this path does not take this method' };
const MISCONFIGURED: Failure = {
  kind: 'unavailable',
  message: 'the gateway is not configured: GET /health/ready says what is wrong',
};
const INTERNAL: Failure = {
  kind: 'internal',
  message: 'the gateway failed; the request id says where to look',
};
