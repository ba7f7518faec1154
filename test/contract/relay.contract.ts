// What every way of relaying a reply must do. Run over both relays, in Node and in workerd.

import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../src/core/event.ts';
import { createByteReader, type StreamReader } from '../../src/streams/codec.ts';
import { createHangUp } from '../../src/streams/hang-up.ts';
import { holdUntilContent } from '../../src/streams/hold.ts';
import type { RelayContext, RelayEnd, RelaySource } from '../../src/streams/relay.ts';
import { createManualClock, settle } from '../support/manual-clock.ts';
import { scriptedBody, type ScriptedBody } from '../support/scripted-body.ts';

export type Relay = (
  source: RelaySource,
  writable: WritableStream<Uint8Array>,
  context: RelayContext,
) => Promise<RelayEnd>;

type Pipe = { readonly readable: ReadableStream<Uint8Array>; readonly writable: WritableStream<Uint8Array> };

/** A dialect of one word: every event is a text, `[END]` ends it, `[ERR]` is the provider's own failure. */
export function plainReader(): StreamReader {
  let ended = false;
  return {
    read: ({ data }): readonly ChatEvent[] => {
      if (data === '[END]') {
        ended = true;
        return [{ type: 'finish', reason: { unified: 'stop' } }];
      }
      if (data === '[ERR]')
        return [
          { type: 'failure', class: 'server', failure: { kind: 'upstream-error', message: 'it failed' } },
        ];
      return [{ type: 'text-delta', block: 0, text: data }];
    },
    end: () =>
      ended
        ? []
        : [
            {
              type: 'failure',
              class: 'protocol',
              failure: { kind: 'upstream-protocol', message: 'cut off' },
            },
          ],
  };
}

export const plainWriter = {
  write: (event: ChatEvent): string =>
    event.type === 'text-delta'
      ? `data: ${event.text}\n\n`
      : event.type === 'finish'
        ? 'data: [END]\n\n'
        : '',
};

const LIMITS = {
  idleMs: 60_000,
  contentIdleMs: 120_000,
  deadlineAt: 1_000_000 + 600_000,
  heartbeatMs: Infinity,
};
const HEARTBEAT = ': beat\n\n';
const FRAME = 'data: {"error":"frame"}\n\n';

async function start(relay: Relay, pipe: Pipe, body: ScriptedBody, options: Partial<RelayContext> = {}) {
  const clock = createManualClock();
  const noted: ChatEvent[] = [];
  const reader = createByteReader(plainReader());
  const held = await holdUntilContent(body.stream, reader);
  const hangUp = createHangUp();
  const context: RelayContext = {
    limits: LIMITS,
    ports: clock,
    hangUp,
    drainMs: 0,
    note: (event) => noted.push(event),
    heartbeat: HEARTBEAT,
    writeFailure: () => FRAME,
    ...options,
  };
  const end = relay({ held, rest: body.stream, reader }, pipe.writable, context);
  return { clock, noted, end, hangUp };
}

/** Further blank lines between two events say nothing. */
async function readAll(readable: ReadableStream<Uint8Array>): Promise<string> {
  const text = await new Response(readable).text();
  return text.replaceAll(/\n{3,}/g, '\n\n');
}

const texts = (events: readonly ChatEvent[]): string =>
  events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');

/**
 * `stoppable: false` leaves out what needs a pump that can be stopped while it waits for the provider, `beats: false`
 * what needs a hand on the caller's side while it runs.
 */
