import { describe, expect, it } from 'vitest';
import { serve } from '../../../../src/providers/sandbox/serve.ts';

const BASE = 'https://sandbox.invalid/v1/videos';
const ask = (method: 'GET' | 'POST', url: string, now: number, body = '') =>
  serve({ method, url, body, now, sleep: () => Promise.resolve() });
async function begin(model: string): Promise<string> {
  const response = await ask('POST', BASE, 1000, JSON.stringify({ model, prompt: 'a cat' }));
  expect(response.status).toBe(202);
  return /vid-[\w-]+/.exec(await response.text())?.[0] ?? '';
}
const stateAt = async (job: string, now: number): Promise<unknown> =>
  (await ask('GET', `${BASE}/${job}`, now)).json();

describe('a video job of the sandbox', () => {
  it('goes on with the clock and nothing else', async () => {
    const id = await begin('echo');
    expect(await begin('echo')).toBe(id);
    expect(await stateAt(id, 1100)).toEqual({ id, status: 'pending' });
    expect(await stateAt(id, 2000)).toEqual({ id, status: 'in_progress', progress: 50 });
    expect(await stateAt(id, 3000)).toEqual({ id, status: 'completed' });
    expect(await stateAt(id, 2000)).toEqual({ id, status: 'in_progress', progress: 50 });
  });

  it('fails, stalls, takes its time or is refused as its model does in chat', async () => {
    expect(await stateAt(await begin('truncated'), 9000)).toMatchObject({ status: 'failed' });
    expect(await stateAt(await begin('stall'), 900_000)).toMatchObject({
      status: 'in_progress',
      progress: 99,
    });
    expect(await stateAt(await begin('slow'), 9000)).toMatchObject({ status: 'in_progress' });
    expect((await ask('POST', BASE, 0, '{"model":"error-503"}')).status).toBe(503);
  });

  it('has a file when it is over and not before', async () => {
    const id = await begin('echo');
    expect((await ask('GET', `${BASE}/${id}/content`, 2000)).status).toBe(404);
    const response = await ask('GET', `${BASE}/${id}/content`, 3000);
    expect(response.headers.get('content-type')).toBe('video/mp4');
    expect((await response.text()).slice(4, 12)).toBe('ftypisom');
  });

  it('is unknown by any other id', async () => {
    expect((await ask('GET', `${BASE}/job`, 0)).status).toBe(404);
    expect((await ask('GET', BASE, 0)).status).toBe(404);
  });
});
