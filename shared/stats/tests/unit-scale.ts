/** Values within these bounds can be squared and summed without overflow. */
const LARGEST = 1e100;
const SMALLEST = 1e-100;

/**
 * A power of two that brings the largest finite value of the samples to about 1, where squares of the values as they
 * are would overflow or vanish; else 1. Multiplying by it rounds nothing.
 */
export function unitScale(...samples: readonly ArrayLike<number>[]): number {
  const largest = Math.max(...samples.map(largestOf));
  if (largest === 0 || (largest >= SMALLEST && largest <= LARGEST)) return 1;
  return 2 ** -Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest))));
}

function largestOf(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size > largest && size < Infinity) largest = size;
  }
  return largest;
}
