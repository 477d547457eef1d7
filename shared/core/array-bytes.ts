import { fail, ok, type Result } from './result.ts';

/** The typed arrays that data may hold, by the mark they have in the header. */
const ARRAY_TYPES = {
  u8: Uint8Array,
  i16: Int16Array,
  i32: Int32Array,
  u32: Uint32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;
type ArrayMark = keyof typeof ARRAY_TYPES;
type DataArray = InstanceType<(typeof ARRAY_TYPES)[ArrayMark]>;

const LENGTH_BYTES = 4;

/**
 * Plain data with typed arrays in it as bytes: the length of a JSON header, the header in ASCII, then
 * the arrays that it names by offset. Numbers in arrays survive exactly, others as JSON has them (no
 * NaN, no infinities); the arrays are little-endian.
 * @param format names what the data is; bytes of another format are refused when read
 */
export function encodeArrays(format: string, data: unknown): Uint8Array<ArrayBuffer> {
  const arrays: DataArray[] = [];
  let size = 0;
  const header = JSON.stringify({ format, data }, (_, value) => {
    const mark = markOf(value);
    if (mark === null) return value;
    const reference = { $array: mark, at: size, length: value.length };
    arrays.push(value);
    size += value.byteLength;
    return reference;
  }).replace(/[\u007f-\uffff]/g, escaped);
  const bytes = new Uint8Array(LENGTH_BYTES + header.length + size);
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  for (let i = 0; i < header.length; i++) bytes[LENGTH_BYTES + i] = header.charCodeAt(i);
  let at = LENGTH_BYTES + header.length;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  return bytes;
}

const escaped = (symbol: string): string =>
  `\\u${symbol.charCodeAt(0).toString(16).padStart(4, '0')}`;

function markOf(value: unknown): ArrayMark | null {
  for (const [mark, type] of Object.entries(ARRAY_TYPES))
    if (value instanceof type) return mark as ArrayMark;
  return null;
}

export type InvalidBytes = { reason: 'invalid_bytes'; detail: string };

/** The data again, with arrays of its own; bytes of another format are refused. */
export function decodeArrays(format: string, bytes: Uint8Array): Result<unknown, InvalidBytes> {
  const invalid = (detail: string) => fail({ reason: 'invalid_bytes' as const, detail });
  if (bytes.length < LENGTH_BYTES) return invalid(`${bytes.length} bytes hold no header`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const start = LENGTH_BYTES + length;
  if (start > bytes.length) return invalid(`${bytes.length} bytes, ${start} expected at least`);
  const header = asciiText(bytes.subarray(LENGTH_BYTES, start));
  const found = /^\{"format":"([\w.-]{1,40})"/.exec(header)?.[1];
  if (found !== format) return invalid(`bytes of ${found ?? 'no known format'}, not of ${format}`);
  if (!isJson(header)) return invalid('the header is damaged');
  let needed = bytes.length;
  const { data } = JSON.parse(header, (_, value) => {
    const type = ARRAY_TYPES[value?.$array as ArrayMark];
    if (type === undefined) return value;
    const from = start + value.at;
    const to = from + value.length * type.BYTES_PER_ELEMENT;
    if (!(from >= start && to >= from)) return null;
    needed = Math.max(needed, to);
    if (to > bytes.length) return null;
    const array = new type(value.length);
    new Uint8Array(array.buffer).set(bytes.subarray(from, to));
    return array;
  }) as { data: unknown };
  if (needed > bytes.length) return invalid(`${bytes.length} bytes, ${needed} expected`);
  return ok(data);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const PIECE = 8192;

function asciiText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE)
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return text;
}
