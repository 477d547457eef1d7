import type { Parameters, SearchSpace } from '../../../shared/learn/search/space.ts';

/** A function to minimise; conformance/README.md says which. */
export type SearchFunction = { space: SearchSpace; value: (parameters: Parameters) => number };

const cube = (dimensions: number, low: number, high: number): SearchSpace =>
  Object.fromEntries(
    Array.from({ length: dimensions }, (_, i) => [`x${i}`, { type: 'float', low, high } as const]),
  );

const coordinates = (parameters: Parameters): number[] =>
  Object.keys(parameters)
    .sort()
    .map((name) => Number(parameters[name]));

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const onCube = (space: SearchSpace, f: (x: number[]) => number): SearchFunction => ({
  space,
  value: (parameters) => f(coordinates(parameters)),
});

function rosenbrock(x: number[]): number {
  return sum(x.slice(1).map((next, i) => 100 * (next - x[i] ** 2) ** 2 + (1 - x[i]) ** 2));
}

function ackley(x: number[]): number {
  const mean = (values: number[]): number => sum(values) / x.length;
  const distance = Math.sqrt(mean(x.map((v) => v * v)));
  const waves = mean(x.map((v) => Math.cos(2 * Math.PI * v)));
  return -20 * Math.exp(-0.2 * distance) - Math.exp(waves) + 20 + Math.E;
}

function branin([x, y]: number[]): number {
  const curve = y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6;
  return curve ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
}

const HARTMANN_A = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const HARTMANN_P = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];
const HARTMANN_ALPHA = [1, 1.2, 3, 3.2];

function hartmann(x: number[]): number {
  const far = (peak: number): number =>
    sum(x.map((v, j) => HARTMANN_A[peak][j] * (v - HARTMANN_P[peak][j]) ** 2));
  return -sum(HARTMANN_ALPHA.map((height, peak) => height * Math.exp(-far(peak))));
}

const svm = { when: { parameter: 'kind', in: ['svm'] } };
const forest = { when: { parameter: 'kind', in: ['forest'] } };
const linear = { when: { parameter: 'kind', in: ['linear'] } };

const MIXED_SPACE: SearchSpace = {
  kind: { type: 'categorical', choices: ['svm', 'forest', 'linear'] },
  C: { type: 'float', low: 1e-3, high: 1e3, log: true, ...svm },
  gamma: { type: 'float', low: 1e-4, high: 10, log: true, ...svm },
  kernel: { type: 'categorical', choices: ['rbf', 'poly', 'sigmoid'], ...svm },
  depth: { type: 'int', low: 1, high: 20, ...forest },
  leaf: { type: 'float', low: 1e-4, high: 1, log: true, ...forest },
  boot: { type: 'categorical', choices: [true, false], ...forest },
  trees: { type: 'int', low: 10, high: 200, step: 10, ...forest },
  alpha: { type: 'float', low: 1e-6, high: 10, log: true, ...linear },
  penalty: { type: 'categorical', choices: ['l1', 'l2'], ...linear },
};

const KERNEL_LOSS: Record<string, number> = { rbf: 0, poly: 0.1, sigmoid: 0.3 };

function mixed(p: Parameters): number {
  const log = (name: string): number => Math.log10(Number(p[name]));
  if (p.kind === 'svm')
    return (
      0.15 +
      0.05 * (log('C') - 1) ** 2 +
      0.05 * (log('gamma') + 2) ** 2 +
      KERNEL_LOSS[String(p.kernel)]
    );
  if (p.kind === 'linear')
    return 0.3 + 0.02 * (log('alpha') + 3) ** 2 + (p.penalty === 'l2' ? 0 : 0.05);
  const size = 0.0005 * Math.abs(Number(p.trees) - 120) + (p.boot === true ? 0 : 0.1);
  return (0.01 * (Number(p.depth) - 7) ** 2) / 4 + 0.1 * (log('leaf') + 2) ** 2 + size;
}

/** The functions of conformance/hpo-optuna.json, by its names. */
export const SEARCH_FUNCTIONS: Record<string, SearchFunction> = {
  sphere5: onCube(cube(5, -5, 5), (x) => sum(x.map((v) => v * v))),
  rosenbrock5: onCube(cube(5, -5, 10), rosenbrock),
  ackley5: onCube(cube(5, -32.768, 32.768), ackley),
  branin: onCube(
    { x: { type: 'float', low: -5, high: 10 }, y: { type: 'float', low: 0, high: 15 } },
    branin,
  ),
  hartmann6: onCube(cube(6, 0, 1), hartmann),
  mixed: { space: MIXED_SPACE, value: mixed },
};
