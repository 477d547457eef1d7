import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, type Rng } from '../../core/rng.ts';
import { minimise } from '../linear/linear-program.ts';
import { exponentiatedGradient } from './exponentiated-gradient.ts';
import type { WeightedLearner } from './fairness-game.ts';
import type { FairnessConstraint } from './rate-constraints.ts';

/** Rows of one level and group: how many are truly negative and positive. */
const CELLS: [level: number, group: string, negatives: number, positives: number][] = [
  [0, 'a', 30, 10],
  [1, 'a', 15, 25],
  [2, 'a', 5, 45],
  [0, 'b', 50, 10],
  [1, 'b', 20, 12],
  [2, 'b', 6, 14],
  [0, 'c', 12, 6],
  [1, 'c', 9, 9],
  [2, 'c', 4, 20],
];
const rows = CELLS.flatMap(([level, group, negatives, positives]) =>
  Array.from({ length: negatives + positives }, (_, i) => ({
    cell: `${level}${group}`,
    group,
    truth: i < positives ? 1 : 0,
  })),
);
const sample = { truth: rows.map(({ truth }) => truth), groups: rows.map(({ group }) => group) };

/** The best labels a cell: what any weighted learner strives for, found exactly. */
function cellLearner(cells: readonly string[]): WeightedLearner<ReadonlySet<string>> {
  return (labels, weights) => {
    const gains = new Map<string, number>();
    labels.forEach((label, i) => {
      const gain = label === 1 ? weights[i] : -weights[i];
      gains.set(cells[i], (gains.get(cells[i]) ?? 0) + gain);
    });
    const model = new Set([...gains].flatMap(([cell, gain]) => (gain > 0 ? [cell] : [])));
    return { model, predictions: cells.map((cell) => (model.has(cell) ? 1 : 0)) };
  };
}
const learn = cellLearner(rows.map(({ cell }) => cell));

// Least error over all randomised rules by cell: scipy.optimize.linprog 1.17.1 (HiGHS).
test.each<[FairnessConstraint, number, number]>([
  ['demographic_parity', 0.1, 0.2844725638599811],
  ['demographic_parity', 0.05, 0.2952341532639546],
  ['demographic_parity', 0.01, 0.3038434247871334],
  ['equalized_odds', 0.1, 0.27859823399558503],
  ['equalized_odds', 0.05, 0.28764532744665194],
  ['equalized_odds', 0.01, 0.3071408045977012],
])('%s within %d costs what the linear program over all rules says', (constraint, eps, error) => {
  const fair = exponentiatedGradient(sample, learn, { constraint, eps, tolerance: 1e-9 })!;
  expect(fair.error).toBeCloseTo(error, 8);
  expect(fair.violation).toBeLessThan(eps + 1e-9);
  expect(fair.gap).toBeLessThan(1e-9);
  expect(fair.models.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
});

test('an allowance that nothing exceeds leaves the plain learner as it is', () => {
  const plain = exponentiatedGradient(sample, learn, { constraint: 'equalized_odds', eps: 1 })!;
  expect(plain.models).toHaveLength(1);
  expect(plain.error).toBeCloseTo(0.25496688741721857, 12);
});

/** A threshold on a noisy score: a learner that does not see the group and cannot label as it likes. */
function thresholdLearner(scores: readonly number[]): WeightedLearner<number> {
  const order = scores.map((_, i) => i).sort((i, j) => scores[j] - scores[i]);
  return (labels, weights) => {
    let gain = 0;
    let best = { gain: 0, model: Infinity };
    order.forEach((row, at) => {
      gain += labels[row] === 1 ? weights[row] : -weights[row];
      const isLast = at + 1 === order.length || scores[order[at + 1]] !== scores[row];
      if (isLast && gain > best.gain) best = { gain, model: scores[row] };
    });
    const predictions = scores.map((score) => (score >= best.model ? 1 : 0));
    return { model: best.model, predictions };
  };
}

function draw(rng: Rng, n: number) {
  const drawn = Array.from({ length: n }, () => {
    const group = rng() < 0.6 ? 'a' : 'b';
    const truth = rng() < (group === 'a' ? 0.6 : 0.3) ? 1 : 0;
    return {
      group,
      truth,
      score: Math.round(8 * (truth + 1.5 * rng() + (group === 'a' ? 0.3 : 0))),
    };
  });
  return {
    rows: { truth: drawn.map((row) => row.truth), groups: drawn.map((row) => row.group) },
    learn: thresholdLearner(drawn.map((row) => row.score)),
  };
}

test('whatever the rows, the violation falls to what is allowed, the learner of thresholds being blind to groups', () => {
  fc.assert(
    fc.property(
      fc.nat(10_000),
      fc.constantFrom<FairnessConstraint>('demographic_parity', 'equalized_odds'),
      fc.constantFrom(0.02, 0.1),
      (seed, constraint, eps) => {
        const { rows, learn } = draw(createRng(seed), 120);
        const fair = exponentiatedGradient(rows, learn, { constraint, eps })!;
        expect(fair.violation).toBeLessThanOrEqual(eps * (2 + 2 * fair.gap) + 1e-9);
        expect(fair.violation).toBeLessThanOrEqual(eps + eps * fair.gap + 0.02);
        expect(fair.fits).toBeLessThanOrEqual(151);
      },
    ),
    { numRuns: 25 },
  );
});

test('no rows are no answer, one group has nothing to be held to', () => {
  const none = exponentiatedGradient({ truth: [], groups: [] }, cellLearner([]), {
    constraint: 'demographic_parity',
  });
  expect(none).toBeNull();
  const one = { truth: sample.truth, groups: sample.groups.map(() => 'all') };
  const fair = exponentiatedGradient(one, learn, { constraint: 'equalized_odds' })!;
  expect(fair.violation).toBe(0);
  expect(fair.models).toHaveLength(1);
});

test('a linear program is solved with its prices, from a start that is not feasible too', () => {
  // Chvatal, chapter 2: maximise 5a + 4b + 3c.
  const textbook = minimise(
    [-5, -4, -3],
    [
      [2, 3, 1],
      [4, 1, 2],
      [3, 4, 2],
    ],
    [5, 11, 8],
  )!;
  expect(textbook.value).toBeCloseTo(-13, 12);
  expect(textbook.x).toEqual([2, 0, 1]);
  expect(textbook.duals.map((dual) => Math.round(dual * 1e9) / 1e9)).toEqual([1, 0, 1]);
  // x <= 1, x + excess >= 3: the excess is 2, at 10 each.
  const repaired = minimise(
    [1, 10],
    [
      [1, 0],
      [-1, -1],
    ],
    [1, -3],
  )!;
  expect(repaired.x).toEqual([1, 2]);
  expect(minimise([-1], [], [])).toBeNull();
});
