// The isolate's memory: bounded, and what has to go goes in order.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Priority } from '../../../src/cache/entry.ts';
import { createMemory } from '../../../src/cache/memory.ts';
import { entry } from '../../support/entries.ts';

const MB = 1_048_576;
const limits = { maxBytes: 4 * MB, thresholdBytes: 6 * MB, emergencyBytes: 8 * MB };
const sized = (key: string, size: number, priority: Priority = 3) => entry({ key, size, priority });

describe('memory', () => {
  it('never keeps more than its bytes, whatever is put and read', () => {
    const step = fc.record({
      key: fc.nat(20),
      size: fc.integer({ min: 1, max: 2 * MB }),
      read: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const memory = createMemory(limits, () => 0);
        for (const { key, size, read } of steps) {
          if (read) memory.get(String(key));
          else memory.put(sized(String(key), size));
        }
        const { bytes, entries } = memory.report();
        expect(bytes).toBeLessThanOrEqual(limits.maxBytes);
        expect(entries).toBeLessThanOrEqual(21);
      }),
    );
  });

  it('lets go of the longest unread first', () => {
    const memory = createMemory(limits, () => 0);
    for (const key of ['a', 'b', 'c', 'd']) memory.put(sized(key, MB));
    memory.get('a');
    memory.put(sized('e', MB));
    expect(['a', 'b', 'c', 'd', 'e'].filter((key) => memory.get(key) !== undefined)).toEqual([
      'a',
      'c',
      'd',
      'e',
    ]);
  });

  it('lets go of the less important before the longer unread', () => {
    const memory = createMemory(limits, () => 0);
    memory.put(sized('old and dear', MB, 5));
    for (const key of ['b', 'c', 'd', 'e']) memory.put(sized(key, MB, 1));
    expect(memory.get('old and dear')).toBeDefined();
    expect(memory.get('b')).toBeUndefined();
  });

  it('does without half of it when replies under way need the room, and without nearly all in an emergency', () => {
    const memory = createMemory(limits, () => 0);
    for (const key of ['a', 'b', 'c', 'd']) memory.put(sized(key, MB));
    const hold = memory.hold();
    hold?.add(2 * MB);
    expect(memory.report()).toMatchObject({ bytes: 2 * MB, heldBytes: 2 * MB });
    hold?.add(6 * MB);
    expect(memory.report()).toMatchObject({ bytes: MB, pressure: 'emergency' });
    expect(memory.hold()).toBeUndefined();
    hold?.release();
    expect(memory.report()).toMatchObject({ heldBytes: 0, pressure: 'normal' });
    expect(memory.hold()).toBeDefined();
  });

  it('counts what nobody has let go of, and does not wait for it for ever', () => {
    let now = 0;
    const memory = createMemory(limits, () => now);
    memory.hold()?.add(MB);
    memory.hold();
    now = 3_600_001;
    expect(memory.report()).toMatchObject({ heldBytes: 0, leaked: 1 });
  });
});
