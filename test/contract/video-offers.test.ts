// What every provider that makes videos promises, whichever it is.

import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VideoRequest } from '../../src/core/video.ts';
import { providers } from '../../src/providers/index.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { recordings } from '../support/fake-provider.ts';

const BASE_URL = 'https://operator.example.org/base';
const offers = Object.values<Provider>(providers).flatMap(({ id, videos }) =>
  videos === undefined ? [] : [[id, videos] as const],
);
const jobs = fc.stringMatching(/^[A-Za-z0-9][\w.:-]{0,60}$/);
const requests: fc.Arbitrary<VideoRequest> = fc.record(
  {
    model: fc.string({ minLength: 1 }),
    prompt: fc.string({ minLength: 1 }),
    seconds: fc.integer({ min: 1, max: 60 }),
    size: fc.record({ width: fc.integer({ min: 1, max: 9999 }), height: fc.integer({ min: 1, max: 9999 }) }),
  },
  { requiredKeys: ['model', 'prompt'] },
);

describe.each(offers)('the videos of %s', (id, offer) => {
  it('stay under the base URL, whatever a job is called', () => {
    fc.assert(
      fc.property(jobs, (job) => {
        const place = { baseUrl: BASE_URL };
        for (const url of [
          offer.createUrl(place),
          offer.jobs?.url(place, job),
          offer.jobs?.contentUrl?.(place, job),
        ]) {
          if (url === undefined) continue;
          expect(url.startsWith(`${BASE_URL}/`)).toBe(true);
          expect(new URL(url).href).toBe(url);
        }
      }),
    );
  });

  it('are asked for by model and prompt, and of the rest each field is sent or named', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const { body, losses } = offer.write(request);
        expect(body['model']).toBe(request.model);
        expect(JSON.stringify(body)).toContain(JSON.stringify(request.prompt));
        const bare = Object.keys(offer.write({ model: request.model, prompt: request.prompt }).body).length;
        const further = Object.keys(body).length - bare;
        for (const field of ['seconds', 'size'] as const) {
          const isNamed = losses.some((loss) => loss.field === field);
          if (request[field] === undefined) expect(isNamed).toBe(false);
          else expect(isNamed || further > 0).toBe(true);
        }
      }),
    );
  });

  it('are read out of nothing that is no job', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(['string', 'undefined']).toContain(typeof offer.readCreated(json));
        expect(['object', 'undefined']).toContain(typeof offer.jobs?.read(json, 200));
      }),
    );
  });

  it('have recordings that are read, each as the index says', () => {
    const own = recordings.filter(({ provider, api }) => provider === id && api === 'videos');
    for (const { file, status } of own) {
      const json: unknown = JSON.parse(readFileSync(`test/fixtures/${file}`, 'utf8'));
      expect(offer.jobs?.read(json, status)).toBeDefined();
    }
  });
});
