import { expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import type { LearningData } from '../../shared/learn/algorithm.ts';
import { LINEAR_ALGORITHMS } from '../../shared/learn/linear/algorithms.ts';
import { LINEAR_RECIPE } from '../../shared/learn/linear/recipe.ts';
import type { Parameters } from '../../shared/learn/search/space.ts';
import { takeMatrixRows } from '../../shared/prepare/matrix.ts';
import { fitPreparation } from '../../shared/prepare/preparation.ts';
import { preparedFile } from '../bench/learn/prepared-file.ts';
import { californiaTable } from './california-table.ts';
import { splitReference } from './reference-data.ts';

/** Training rows of the fixed split, standardised. */
function california(rows?: number): LearningData {
  const { training: table } = splitReference('california-housing', californiaTable());
  const given = { table, target: table.target, classes: 0, rng: createRng(1) };
  const { matrix } = fitPreparation(LINEAR_RECIPE, given);
  const taken = Array.from({ length: rows ?? matrix.rows }, (_, row) => row);
  return {
    ...{ task: 'regression', classes: 0, weights: null },
    matrix: takeMatrixRows(matrix, taken),
    target: table.target.slice(0, taken.length),
  };
}

function coefficientsOf(name: string, data: LearningData, parameters: Parameters): number[] {
  const algorithm = LINEAR_ALGORITHMS.find((candidate) => candidate.name === name)!;
  const chosen = { ...algorithm.defaults, ...parameters };
  const fitted = algorithm.fit(data, chosen, { rng: createRng(1) });
  if (fitted.type !== 'linear') throw new Error(`${name} is not linear`);
  return [...fitted.coefficients, ...fitted.intercepts];
}

/** scikit-learn 1.2.1 on the same columns in double precision: coefficients, then the intercept. */
const CALIFORNIA: [string, Parameters, number[]][] = [
  [
    'ridge',
    { alpha: 1 },
    [
      0.85432679, 0.12262397, -0.29421036, 0.33900794, -0.0022822052, -0.040833015, -0.89616759,
      -0.86907074, 2.0719469,
    ],
  ],
  [
    'lasso',
    { alpha: 0.01, tol: 1e-10 },
    [
      0.80072312, 0.12704846, -0.16235498, 0.20590161, 0, -0.030592668, -0.79065253, -0.75616397,
      2.0719469,
    ],
  ],
  [
    'bayesian-ridge',
    {},
    [
      0.8542899, 0.12267475, -0.29407961, 0.33884338, -0.0022655379, -0.040835565, -0.8956702,
      -0.86856698, 2.0719469,
    ],
  ],
  [
    'poisson-regression',
    { alpha: 0.01 },
    [
      0.27681472, 0.044034998, -0.052632406, 0.086644598, 0.0068530732, -0.027909487, -0.61208903,
      -0.56655568, 0.64980172,
    ],
  ],
  [
    'gamma-regression',
    { alpha: 0.01 },
    [
      0.37422245, 0.044015638, -0.12340628, 0.15444608, 0.0023133129, -0.016957167, -0.51371172,
      -0.47979883, 0.63591321,
    ],
  ],
];

test.each(CALIFORNIA)(
  '%s of California has scikit-learn’s coefficients',
  (name, parameters, expected) => {
    const found = coefficientsOf(name, california(), parameters);
    // Columns are standardised in float32 here: some 1e-7 of each, and more where two nearly agree.
    expected.forEach((value, j) => {
      expect(Math.abs(found[j] - value)).toBeLessThan(2e-6);
    });
  },
);

test('the median of 3,000 of its rows is HiGHS’s', () => {
  const found = coefficientsOf('quantile-regression', california(3000), { alpha: 0.001 });
  const expected = [
    0.86656923, 0.069405018, -0.21880264, 0.24312048, 0.047751583, -0.025653378, -0.36755432,
    -0.43884156, 1.6590799,
  ];
  expected.forEach((value, j) => {
    expect(Math.abs(found[j] - value)).toBeLessThan(1e-5);
  });
});

const fraud = () =>
  preparedFile({ path: 'data/fraud/fraud_combined.csv', target: 'Class' }, LINEAR_RECIPE);

test.each([
  [
    'logistic-regression',
    {},
    [0.44866636, 0.18993064, -1.1598086, 1.3988134, 0.71955912],
    -4.4096919,
  ],
  [
    'lasso-logistic',
    { C: 0.1, tol: 1e-8 },
    [0.066683752, 0, -0.68367519, 1.1479534, 0.39410291],
    -3.9546227,
  ],
] as const)(
  '%s of the fraud file has scikit-learn’s coefficients',
  (name, parameters, first, intercept) => {
    const found = coefficientsOf(name, fraud(), parameters);
    first.forEach((value, j) => {
      expect(Math.abs(found[j] - value)).toBeLessThan(5e-6);
    });
    expect(Math.abs(found.at(-1)! - intercept)).toBeLessThan(5e-6);
  },
);
