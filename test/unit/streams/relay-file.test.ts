import { describe, expect, it } from 'vitest';
import { createHangUp } from '../../../src/streams/hang-up.ts';
import { relayFile } from '../../../src/streams/relay-file.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { scriptedBody } from '../../support/scripted-body.ts';

function start(...initial: readonly string[]) {
  const body = scriptedBody(...initial);
  const clock = createManualClock();
  const hangUp = createHangUp();
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  let bytes = 0;
  const end = relayFile(body.stream, writable, {
    limits: { idleMs: 1000, contentIdleMs: Infinity, deadlineAt: Infinity, heartbeatMs: Infinity },
    ports: clock,
    hangUp,
    noteBytes: (count) => {
      bytes += count;
    },
  });
  return { body, clock, hangUp, readable, end, passed: () => bytes };
}

describe('a file', () => {
  it('arrives as it is and is counted', async () => {
    const { body, readable, end, passed } = start('ab', 'c', 'def');
    body.close();
    expect(await new Response(readable).text()).toBe('abcdef');
    expect(await end).toEqual({ kind: 'complete' });
    expect(passed()).toBe(6);
  });

  it('is read in large pieces from a stream of bytes', async () => {
    const pipe = new TransformStream<Uint8Array, Uint8Array>();
    const asked: number[] = [];
    const stream = new ReadableStream({
      type: 'bytes',
      pull: (controller) => {
        const view = controller.byobRequest?.view;
        if (asked.length === 3) controller.close();
        asked.push(view?.byteLength ?? 0);
        controller.byobRequest?.respond(asked.length > 3 ? 0 : (view?.byteLength ?? 0));
      },
    });
    const text = new Response(pipe.readable).bytes();
    const end = await relayFile(stream, pipe.writable, {
      limits: { idleMs: 1000, contentIdleMs: Infinity, deadlineAt: Infinity, heartbeatMs: Infinity },
      ports: createManualClock(),
      hangUp: createHangUp(),
      noteBytes: () => undefined,
    });
    expect(end).toEqual({ kind: 'complete' });
    expect(await text).toHaveLength(3 * 131_072);
    expect(asked.every((size) => size === 131_072)).toBe(true);
  });

  it('takes as long as it takes, as long as something comes', async () => {
    const { body, clock, readable, end } = start();
    const text = new Response(readable).text();
    for (let at = 0; at < 50; at++) {
      await clock.pass(900);
      body.push('a');
    }
    body.close();
    expect(await text).toHaveLength(50);
    expect((await end).kind).toBe('complete');
  });

  it('breaks the caller’s connection when the provider goes silent', async () => {
    const { body, clock, readable, end } = start('ab');
    const text = new Response(readable).text();
    const broken = expect(text).rejects.toThrow('no progress');
    await clock.pass(1001);
    expect(await end).toMatchObject({ kind: 'failed', failure: { kind: 'upstream-timeout' } });
    await broken;
    expect(body.cancelled()).toBe(true);
  });

  it('breaks it when the provider breaks off', async () => {
    const { body, readable, end } = start('ab');
    const broken = expect(new Response(readable).text()).rejects.toThrow('the socket broke');
    body.break();
    expect(await end).toMatchObject({ kind: 'failed', failure: { kind: 'upstream-protocol' } });
    await broken;
  });

  it('is no longer asked for when the caller hangs up, reading or silent', async () => {
    const silent = start('ab');
    await silent.clock.pass(10);
    silent.hangUp.report();
    expect(await silent.end).toEqual({ kind: 'gone' });
    expect(silent.body.cancelled()).toBe(true);

    const reading = start('ab', 'cd');
    await reading.readable.cancel();
    expect(await reading.end).toEqual({ kind: 'gone' });
    expect(reading.body.cancelled()).toBe(true);
  });

  it('is not read ahead of a caller who does not read', async () => {
    const { body, clock } = start(...Array.from({ length: 100 }, () => 'x'.repeat(1000)));
    await clock.pass(500);
    expect(body.pulled()).toBeLessThan(5000);
  });
});
