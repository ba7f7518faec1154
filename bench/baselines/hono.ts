// The least a JSON proxy on Hono can be: it reads the request, sends it on and returns the answer's body untouched. No
// keys, no limits, no log, no checks: what everything else costs is measured against this.

import { Hono } from 'hono';

const app = new Hono<{ Bindings: { readonly UPSTREAM: string } }>();

app.get('/health/live', (c) => c.text('ok'));
app.post('/v1/*', async (c) => {
  const request: unknown = await c.req.json();
  const reply = await fetch(c.env.UPSTREAM + c.req.path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: c.req.header('authorization') ?? '',
    },
    body: JSON.stringify(request),
  });
  return new Response(reply.body, { status: reply.status, headers: reply.headers });
});

export default app;
