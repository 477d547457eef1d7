import { ModelProblem } from './tensor.ts';

/** A field's value: a varint, or the bytes of anything longer. */
export type FieldValue = number | Uint8Array;

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/**
 * Calls `onField` for each field of a protobuf message, in the order of the file. Written here
 * because a browser that runs a small model should not download a reader of all of protobuf; the
 * files are written and rewritten with protobuf-es, which judges this in the tests.
 * @throws ModelProblem for bytes that are no message
 */
export function readFields(
  bytes: Uint8Array,
  onField: (field: number, value: FieldValue) => void,
): void {
  const cursor = { bytes, at: 0 };
  while (cursor.at < bytes.length) {
    const tag = readVarint(cursor);
    onField(Math.floor(tag / 8), readValue(cursor, tag % 8));
  }
}

type Cursor = { bytes: Uint8Array; at: number };

function readValue(cursor: Cursor, wireType: number): FieldValue {
  switch (wireType) {
    case VARINT:
      return readVarint(cursor);
    case FIXED64:
      return take(cursor, 8);
    case BYTES:
      return take(cursor, readVarint(cursor));
    case FIXED32:
      return take(cursor, 4);
    default:
      throw new ModelProblem('invalid_model', `not an ONNX file: wire type ${wireType}`);
  }
}

function take(cursor: Cursor, length: number): Uint8Array {
  const end = cursor.at + length;
  if (length < 0 || end > cursor.bytes.length) throw cutShort();
  const bytes = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end;
  return bytes;
}

const cutShort = () => new ModelProblem('invalid_model', 'not an ONNX file: it is cut short');

/** A 64-bit integer as a number: exact up to 2^53, two's complement. */
function readVarint(cursor: Cursor): number {
  let low = readGroup(cursor, 4);
  if (cursor.bytes[cursor.at - 1] < 0x80) return low;
  const middle = readGroup(cursor, 4);
  if (cursor.bytes[cursor.at - 1] >= 0x80) {
    const high = (readGroup(cursor, 2) << 24) >> 24;
    low += (high * 2 ** 28 + middle) * 2 ** 28;
  } else low += middle * 2 ** 28;
  return low;
}

/** Seven bits a byte, up to `most` bytes or the last. */
function readGroup(cursor: Cursor, most: number): number {
  let value = 0;
  for (let i = 0; i < most; i++) {
    if (cursor.at >= cursor.bytes.length) throw cutShort();
    const byte = cursor.bytes[cursor.at++];
    value |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) break;
  }
  return value;
}

/** Integers that follow each other without tags. */
export function readPackedVarints(bytes: Uint8Array): Float64Array {
  let count = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] < 0x80) count++;
  const numbers = new Float64Array(count);
  const cursor = { bytes, at: 0 };
  for (let i = 0; i < count; i++) numbers[i] = readVarint(cursor);
  if (cursor.at < bytes.length) throw cutShort();
  return numbers;
}

/** Floats that follow each other, little-endian as every engine we run on. */
export const readFloats = (bytes: Uint8Array): Float32Array =>
  new Float32Array(new Uint8Array(bytes).buffer, 0, bytes.length >> 2);

/** UTF-8 to text; the ES library has no TextDecoder. @throws ModelProblem for other bytes */
export function readText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte >= 0x80) return readWideText(bytes);
    text += String.fromCharCode(byte);
  }
  return text;
}

function readWideText(bytes: Uint8Array): string {
  let escaped = '';
  for (const byte of bytes) escaped += `%${byte.toString(16).padStart(2, '0')}`;
  try {
    return decodeURIComponent(escaped);
  } catch {
    throw new ModelProblem('invalid_model', 'not an ONNX file: a text is not UTF-8');
  }
}
