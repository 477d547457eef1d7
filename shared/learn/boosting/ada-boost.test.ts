import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import type { LearningData } from '../algorithm.ts';
import type { Parameters } from '../search/space.ts';
import { TREE_DEFAULTS } from '../trees/tree-parameters.ts';
import { scoreTrees } from '../trees/trees-estimator.ts';
import { fitAdaBoost } from './ada-boost.ts';

/** Numbers that float32 holds exactly, so that any language makes the same. */
function goldenData(task: 'binary' | 'multiclass'): LearningData {
  const i = Array.from({ length: 120 }, (_, row) => row);
  const x0 = i.map((row) => (((row * 37) % 101) - 50) / 8);
  const x1 = i.map((row) => ((row * 53) % 97) / 8);
  const y = i.map((row) => (x0[row] > 1 ? 4 : 0) + x1[row] / 2 + ((row * 29) % 23) / 16);
  const data = Float32Array.from(i.flatMap((row) => [x0[row], x1[row]]));
  const matrix = { rows: 120, names: ['x0', 'x1'], data, categories: [] };
  const codeOf = (value: number) =>
    task === 'binary' ? +(value > 5) : +(value >= 4) + +(value >= 7);
  const classes = task === 'binary' ? 2 : 3;
  return { task, matrix, target: Float64Array.from(y, codeOf), classes, weights: null };
}

const PARAMETERS = { ...TREE_DEFAULTS, nEstimators: 12, learningRate: 0.7, algorithm: 'SAMME.R' };
const answers = (data: LearningData, parameters: Parameters) =>
  scoreTrees(
    fitAdaBoost(data, { ...PARAMETERS, ...parameters }, { rng: createRng(1) }),
    data.matrix,
  );

/** scikit-learn 1.2.1, AdaBoostClassifier over DecisionTreeClassifier, its first probabilities. */
const GOLDEN: [string, 'binary' | 'multiclass', number, number[]][] = [
  ['SAMME.R', 'binary', 1, [0.8860035, 0.1139965, 0.7768217, 0.2231783, 0.4079966, 0.5920034]],
  [
    'SAMME.R',
    'multiclass',
    1,
    [0.7295606, 0.270226, 0.0002133743, 0.6722972, 0.3206062, 0.007096598],
  ],
  ['SAMME.R', 'binary', 2, [1, 4.123146e-12, 0.9999988, 1.197607e-6, 6.584261e-6, 0.9999934]],
  ['SAMME', 'binary', 1, [0.6720098, 0.3279902, 0.6243305, 0.3756695, 0.4895402, 0.5104598]],
  ['SAMME', 'multiclass', 1, [0.3749188, 0.3449905, 0.2800906, 0.3474913, 0.3316223, 0.3208864]],
  ['SAMME', 'binary', 2, [0.6767084, 0.3232916, 0.654858, 0.345142, 0.3857939, 0.6142061]],
];

test.each(GOLDEN)('%s of a %s with trees of depth %i answers as scikit-learn', (...given) => {
  const [algorithm, task, maxDepth, golden] = given;
  const predictions = answers(goldenData(task), { algorithm, maxDepth });
  golden.forEach((value, i) => {
    expect(predictions[i]).toBeCloseTo(value, 4);
  });
});

test('a tree without an error ends it', () => {
  const data = goldenData('binary');
  const target = data.target.map((_, row) => (data.matrix.data[2 * row] > 0 ? 1 : 0));
  for (const algorithm of ['SAMME', 'SAMME.R']) {
    const parameters = { ...PARAMETERS, algorithm, maxDepth: 1 };
    const model = fitAdaBoost({ ...data, target }, parameters, { rng: createRng(1) });
    expect(model.roots).toHaveLength(1);
    const predictions = scoreTrees(model, data.matrix);
    target.forEach((code, row) => {
      expect(predictions[2 * row + 1] > 0.5).toBe(code === 1);
    });
  }
});

test('a target that no input tells of is answered all the same', () => {
  const data = goldenData('binary');
  const blank = { ...data, matrix: { ...data.matrix, data: new Float32Array(240) } };
  for (const algorithm of ['SAMME', 'SAMME.R'])
    expect(answers(blank, { algorithm, maxDepth: 1 }).every(Number.isFinite)).toBe(true);
});
