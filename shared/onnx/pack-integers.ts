/** Bits of a varint's byte that are the number's. */
const STEP = 128;

/**
 * Integers as protobuf packs them, the length of it in front: the payload of a repeated int64 field.
 * @param values whole numbers; negative ones take ten bytes, as there
 */
export function packIntegers(values: ArrayLike<number>): Uint8Array {
  let size = 0;
  for (let i = 0; i < values.length; i++) size += sizeOf(values[i]);
  const bytes = new Uint8Array(sizeOf(size) + size);
  let at = writeVarint(bytes, 0, size);
  for (let i = 0; i < values.length; i++) at = writeVarint(bytes, at, values[i]);
  return bytes;
}

function sizeOf(value: number): number {
  if (value < 0) return 10;
  let size = 1;
  for (let rest = value; rest >= STEP; rest = Math.floor(rest / STEP)) size++;
  return size;
}

/** @returns where the next one goes */
function writeVarint(into: Uint8Array, from: number, value: number): number {
  let at = from;
  if (value < 0) {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 128n; rest >>= 7n) into[at++] = Number(rest & 127n) | STEP;
    into[at++] = Number(rest);
    return at;
  }
  let rest = value;
  for (; rest >= STEP; rest = Math.floor(rest / STEP)) into[at++] = (rest % STEP) + STEP;
  into[at++] = rest;
  return at;
}
