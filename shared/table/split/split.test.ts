import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { groupKFold, kFold, repeatedStratifiedKFold, stratifiedKFold } from './k-fold.ts';
import { describeSplitError, splitsOfFolds } from './split.ts';
import { timeSeriesSplit } from './time-series-split.ts';
import {
  groupShuffleSplit,
  shuffleSplit,
  stratifiedShuffleSplit,
  timeSplit,
} from './train-test-split.ts';

const made = <T>(result: { ok: true; value: T } | { ok: false }): T => {
  if (!result.ok) throw new Error('expected a split');
  return result.value;
};
const classes = fc.array(fc.nat(3), { minLength: 10, maxLength: 80 });
const seeds = fc.integer({ min: 0, max: 1e6 });
const countOf = (values: ArrayLike<number>, wanted: number) =>
  Array.from(values).filter((value) => value === wanted).length;

test('folds without shuffling are those of scikit-learn 1.2.1', () => {
  expect([...made(kFold(11, { nSplits: 4, rng: null }))]).toEqual([
    0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3,
  ]);
  const y = [1, 0, 1, 1, 2, 0, 0, 1, 0, 2, 0, 0, 0, 2, 1, 0, 0];
  expect([...made(stratifiedKFold(y, { nSplits: 3, rng: null }))]).toEqual([
    0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2,
  ]);
  const groups = [5, 5, 5, 5, 1, 1, 1, 7, 7, 2, 9, 9, 9, 9, 9, 3];
  expect([...made(groupKFold(groups, 3))]).toEqual([
    1, 1, 1, 1, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 1,
  ]);
  const order = Array.from({ length: 12 }, (_, i) => i);
  const options = { nSplits: 3, gapRows: 1, testRows: 2, mostTrainingRows: 4 };
  expect(
    made(timeSeriesSplit(order, options)).map(({ training, test }) => [...training, ...test]),
  ).toEqual([
    [1, 2, 3, 4, 6, 7],
    [3, 4, 5, 6, 8, 9],
    [5, 6, 7, 8, 10, 11],
  ]);
});

test('every fold and both parts of a stratified split hold each class in its share', () => {
  fc.assert(
    fc.property(classes, seeds, (codes, seed) => {
      const rng = createRng(seed);
      const folds = made(stratifiedKFold(codes, { nSplits: 3, rng }));
      const { training, test } = made(stratifiedShuffleSplit(codes, { testSize: 0.2, rng }));
      for (const wanted of new Set(codes)) {
        const rows = countOf(codes, wanted);
        for (const fold of splitsOfFolds(folds, 3)) {
          const held = Array.from(fold.test, (row) => codes[row]);
          expect(Math.abs(countOf(held, wanted) - rows / 3)).toBeLessThan(1);
        }
        const tested = countOf(
          Array.from(test, (row) => codes[row]),
          wanted,
        );
        const share = Math.ceil(codes.length * 0.2) / codes.length;
        expect(Math.abs(tested - rows * share)).toBeLessThan(1 + 1e-9);
        expect(tested).toBeLessThan(rows);
      }
      expect([...training, ...test].sort((a, b) => a - b)).toEqual(codes.map((_, row) => row));
    }),
  );
});

test('no group is on both sides', () => {
  fc.assert(
    fc.property(classes, seeds, (groups, seed) => {
      fc.pre(new Set(groups).size > 2);
      const one = made(groupShuffleSplit(groups, { testSize: 0.3, rng: createRng(seed) }));
      for (const { training, test } of [one, ...splitsOfFolds(made(groupKFold(groups, 3)), 3)]) {
        const learnt = new Set(Array.from(training, (row) => groups[row]));
        expect(Array.from(test).some((row) => learnt.has(groups[row]))).toBe(false);
        expect(test.length).toBeGreaterThan(0);
      }
    }),
  );
});

test('by time, nothing learnt from is newer than what is judged on', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { minLength: 8, maxLength: 50 }), (order) => {
      const splits = made(timeSeriesSplit(order, { nSplits: 3 }));
      for (const { training, test } of [...splits, made(timeSplit(order, { testSize: 0.25 }))]) {
        const newest = Math.max(...Array.from(training, (row) => order[row]));
        expect(Math.min(...Array.from(test, (row) => order[row]))).toBeGreaterThanOrEqual(newest);
      }
    }),
  );
});

test('the seed decides, and repeats differ', () => {
  const codes = Array.from({ length: 40 }, (_, row) => row % 2);
  const repeats = (seed: number) =>
    made(repeatedStratifiedKFold(codes, { nSplits: 2, nRepeats: 5, rng: createRng(seed) }));
  expect(repeats(1)).toEqual(repeats(1));
  expect(new Set(repeats(1).map(String)).size).toBe(5);
  expect(repeats(1)).not.toEqual(repeats(2));
  const part = (seed: number) => made(shuffleSplit(40, { testSize: 0.25, rng: createRng(seed) }));
  expect(part(1).test.length).toBe(10);
  expect([part(1), part(1)]).not.toEqual([part(1), part(2)]);
});

test('too few rows, groups or rows of each class is an answer', () => {
  const told = [
    kFold(3, { nSplits: 5, rng: null }),
    stratifiedKFold([0, 1, 2, 2], { nSplits: 3, rng: null }),
    groupKFold([1, 1, 1], 2),
    shuffleSplit(1, { testSize: 0.5, rng: createRng(1) }),
  ].map((result) => (result.ok ? '' : describeSplitError(result.error)));
  expect(told).toEqual([
    'A split needs 5 rows, found 3.',
    'A split needs 3 rows of a class, found 2.',
    'A split needs 2 groups, found 1.',
    'A split needs 2 rows, found 1.',
  ]);
});
