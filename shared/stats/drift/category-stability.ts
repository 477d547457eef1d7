import { type Cell, poolSmallest } from '../tests/two-sample-chi-square.ts';
import { sumOf } from '../tests/value-runs.ts';
import { type EffectSize, type Noise, varianceOfIndex, withoutNoise } from './effect-size.ts';

/** Cells in which fewer of the smaller sample are expected are pooled, the rarest first. */
const MIN_EXPECTED = 1;
/** From this many values in a cell on, chance is that of large counts. */
const LARGE_COUNT = 200;

/**
 * Population stability index of categories with chance taken off, and an interval, however rare the categories.
 *
 * Half a count is added to each cell of both samples, so that disjoint ones have a finite index. What chance adds to a
 * cell of t values is the mean of its term where each value fell in either sample by the samples' sizes (exact for
 * small t), times a b / (t (t - 1)) over what that is on average where nothing changed: so disjoint samples have
 * nothing taken off, and of unchanged ones the rest is 0 on average, also where most categories were seen twice. Of
 * categories rarer than that the index is a lower bound.
 * @param reference counts, shape [k]
 * @param current counts, shape [k]
 * @returns null when a sample is empty, or where several categories are too rare to be more than one cell
 * Cost: O(k log k). Source: Yurdakul and Naranjo, Statistical properties of the population stability index (2020).
 */
export function categoryStability(
  reference: readonly number[],
  current: readonly number[],
  alpha = 0.05,
): EffectSize | null {
  const [n, m] = [sumOf(reference), sumOf(current)];
  if (n === 0 || m === 0) return null;
  const cells = poolSmallest(reference, current, MIN_EXPECTED);
  if (cells.length < 2 && hasSeveral(reference, current)) return null;
  const of = termsOf({ n, m, k: cells.length });
  let index = 0;
  for (const { a, b } of cells) index += of.term(a, b);
  const p = cells.map(({ a }) => of.before(a));
  const q = cells.map(({ b }) => of.now(b));
  const variance = varianceOfIndex({ p, q }, { n, m });
  const noise = noiseOf(cells, { n, m, term: of.term });
  return { name: 'psi', ...withoutNoise({ sample: index, variance }, noise, alpha) };
}

const hasSeveral = (reference: readonly number[], current: readonly number[]): boolean =>
  reference.filter((count, i) => count + current[i] > 0).length > 1;

type Term = (a: number, b: number) => number;

function termsOf({ n, m, k }: { n: number; m: number; k: number }) {
  const before = (a: number): number => (a + 0.5) / (n + 0.5 * k);
  const now = (b: number): number => (b + 0.5) / (m + 0.5 * k);
  const term: Term = (a, b) => (before(a) - now(b)) * Math.log(before(a) / now(b));
  return { before, now, term };
}

function noiseOf(
  cells: readonly Cell[],
  { n, m, term }: { n: number; m: number; term: Term },
): Noise {
  const known = new Map<number, Noise>();
  const share = n / (n + m);
  const chanceOf = (count: number): Noise => {
    const told = known.get(count) ?? chanceOfCell(count, { n, m, term });
    known.set(count, told);
    return told;
  };
  const noise = { mean: 0, variance: 0 };
  for (const { a, b } of cells) {
    const count = a + b;
    if (count < 2) continue;
    const chance = chanceOf(count);
    noise.mean += chance.mean * mixing(a, count, share);
    noise.variance += chance.variance;
  }
  // The shares of a sample add up to one.
  const freedom = (cells.length - 1) / cells.length;
  return { mean: noise.mean * freedom, variance: noise.variance * freedom };
}

/** Pairs of a cell with a value of each sample, over what they are on average where nothing changed. */
const mixing = (a: number, count: number, share: number): number =>
  (a * (count - a)) / (count * (count - 1) * share * (1 - share));

/** Mean of a cell's term where nothing changed, and variance of what is left once it is taken off. */
function chanceOfCell(count: number, { n, m, term }: { n: number; m: number; term: Term }): Noise {
  const scale = 1 / n + 1 / m;
  if (count > LARGE_COUNT) return { mean: scale, variance: 2 * scale * scale };
  const share = n / (n + m);
  const chances = new Float64Array(count + 1);
  let [logChance, mean, variance] = [count * Math.log1p(-share), 0, 0];
  for (let a = 0; a <= count; a++) {
    chances[a] = Math.exp(logChance);
    mean += chances[a] * term(a, count - a);
    logChance += Math.log((count - a) / (a + 1)) + Math.log(share) - Math.log1p(-share);
  }
  for (let a = 0; a <= count; a++)
    variance += chances[a] * (term(a, count - a) - mean * mixing(a, count, share)) ** 2;
  return { mean, variance };
}
