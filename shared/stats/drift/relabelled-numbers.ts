import type { Rng } from '../../core/rng.ts';
import { dealCounts } from '../resample/deal.ts';
import { unitScale } from '../tests/unit-scale.ts';
import { type PlacedCounts, sumOf, valueRuns } from '../tests/value-runs.ts';
import type { DistanceTest } from './relabelled-counts.ts';
import { energyOfCounts, wassersteinOfCounts } from './sample-distance.ts';

export type NumberDistances = { wasserstein: DistanceTest; ed: DistanceTest };

/**
 * Wasserstein and energy distance of two samples with their p by relabelling, both from the same divisions of the
 * values: sorted once, then dealt in order. Of more than 2,000 distinct values neighbours are dealt together, in blocks
 * of at most 1/64 of the values between them and the nearer end: p is that of the distance over blocks, of the seen
 * division too, so it holds its level; extreme values stand alone.
 * @returns null where a sample is empty
 * Cost: two sorts, and `permutations` deals of some thousand blocks.
 */
export function relabelledNumbers(
  reference: Float64Array,
  current: Float64Array,
  { permutations, rng }: { permutations: number; rng: Rng },
): NumberDistances | null {
  const scale = unitScale(reference, current);
  const scaled = (values: Float64Array): Float64Array =>
    scale === 1 ? values : values.map((value) => value * scale);
  const runs = valueRuns(scaled(reference), scaled(current));
  const [distance, energy] = [wassersteinOfCounts(runs), energyOfCounts(runs)];
  if (distance === null || energy === null) return null;
  const blocks = blocksOf(runs);
  const [size, total] = [sumOf(blocks.first), sumOf(blocks.pooled)];
  const dealt = Float64Array.from(blocks.first);
  const seen = areasOf(blocks, { dealt, size, total });
  let [moved, energetic] = [1, 1];
  for (let i = 0; i < permutations; i++) {
    dealCounts(blocks.pooled, { size, total, rng }, dealt);
    const areas = areasOf(blocks, { dealt, size, total });
    if (areas.plain >= seen.plain * (1 - 1e-12)) moved++;
    if (areas.squared >= seen.squared * (1 - 1e-12)) energetic++;
  }
  const pOf = (atLeast: number): number => atLeast / (1 + permutations);
  return {
    wasserstein: { statistic: distance / scale, pValue: pOf(moved) },
    ed: { statistic: energy / Math.sqrt(scale), pValue: pOf(energetic) },
  };
}

/** Up to so many distinct values each is a block. */
const ALONE_UP_TO = 2000;
/** Blocks hold at most this share of the distinct values between them and the nearer end. */
const SHARE = 1 / 64;

/** Neighbouring values together: counts, and the way within a block and from it to the next. */
type Blocks = {
  pooled: Float64Array;
  first: Float64Array;
  within: Float64Array;
  after: Float64Array;
};

function blocksOf({ values, a, b }: PlacedCounts): Blocks {
  const starts: number[] = [];
  const k = values.length;
  for (let at = 0; at < k; ) {
    starts.push(at);
    const fromEnd = at < k / 2 ? at : Math.max(0, (k - at) / (1 + SHARE));
    at += k <= ALONE_UP_TO ? 1 : Math.max(1, Math.floor(fromEnd * SHARE));
  }
  const count = starts.length;
  const blocks = {
    pooled: new Float64Array(count),
    first: new Float64Array(count),
    within: new Float64Array(count),
    after: new Float64Array(count),
  };
  starts.forEach((start, block) => {
    const end = block + 1 < count ? starts[block + 1] : k;
    for (let i = start; i < end; i++) {
      blocks.pooled[block] += a[i] + b[i];
      blocks.first[block] += a[i];
    }
    blocks.within[block] = values[end - 1] - values[start];
    blocks.after[block] = end < k ? values[end] - values[end - 1] : 0;
  });
  return blocks;
}

/** The area between both distribution functions and that of its square, straight within a block. */
function areasOf(
  { pooled, within, after }: Blocks,
  { dealt, size, total }: { dealt: Float64Array; size: number; total: number },
): { plain: number; squared: number } {
  const others = total - size;
  let [plain, squared, inFirst, inBoth, last] = [0, 0, 0, 0, 0];
  for (let i = 0; i < dealt.length; i++) {
    inFirst += dealt[i];
    inBoth += pooled[i];
    const gap = Math.abs(inFirst / size - (inBoth - inFirst) / others);
    plain += gap * after[i] + ((gap + last) / 2) * within[i];
    squared += gap * gap * after[i] + ((gap * gap + last * last) / 2) * within[i];
    last = gap;
  }
  return { plain, squared };
}
