import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readFloat32, readInt8, writeFloat32, writeInt8, writeVector } from '../../../src/core/vector.ts';

const float32 = fc.float({ noNaN: true, noDefaultInfinity: true });

describe('a vector', () => {
  it('survives base64 to the last bit of float32', () => {
    fc.assert(
      fc.property(fc.array(float32), (values) => {
        expect(readFloat32(writeFloat32(values))).toEqual(values);
      }),
    );
  });

  it('is written in little-endian, as numpy and the official clients read it', () => {
    expect(writeFloat32([1])).toBe(Buffer.from([0x00, 0x00, 0x80, 0x3f]).toString('base64'));
  });

  it('of signed bytes becomes floats from -128/127 to 1, in proportion', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -128, max: 127 })), (bytes) => {
        const values = readInt8(writeInt8(bytes));
        expect(values.map((value) => Math.round(value * 127))).toEqual(bytes);
        expect(values.every((value) => value <= 1 && value >= -128 / 127)).toBe(true);
      }),
    );
  });

  it('is the same in every encoding that can be made of it', () => {
    fc.assert(
      fc.property(fc.array(float32), (values) => {
        const base64 = writeFloat32(values);
        for (const vector of [
          { form: 'numbers', values },
          { form: 'float32', base64 },
        ] as const) {
          expect(writeVector(vector, 'float')).toEqual(values);
          expect(writeVector(vector, 'base64')).toBe(base64);
        }
      }),
    );
  });

  it('is never made coarser than it came', () => {
    expect(writeVector({ form: 'numbers', values: [0.5] }, 'base64_int8')).toBeUndefined();
    expect(writeVector({ form: 'int8', base64: 'AA==' }, 'base64_binary')).toBeUndefined();
    expect(writeVector({ form: 'bits', base64: 'AA==' }, 'float')).toBeUndefined();
  });
});