export function relayContract(
  name: string,
  relay: Relay,
  createPipe: () => Pipe,
  { stoppable = true, beats = true }: { readonly stoppable?: boolean; readonly beats?: boolean } = {},
): void {
  describe(`the relay of ${name}`, () => {
    it('gives the caller the same bytes', async () => {
      const pipe = createPipe();
      const body = scriptedBody('data: a\n\n', 'data: b\n\ndata: ', 'c\n\n', 'data: [END]\n\n');
      body.close();
      const { end, noted } = await start(relay, pipe, body);
      expect(await readAll(pipe.readable)).toBe('data: a\n\ndata: b\n\ndata: c\n\ndata: [END]\n\n');
      expect(await end).toEqual({ kind: 'complete' });
      expect(texts(noted)).toBe('abc');
    });

    it('passes each event on while the provider is still thinking about the next', async () => {
      const pipe = createPipe();
      const body = scriptedBody('data: a\n\n');
      const { end } = await start(relay, pipe, body);
      const reader = pipe.readable.getReader();
      const next = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value);
      expect(await next()).toBe('data: a\n\n');
      body.push('data: b\n\n');
      expect(await next()).toBe('data: b\n\n');
      body.push('data: [END]\n\n');
      body.close();
      expect(await next()).toBe('data: [END]\n\n');
      expect((await reader.read()).done).toBe(true);
      expect(await end).toEqual({ kind: 'complete' });
    });

    it('holds the provider back while the caller does not read', async () => {
      const pipe = createPipe();
      const body = scriptedBody(
        'data: a\n\n',
        ...Array.from({ length: 1000 }, () => `data: ${'x'.repeat(1000)}\n\n`),
      );
      const { clock } = await start(relay, pipe, body);
      await clock.pass(10_000);
      // A second of looks may each take one chunk; what must not happen is that all of it is pulled.
      expect(body.pulled()).toBeLessThan(64_000);
      await pipe.readable.cancel();
    });

    it('gives a slow caller everything, though the provider has finished long ago', async () => {
      const pipe = createPipe();
      const events = Array.from({ length: 20 }, (_, at) => `data: ${at}\n\n`);
      const body = scriptedBody(...events, 'data: [END]\n\n');
      body.close();
      const { end, clock } = await start(relay, pipe, body);
      await clock.pass(30_000);
      expect(await readAll(pipe.readable)).toBe(`${events.join('')}data: [END]\n\n`);
      expect(await end).toEqual({ kind: 'complete' });
    });

    it('sees that the caller has hung up, notes what was passed on and closes the provider', async () => {
      const pipe = createPipe();
      const body = scriptedBody('data: a\n\n');
      const { end, noted } = await start(relay, pipe, body);
      const reader = pipe.readable.getReader();
      await reader.read();
      await reader.cancel();
      body.push('data: b\n\n');
      await settle();
      body.push('data: c\n\n');
      expect(await end).toEqual({ kind: 'gone' });
      await settle();
      expect(texts(noted)).toMatch(/^a/);
      expect(body.cancelled()).toBe(true);
    });

    it.runIf(stoppable)(
      'lets go of a silent provider at once when it is told that the caller has gone',
      async () => {
        const pipe = createPipe();
        const body = scriptedBody('data: a\n\n');
        const { end, hangUp } = await start(relay, pipe, body);
        const reader = pipe.readable.getReader();
        await reader.read();
        hangUp.report();
        expect(await end).toEqual({ kind: 'gone' });
        await settle();
        expect(body.cancelled()).toBe(true);
      },
    );

    it('lets go of a caller who went before it read anything', async () => {
      const pipe = createPipe();
      const body = scriptedBody('data: a\n\n');
      const { end, hangUp, noted } = await start(relay, pipe, body);
      await settle();
      hangUp.report();
      expect(await end).toEqual({ kind: 'gone' });
      await settle();
      expect(texts(noted)).toBe('a');
      expect(body.cancelled()).toBe(true);
    });

    it('reads on after a hang-up where hanging up does not stop the bill', async () => {
      const pipe = createPipe();
      const body = scriptedBody('data: a\n\n');
      const { end, noted } = await start(relay, pipe, body, { drainMs: 25_000 });
      const reader = pipe.readable.getReader();
      await reader.read();
      await reader.cancel();
      body.push('data: b\n\n');
      await settle();
      body.push('data: c\n\n');
      await settle();
      body.push('data: [END]\n\n');
      body.close();
      expect(await end).toEqual({ kind: 'gone' });
      expect(texts(noted)).toBe('abc');
      expect(noted.at(-1)).toMatchObject({ type: 'finish' });
    });

    it('reads on after a hang-up for no longer than it was told', async () => {
      const pipe = createPipe();
      const body = scriptedBody('data: a\n\n');
      const { end, clock } = await start(relay, pipe, body, { drainMs: 25_000 });
      const reader = pipe.readable.getReader();
      await reader.read();
      await reader.cancel();
      body.push('data: b\n\n');
      await settle();
      await clock.pass(26_000);
      expect(await end).toEqual({ kind: 'gone' });
      expect(body.cancelled()).toBe(true);
    });

    it('does not take a clean end without the terminal marker for a success', async () => {
      const pipe = createPipe();
      const body = scriptedBody('data: a\n\n');
      body.close();
      const { end } = await start(relay, pipe, body);
      expect(await readAll(pipe.readable)).toBe(`data: a\n\n${FRAME}`);
      expect(await end).toMatchObject({ kind: 'failed', failure: { message: 'cut off' } });
    });

    it('tells the caller when the connection breaks in the middle', async () => {
      const pipe = createPipe();
      const body = scriptedBody('data: a\n\n');
      const { end } = await start(relay, pipe, body);
      const text = readAll(pipe.readable);
      body.push('data: b\n\n');
      await settle();
      body.break();
      expect(await text).toBe(`data: a\n\ndata: b\n\n${FRAME}`);
      expect(await end).toMatchObject({ kind: 'failed', failure: { kind: 'upstream-protocol' } });
    });

    it('tells the caller so that it is understood when the connection breaks in the middle of an event', async () => {
      const pipe = createPipe();
      const body = scriptedBody('data: a\n\n');
      const { end } = await start(relay, pipe, body);
      const text = readAll(pipe.readable);
      body.push('data: b');
      await settle();
      body.break();
      expect((await text).split('\n\n')).toContain(FRAME.trim());
      expect(await end).toMatchObject({ kind: 'failed', failure: { kind: 'upstream-protocol' } });
    });

    it.runIf(beats)(
      'gives the caller a sign of life while the provider is silent, and notices by it who has left',
      async () => {
        const pipe = createPipe();
        const body = scriptedBody('data: a\n\n');
        const { end, clock } = await start(relay, pipe, body, { limits: { ...LIMITS, heartbeatMs: 10_000 } });
        const reader = pipe.readable.getReader();
        const next = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value);
        expect(await next()).toBe('data: a\n\n');
        await clock.pass(10_000);
        expect(await next()).toBe(HEARTBEAT);
        await clock.pass(5000);
        body.push('data: b\n\n');
        expect(await next()).toBe('data: b\n\n');
        await clock.pass(10_000);
        expect(await next()).toBe(HEARTBEAT);
        await reader.cancel();
        await clock.pass(20_000);
        expect(await end).toEqual({ kind: 'gone' });
        expect(body.cancelled()).toBe(true);
      },
    );

    it.runIf(stoppable)('tells the caller when the provider goes silent', async () => {
      const pipe = createPipe();
      const body = scriptedBody('data: a\n\n');
      const { end, clock } = await start(relay, pipe, body);
      const text = readAll(pipe.readable);
      await clock.pass(58_000);
      body.push('data: b\n\n');
      await clock.pass(58_000);
      await clock.pass(5000);
      expect(await text).toBe(`data: a\n\ndata: b\n\n${FRAME}`);
      expect(await end).toMatchObject({ kind: 'failed', failure: { kind: 'upstream-timeout' } });
      expect(body.cancelled()).toBe(true);
    });

    it('does not take heartbeats for progress', async () => {
      const pipe = createPipe();
      const body = scriptedBody('data: a\n\n');
      const { end, clock } = await start(relay, pipe, body);
      const text = readAll(pipe.readable);
      for (let beat = 0; beat < 13; beat += 1) {
        body.push(': beat\n\n');
        await clock.pass(10_000);
      }
      expect(await text).toContain(FRAME);
      expect(await end).toMatchObject({ kind: 'failed', failure: { kind: 'upstream-timeout' } });
    });

    it('ends a stream that runs past the deadline', async () => {
      const pipe = createPipe();
      const body = scriptedBody('data: a\n\n');
      const { end, clock } = await start(relay, pipe, body, {
        limits: { ...LIMITS, deadlineAt: 1_000_000 + 20_000 },
      });
      const text = readAll(pipe.readable);
      for (let second = 0; second < 22; second += 1) {
        body.push('data: b\n\n');
        await clock.pass(1000);
      }
      expect(await text).toContain(FRAME);
      expect(await end).toMatchObject({ kind: 'failed', failure: { kind: 'upstream-timeout' } });
    });

    it.runIf(stoppable)(
      'is complete at the terminal marker, whatever the connection does after it',
      async () => {
        const pipe = createPipe();
        const body = scriptedBody('data: a\n\n', 'data: [END]\n\n');
        const { end, clock } = await start(relay, pipe, body);
        const text = readAll(pipe.readable);
        await clock.pass(5000);
        expect(await text).toBe('data: a\n\ndata: [END]\n\n');
        expect(await end).toEqual({ kind: 'complete' });
        expect(body.cancelled()).toBe(true);
      },
    );

    it('is complete at the terminal marker, even when the connection breaks behind it', async () => {
      const pipe = createPipe();
      const body = scriptedBody('data: a\n\n', 'data: [END]\n\n');
      const { end, clock } = await start(relay, pipe, body);
      const text = readAll(pipe.readable);
      await clock.pass(1500);
      body.break();
      expect(await text).toBe('data: a\n\ndata: [END]\n\n');
      expect(await end).toEqual({ kind: 'complete' });
    });

    it('repeats a failure of the provider in the caller’s words and ends there', async () => {
      const pipe = createPipe();
      const body = scriptedBody('data: a\n\n');
      const { end } = await start(relay, pipe, body);
      const text = readAll(pipe.readable);
      body.push('data: [ERR]\n\n');
      body.close();
      expect(await text).toContain(FRAME);
      expect(await end).toMatchObject({ kind: 'failed', failure: { message: 'it failed' } });
    });

    it('leaves no timer behind', async () => {
      const pipe = createPipe();
      const body = scriptedBody('data: a\n\n', 'data: [END]\n\n');
      body.close();
      const { end, clock } = await start(relay, pipe, body);
      await readAll(pipe.readable);
      await end;
      expect(clock.pending()).toBe(0);
    });
  });
}
