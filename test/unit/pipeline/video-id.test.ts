import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalPath } from '../../../src/http/canonical-path.ts';
import { readVideoId, writeVideoId, type VideoTicket } from '../../../src/pipeline/video-id.ts';
import { createSigner } from '../../../src/platform/signer.ts';

const signer = createSigner('key');
const tickets: fc.Arbitrary<VideoTicket> = fc.record(
  {
    provider: fc.constantFrom('xai', 'openrouter'),
    credential: fc.nat(9),
    model: fc.string({ unit: 'grapheme', maxLength: 256 }),
    job: fc.string({ maxLength: 2048 }),
    owner: fc.string({ maxLength: 12 }),
    createdAt: fc.nat(),
    seconds: fc.integer({ min: 1, max: 60 }),
    size: fc.record({ width: fc.nat(9999), height: fc.nat(9999) }),
  },
  { requiredKeys: ['provider', 'credential', 'model', 'job', 'owner', 'createdAt'] },
);

describe('the id of a video', () => {
  it('says again all that it was made of, and is a path that is taken as it is', () => {
    fc.assert(
      fc.property(tickets, (ticket) => {
        const id = writeVideoId(ticket, signer);
        expect(readVideoId(id, signer)).toEqual(ticket);
        expect(canonicalPath(`https://gateway.dev/v1/videos/${id}`)).toBe(`/v1/videos/${id}`);
      }),
    );
  });

  it('is nothing once a character of it is another, or its key is', () => {
    fc.assert(
      fc.property(
        tickets,
        fc.nat(),
        fc.constantFrom('A', 'B', '-', '_', '.', '='),
        (ticket, place, character) => {
          const id = writeVideoId(ticket, signer);
          const at = place % id.length;
          const altered = id.slice(0, at) + character + id.slice(at + 1);
          if (altered !== id) expect(readVideoId(altered, signer)).toBeUndefined();
          expect(readVideoId(id, createSigner('another key'))).toBeUndefined();
        },
      ),
    );
  });

  it('is never read out of anything else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `video_${text}`),
        ),
        (text) => {
          expect(readVideoId(text, signer)).toBeUndefined();
        },
      ),
    );
  });
});
