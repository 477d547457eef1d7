const DOUBLE = new Float64Array(1);
const HALVES = new Uint32Array(DOUBLE.buffer);

/** Two independent 32-bit hashes of a number's bits; -0 hashes as 0. Read them before the next call. */
export const NUMBER_HASH = { high: 0, low: 0 };

/**
 * Hashes a float64 into `NUMBER_HASH`: both halves of its bits through the finaliser of MurmurHash3 (Appleby),
 * each mixed with the other, so that numbers that differ in few bits differ in many.
 */
export function hashNumber(value: number): void {
  DOUBLE[0] = value + 0;
  const a = mix(HALVES[0] ^ Math.imul(HALVES[1], 0x9e3779b1));
  const b = mix(HALVES[1] ^ Math.imul(a, 0x85ebca77));
  NUMBER_HASH.high = b >>> 0;
  NUMBER_HASH.low = mix(a ^ Math.imul(b, 0xc2b2ae3d)) >>> 0;
}

function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
