import { expect, test } from 'vitest';
import type { Trial } from '../trial.ts';
import { splitTrials } from './split-trials.ts';

const complete = (number: number, values: number[], more: Partial<Trial> = {}): Trial => ({
  ...{ number, values, parameters: {}, state: 'complete', intermediate: [], endedAfter: number },
  ...more,
});

const pruned = (number: number, step: number, value: number): Trial =>
  complete(number, [], { values: null, state: 'pruned', intermediate: [{ step, value }] });

const numbers = (trials: Trial[]): number[] => trials.map(({ number }) => number);

test('complete trials come first, then pruned ones that got furthest, then small violations', () => {
  const trials = [
    complete(0, [5]),
    pruned(1, 3, 9),
    pruned(2, 4, 9),
    pruned(3, 4, 1),
    complete(4, [1], { constraints: [2] }),
    complete(5, [9], { constraints: [0.5, -1] }),
    complete(6, [], { values: null, state: 'failed' }),
    complete(7, [], { values: null, state: 'running', endedAfter: null }),
    complete(8, [3]),
  ];
  const below = (size: number): number[] => numbers(splitTrials(trials, size, ['minimize']).below);
  expect(below(1)).toEqual([8]);
  expect(below(2)).toEqual([0, 8]);
  expect(below(3)).toEqual([0, 3, 8]);
  expect(below(5)).toEqual([0, 1, 2, 3, 8]);
  expect(below(6)).toEqual([0, 1, 2, 3, 5, 8]);
  expect(numbers(splitTrials(trials, 2, ['minimize']).above)).toEqual([1, 2, 3, 4, 5, 7]);
  expect(numbers(splitTrials(trials, 1, ['maximize']).below)).toEqual([0]);
});

test('of several objectives the same trials are good as in Optuna 5.0.0', () => {
  const two = TWO.map((values, number) => complete(number, values));
  expect(numbers(splitTrials(two, 6, ['minimize', 'minimize']).below)).toEqual([
    1, 2, 7, 9, 13, 15,
  ]);
  const three = THREE.map((values, number) => complete(number, values));
  const directions = ['minimize', 'maximize', 'minimize'] as const;
  expect(numbers(splitTrials(three, 8, directions).below)).toEqual([1, 2, 4, 5, 6, 7, 10, 15]);
});

const TWO = [
  [4.17, 7.2],
  [0.0, 3.02],
  [1.47, 0.92],
  [1.86, 3.46],
  [3.97, 5.39],
  [4.19, 6.85],
  [2.04, 8.78],
  [0.27, 6.7],
  [4.17, 5.59],
  [1.4, 1.98],
  [8.01, 9.68],
  [3.13, 6.92],
  [8.76, 8.95],
  [0.85, 0.39],
  [1.7, 8.78],
  [0.98, 4.21],
];
const THREE = [
  [9.58, 5.33, 6.92],
  [3.16, 6.87, 8.35],
  [0.18, 7.5, 9.89],
  [7.48, 2.8, 7.89],
  [1.03, 4.48, 9.09],
  [2.94, 2.88, 1.3],
  [0.19, 6.79, 2.12],
  [2.66, 4.92, 0.53],
  [5.74, 1.47, 5.89],
  [7.0, 1.02, 4.14],
  [6.94, 4.14, 0.5],
  [5.36, 6.64, 5.15],
  [9.45, 5.87, 9.03],
  [1.37, 1.39, 8.07],
  [3.98, 1.65, 9.28],
  [3.48, 7.51, 7.26],
];
