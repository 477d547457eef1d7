import { expect, test } from 'vitest';
import { createStudy } from '../study.ts';
import type { Direction } from '../trial.ts';
import { bracketBudgets } from './hyperband.ts';
import type { PrunerOptions } from './pruner.ts';
import { signedRankAbove } from './wilcoxon.ts';

/* Twelve noisy learning curves, and the step at which each pruner of Optuna 5.0.0 ended each. */
const CURVES = [
  [0.979, 0.945, 0.846, 0.815, 0.678, 0.612, 0.571, 0.492, 0.595],
  [1.068, 0.92, 0.87, 0.883, 0.766, 0.66, 0.641, 0.679, 0.616],
  [0.876, 0.759, 0.709, 0.699, 0.483, 0.471, 0.428, 0.319, 0.37],
  [0.973, 0.937, 0.775, 0.629, 0.688, 0.595, 0.491, 0.52, 0.496],
  [1.172, 1.073, 0.86, 0.888, 0.897, 0.846, 0.824, 0.797, 0.791],
  [1.161, 1.115, 0.881, 0.873, 0.752, 0.858, 0.837, 0.732, 0.807],
  [0.798, 0.695, 0.597, 0.464, 0.485, 0.517, 0.334, 0.402, 0.325],
  [0.961, 0.753, 0.664, 0.59, 0.516, 0.391, 0.496, 0.329, 0.386],
  [0.826, 0.609, 0.559, 0.539, 0.425, 0.338, 0.203, 0.271, 0.266],
  [0.964, 0.797, 0.766, 0.646, 0.615, 0.612, 0.5, 0.5, 0.599],
  [0.828, 0.575, 0.537, 0.498, 0.477, 0.38, 0.311, 0.273, 0.317],
  [1.013, 0.828, 0.745, 0.662, 0.665, 0.551, 0.575, 0.565, 0.523],
];

function endsOf(pruner: PrunerOptions, direction: Direction = 'minimize'): (number | null)[] {
  const sign = direction === 'minimize' ? 1 : -1;
  const space = { x: { type: 'float', low: 0, high: 1 } } as const;
  const sampler = { type: 'random' } as const;
  const study = createStudy({ space, directions: [direction], sampler, pruner, seed: 0 });
  return CURVES.map((curve) => {
    const { number } = study.ask();
    const at = curve.findIndex((value, i) =>
      study.report(number, { step: i + 1, value: sign * value }),
    );
    const mean = curve.reduce((sum, value) => sum + value, 0) / curve.length;
    study.tell(number, at < 0 ? { values: [sign * mean] } : { state: 'pruned' });
    return at < 0 ? null : at + 1;
  });
}

const _ = null;

test.each<[string, PrunerOptions, (number | null)[]]>([
  ['median', { type: 'median' }, [_, _, _, _, _, 1, _, _, _, 3, _, 1]],
  [
    'percentile',
    { type: 'percentile', percentile: 25, startupTrials: 2, warmupSteps: 2, intervalSteps: 2 },
    [_, _, _, 2, 2, 2, _, 2, _, 2, _, 2],
  ],
  [
    'halving',
    { type: 'successive-halving', leastSteps: 1, reductionFactor: 2 },
    [_, 1, _, 2, 1, 1, 8, _, _, 2, _, 1],
  ],
  [
    'halving after some',
    { type: 'successive-halving', leastSteps: 1, reductionFactor: 3, bootstrapTrials: 2 },
    [1, 1, 3, 1, 1, 1, 3, 1, 9, 1, 9, 1],
  ],
  [
    'patient',
    { type: 'patient', patience: 1, leastImprovement: 0.01 },
    [_, _, _, _, 5, 7, 6, _, 9, _, _, 8],
  ],
  [
    'patient median',
    { type: 'patient', patience: 1, wrapped: { type: 'median', startupTrials: 1 } },
    [_, _, _, _, 5, 7, _, _, _, _, _, 8],
  ],
  ['wilcoxon', { type: 'wilcoxon' }, [_, 5, _, 5, 4, 4, _, 4, _, 4, _, 4]],
])('the %s pruner ends the trials that Optuna’s ends, at the same step', (_name, pruner, ends) => {
  expect(endsOf(pruner)).toEqual(ends);
});

test('without a first rung told, halving takes a hundredth of the first complete trial', () => {
  const ends = endsOf({ type: 'successive-halving' });
  expect(ends[0]).toBe(null);
  expect(ends).toEqual(endsOf({ type: 'successive-halving', leastSteps: 1 }).with(0, null));
});

test('a direction turned round prunes the same trials', () => {
  expect(endsOf({ type: 'median' }, 'maximize')).toEqual(endsOf({ type: 'median' }));
});

test('Hyperband’s brackets have Optuna’s budgets', () => {
  expect(bracketBudgets(9, 3)).toEqual([9, 5, 3]);
  expect(bracketBudgets(100, 3)).toEqual([81, 34, 15, 8, 5]);
});

test('Hyperband starts most trials in the bracket of the shortest first rung', () => {
  const firstEnds = endsOf({ type: 'hyperband', leastSteps: 1, mostSteps: 9 });
  const ended = firstEnds.filter((end) => end !== null);
  expect(ended.length).toBeGreaterThan(3);
  expect(ended.every((end) => [1, 3, 9].includes(end))).toBe(true);
});

test('a report that is no number ends the trial under halving, and a percentile with no other', () => {
  const space = { x: { type: 'float', low: 0, high: 1 } } as const;
  const pruner = { type: 'successive-halving', leastSteps: 1 } as const;
  const sampler = { type: 'random' } as const;
  const study = createStudy({ space, directions: ['minimize'], sampler, pruner, seed: 0 });
  expect(study.report(study.ask().number, { step: 1, value: Number.NaN })).toBe(true);
});

test('the signed-rank tail is scipy’s 1.17.1', () => {
  expect(signedRankAbove([0.3, -0.1, 0.5, 0.2, 0.9])).toBeCloseTo(0.0625, 12);
  expect(signedRankAbove([0.3, -0.1, 0, 0.2, 0.2, -0.4, 0.7])).toBeCloseTo(0.1875, 12);
  expect(signedRankAbove([0, 0, 0])).toBe(1);
});
