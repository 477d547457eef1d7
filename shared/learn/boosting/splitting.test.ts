import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, normal, type Rng } from '../../core/rng.ts';
import { createTableBuilder } from '../../table/table-builder.ts';
import { goesLeft } from './binned-tree.ts';
import { type BinnedMatrix, binCount, binTable } from './binning.ts';
import {
  createHistogram,
  fillHistogram,
  type HistogramRows,
  removeRows,
  subtractHistogram,
} from './histogram.ts';
import { findBestSplit, type Split, type SplitOptions } from './splitting.ts';

const inputs = [
  { name: 'few', type: 'number', missing: 'impute' },
  { name: 'many', type: 'number', missing: 'impute' },
  {
    name: 'kind',
    type: 'category',
    missing: 'impute',
    categories: [{ value: 'a' }, { value: 'b' }, { value: 'c' }],
  },
] as const;

function randomProblem(seed: number, rows: number) {
  const rng = createRng(seed);
  const pick = <T>(values: readonly T[]) => values[Math.floor(rng() * values.length)];
  const builder = createTableBuilder(inputs);
  for (let i = 0; i < rows; i++) {
    builder.begin();
    builder.setNumber(0, pick([1, 2, 3, Number.NaN]));
    builder.setNumber(1, rng() < 0.1 ? Number.NaN : normal(rng));
    builder.setCategory(2, pick(['a', 'b', 'c', 'd', '']));
    builder.commit(0, 0);
  }
  const { matrix } = binTable(builder.build());
  return { matrix, gradients: randomGradients(rng, rows) };
}

const randomGradients = (rng: Rng, rows: number) =>
  Float32Array.from({ length: rows }, () => normal(rng));

const allRows = (rows: number) => Uint32Array.from({ length: rows }, (_, i) => i);

function histogramOf(matrix: BinnedMatrix, gradients: Float32Array, rows: Uint32Array) {
  const into = createHistogram(matrix);
  const scratch = new Float32Array(rows.length);
  const none = { hessians: null, hessianScratch: new Float32Array(0) };
  fillHistogram(matrix, { rows, gradients, scratch, ...none }, into);
  return into;
}

const sumOf = (gradients: Float32Array, rows: Iterable<number>) => {
  let gradient = 0;
  for (const row of rows) gradient += gradients[row];
  return gradient;
};

const sumsOf = (gradients: Float32Array, rows: Uint32Array) => ({
  gradient: sumOf(gradients, rows),
  hessian: rows.length,
  count: rows.length,
});

type Problem = { matrix: BinnedMatrix; gradients: Float32Array; rows: Uint32Array };

/** Gain of a split, by walking the rows: no histogram. Null when a side is too small. */
function gainOf(
  { matrix, gradients, rows }: Problem,
  split: Pick<Split, 'feature' | 'bin' | 'missingLeft'>,
  { minSamplesLeaf, l2 }: SplitOptions,
): number | null {
  const left = rows.filter((row) => goesLeft(matrix, split, matrix.codes[split.feature][row]));
  const rest = rows.length - left.length;
  if (Math.min(left.length, rest) < Math.max(1, minSamplesLeaf)) return null;
  const [all, ofLeft] = [sumOf(gradients, rows), sumOf(gradients, left)];
  const score = (gradient: number, count: number) => gradient ** 2 / (count + l2);
  return score(ofLeft, left.length) + score(all - ofLeft, rest) - score(all, rows.length);
}

/** The naive twin: every feature, every bin, both directions. */
function bestGainByBruteForce(problem: Problem, options: SplitOptions): number {
  let best = 0;
  problem.matrix.features.forEach((bins, feature) => {
    for (let bin = 0; bin < binCount(bins) - 1; bin++)
      for (const missingLeft of [false, true])
        best = Math.max(best, gainOf(problem, { feature, bin, missingLeft }, options) ?? 0);
  });
  return best;
}

