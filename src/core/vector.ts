// A vector from one written form into another. Numbers and float32 stand for each other; from signed bytes both can be
// made, though no finer than the bytes are; nothing is made coarser here, for that would be another vector.

import type { Vector, VectorEncoding } from './embeddings.ts';

/** What a reply holds in place of the vector; `undefined` when this vector cannot be written so. */
export function writeVector(
  vector: Vector,
  encoding: VectorEncoding,
): readonly number[] | string | undefined {
  switch (encoding) {
    case 'float':
      return valuesOf(vector);
    case 'base64': {
      if (vector.form === 'float32') return vector.base64;
      const values = valuesOf(vector);
      return values && writeFloat32(values);
    }
    case 'base64_int8':
      return vector.form === 'int8' ? vector.base64 : undefined;
    case 'base64_binary':
      return vector.form === 'bits' ? vector.base64 : undefined;
  }
}

function valuesOf(vector: Vector): readonly number[] | undefined {
  switch (vector.form) {
    case 'numbers':
      return vector.values;
    case 'float32':
      return readFloat32(vector.base64);
    case 'int8':
      return readInt8(vector.base64);
    case 'bits':
      return undefined;
  }
}

const FLOAT_BYTES = 4;

/** Little-endian on every machine. Throws on what is not base64 of whole floats. */
export function readFloat32(base64: string): readonly number[] {
  const bytes = Uint8Array.fromBase64(base64);
  if (bytes.byteLength % FLOAT_BYTES !== 0) throw new RangeError('not a whole number of float32');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.byteLength / FLOAT_BYTES }, (_, index) =>
    view.getFloat32(index * FLOAT_BYTES, true),
  );
}

export function writeFloat32(values: readonly number[]): string {
  const bytes = new Uint8Array(values.length * FLOAT_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setFloat32(index * FLOAT_BYTES, value, true);
  return bytes.toBase64();
}

/** The largest signed byte stands for 1, so that every value is within a float vector's usual bounds. */
const INT8_ONE = 127;

export function readInt8(base64: string): readonly number[] {
  const bytes = Uint8Array.fromBase64(base64);
  return Array.from(
    new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    (value) => value / INT8_ONE,
  );
}

/** Whole numbers from -128 to 127. */
export function writeInt8(values: readonly number[]): string {
  return new Uint8Array(Int8Array.from(values).buffer).toBase64();
}
