import type { Rng } from '../../../core/rng.ts';
import { DIRECTION_SEEDS } from './direction-seeds.ts';

const BITS = 30;
const SCALE = 2 ** -BITS;

/** Dimensions there are direction numbers for. */
export const MOST_DIMENSIONS = DIRECTION_SEEDS.length + 1;

/** Point `index` of the sequence, each coordinate in [0, 1). */
export type SobolSequence = (index: number) => Float64Array;

/**
 * The Sobol sequence in Gray-code order. Any 2^m points from a multiple of 2^m on are a
 * (t, m, s)-net in base 2.
 * @param rng scrambles it (a random lower triangular matrix and a digital shift for each
 * dimension, Matousek 1998), which keeps the net and makes each point uniform; null: as it is,
 * point 0 at the origin
 * Cost: a point O(30 dimensions). Indices below 2^30.
 * Source: Sobol (1967); directions of Joe and Kuo (2008). Reference implementation:
 * scipy.stats.qmc.Sobol 1.17.1, whose unscrambled points these are.
 */
export function createSobolSequence(dimensions: number, rng: Rng | null): SobolSequence {
  if (dimensions > MOST_DIMENSIONS)
    throw new Error(`Sobol has ${MOST_DIMENSIONS} dimensions, not ${dimensions}`);
  const directions = Array.from({ length: dimensions }, (_, d) => {
    const plain = directionsOf(d);
    return rng === null ? plain : scrambled(plain, rng);
  });
  const shifts = directions.map(() => (rng === null ? 0 : Math.floor(rng() * 2 ** BITS)));
  return (index) => {
    const gray = index ^ (index >>> 1);
    return Float64Array.from(directions, (numbers, d) => {
      let bits = shifts[d];
      for (let i = 0; i < BITS; i++) if ((gray >>> i) & 1) bits ^= numbers[i];
      return bits * SCALE;
    });
  };
}

/** Direction numbers of a dimension, most significant bit first. */
function directionsOf(dimension: number): Uint32Array {
  const numbers = new Uint32Array(BITS);
  if (dimension === 0) return numbers.map((_, i) => 1 << (BITS - 1 - i));
  const { degree, coefficients, first } = DIRECTION_SEEDS[dimension - 1];
  for (let i = 0; i < BITS; i++) {
    if (i < degree) {
      numbers[i] = first[i] << (BITS - 1 - i);
      continue;
    }
    numbers[i] = numbers[i - degree] ^ (numbers[i - degree] >>> degree);
    for (let k = 1; k < degree; k++)
      if ((coefficients >>> (degree - 1 - k)) & 1) numbers[i] ^= numbers[i - k];
  }
  return numbers;
}

/** Multiplies by a random lower triangular matrix with ones on its diagonal, bit by bit. */
function scrambled(numbers: Uint32Array, rng: Rng): Uint32Array {
  const rows = Uint32Array.from({ length: BITS }, (_, row) => {
    const own = 1 << (BITS - 1 - row);
    const above = Math.floor(rng() * 2 ** row) << (BITS - row);
    return own | above;
  });
  return numbers.map((number) => {
    let product = 0;
    for (let row = 0; row < BITS; row++) product |= parity(rows[row] & number) << (BITS - 1 - row);
    return product;
  });
}

function parity(bits: number): number {
  let x = bits;
  for (let shift = 16; shift > 0; shift >>= 1) x ^= x >>> shift;
  return x & 1;
}