test('the split found from a histogram gains as much as the best of all splits tried row by row', () => {
  fc.assert(
    fc.property(
      fc.nat(100_000),
      fc.integer({ min: 2, max: 120 }),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom(0, 1, 10),
      (seed, count, minSamplesLeaf, l2) => {
        const problem = randomProblem(seed, count);
        const rows = allRows(count).filter((row) => (row * 7 + seed) % 5 !== 0);
        fc.pre(rows.length > 1);
        const options = { minSamplesLeaf, l2 };
        const sums = sumsOf(problem.gradients, rows);
        const histogram = histogramOf(problem.matrix, problem.gradients, rows);
        const split = findBestSplit(problem.matrix, { histogram, sums }, options);
        const best = bestGainByBruteForce({ ...problem, rows }, options);
        if (split === null) expect(best).toBeLessThan(1e-9);
        else {
          expect(split.gain).toBeCloseTo(best, 8);
          expect(gainOf({ ...problem, rows }, split, options)).toBeCloseTo(split.gain, 8);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('the left sums of a split are those of the rows that go left', () => {
  const problem = randomProblem(3, 200);
  const rows = allRows(200);
  const sums = sumsOf(problem.gradients, rows);
  const histogram = histogramOf(problem.matrix, problem.gradients, rows);
  const split = findBestSplit(problem.matrix, { histogram, sums }, { minSamplesLeaf: 5, l2: 0 })!;
  const codes = problem.matrix.codes[split.feature];
  const left = rows.filter((row) => goesLeft(problem.matrix, split, codes[row]));
  expect(split.left.count).toBe(left.length);
  expect(split.left.gradient).toBeCloseTo(sumOf(problem.gradients, left), 8);
});

test('a sibling by subtraction is the sibling counted', () => {
  fc.assert(
    fc.property(fc.nat(10_000), (seed) => {
      const { matrix, gradients } = randomProblem(seed, 150);
      const rows = allRows(150);
      const [left, right] = [rows.filter((row) => row % 3), rows.filter((row) => row % 3 === 0)];
      const parent = histogramOf(matrix, gradients, rows);
      subtractHistogram(parent, histogramOf(matrix, gradients, left));
      const counted = histogramOf(matrix, gradients, right);
      for (let i = 0; i < counted.length; i++) expect(parent[i]).toBeCloseTo(counted[i], 9);
    }),
    { numRuns: 20 },
  );
});

test.each([false, true])(
  'rows taken out of a histogram leave those of the rest, hessians %s',
  (has) => {
    fc.assert(
      fc.property(fc.nat(10_000), (seed) => {
        const { matrix, gradients } = randomProblem(seed, 150);
        const hessians = has ? gradients.map((value) => 1 + value * value) : null;
        const room = { scratch: new Float32Array(150), hessianScratch: new Float32Array(150) };
        const count = (rows: Uint32Array) => {
          const node: HistogramRows = { rows, gradients, hessians, ...room };
          const into = createHistogram(matrix, has);
          fillHistogram(matrix, node, into);
          return { node, into };
        };
        const rows = allRows(150);
        const all = count(rows);
        removeRows(matrix, count(rows.filter((row) => row % 3 > 0)).node, all.into);
        const rest = count(rows.filter((row) => row % 3 === 0)).into;
        for (let i = 0; i < rest.length; i++) expect(all.into[i]).toBeCloseTo(rest[i], 9);
      }),
      { numRuns: 20 },
    );
  },
);

test('equal gradients have no split worth making', () => {
  const { matrix } = randomProblem(1, 100);
  const gradients = new Float32Array(100).fill(0.3);
  const rows = allRows(100);
  const sums = sumsOf(gradients, rows);
  const histogram = histogramOf(matrix, gradients, rows);
  const options = { minSamplesLeaf: 1, l2: 0 };
  expect(findBestSplit(matrix, { histogram, sums }, options)).toBeNull();
});
