import type { ConceptSignal } from './signal.ts';

/** Buckets of one size that are kept before two become one of twice the size. */
const BUCKETS_PER_SIZE = 5;
/** Values between two looks. */
const CLOCK = 32;
const MIN_SIDE = 5;
const GRACE = 10;

type Bucket = { n: number; sum: number; squares: number };

/** State of ADWIN: the window as buckets, oldest first. Plain JSON, O(log n) long. */
export type Adwin = { seen: number; buckets: Bucket[] };

export const createAdwin = (): Adwin => ({ seen: 0, buckets: [] });

/**
 * Adaptive windowing: keeps the longest window whose older and newer part have the same mean, by a bound that
 * holds with chance 1 - delta, and tells when it had to drop the older part. In place.
 * @param value any bounded number; 0 and 1 for right and wrong
 * Cost: O(log n) a value on average. Source: Bifet and Gavalda (2007), ADWIN2; reference implementation: river (commit
 * 3aa815f) `ADWIN`, the same first detection; it then forgets the whole window, this keeps the newer part as the paper
 * does, and so may drop more of it at the next look.
 */
export function addToAdwin(state: Adwin, value: number, delta = 0.002): ConceptSignal {
  state.seen++;
  state.buckets.push({ n: 1, sum: value, squares: 0 });
  compress(state.buckets);
  if (state.seen % CLOCK !== 0 || countIn(state) < GRACE) return 'stable';
  let hasDropped = false;
  while (shouldDrop(state, delta)) {
    state.buckets.shift();
    hasDropped = true;
  }
  return hasDropped ? 'drift' : 'stable';
}

/** Mean of the window; null while it is empty. */
export function adwinMean(state: Adwin): number | null {
  const n = countIn(state);
  return n === 0 ? null : state.buckets.reduce((sum, bucket) => sum + bucket.sum, 0) / n;
}

export const countIn = ({ buckets }: Adwin): number =>
  buckets.reduce((sum, bucket) => sum + bucket.n, 0);

/** Buckets grow in powers of two towards the old end. */
function compress(buckets: Bucket[]): void {
  for (let size = 1; ; size *= 2) {
    const last = buckets.findLastIndex((bucket) => bucket.n === size);
    const first = buckets.findIndex((bucket) => bucket.n === size);
    if (first < 0 || last - first + 1 <= BUCKETS_PER_SIZE) return;
    buckets.splice(first, 2, merge(buckets[first], buckets[first + 1]));
  }
}

function merge(a: Bucket, b: Bucket): Bucket {
  const difference = a.sum / a.n - b.sum / b.n;
  return {
    n: a.n + b.n,
    sum: a.sum + b.sum,
    squares: a.squares + b.squares + (difference * difference * a.n * b.n) / (a.n + b.n),
  };
}

/** Is there a cut at which the two parts differ by more than the bound? */
function shouldDrop({ buckets }: Adwin, delta: number): boolean {
  if (buckets.length < 2) return false;
  const whole = buckets.reduce(merge);
  const variance = whole.squares / whole.n;
  const logTerm = Math.log((2 * Math.log(whole.n)) / delta);
  let n = 0;
  let sum = 0;
  for (const bucket of buckets) {
    n += bucket.n;
    sum += bucket.sum;
    const rest = whole.n - n;
    if (rest < MIN_SIDE) return false;
    if (n < MIN_SIDE) continue;
    const inverse = 1 / (n - MIN_SIDE + 1) + 1 / (rest - MIN_SIDE + 1);
    const bound = Math.sqrt(2 * inverse * variance * logTerm) + (2 / 3) * inverse * logTerm;
    if (Math.abs(sum / n - (whole.sum - sum) / rest) > bound) return true;
  }
  return false;
}
