/** A number outside typed arrays, and what an object or a slot costs at least, in V8. */
const WORD_BYTES = 8;

/**
 * What plain data takes in memory, about: typed arrays exactly, the rest by its numbers, characters
 * and fields. Arrays that are there twice count twice. Cost: fields, not elements of typed arrays.
 */
export function bytesOf(data: unknown): number {
  if (typeof data === 'string') return WORD_BYTES + data.length;
  if (typeof data !== 'object' || data === null) return WORD_BYTES;
  if (ArrayBuffer.isView(data)) return WORD_BYTES + data.byteLength;
  return Object.values(data).reduce((sum: number, value) => sum + bytesOf(value), WORD_BYTES);
}
