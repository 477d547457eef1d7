import { createRng } from '../../../shared/core/rng.ts';
import type { Algorithm, LearningData } from '../../../shared/learn/algorithm.ts';
import { LINEAR_ALGORITHMS } from '../../../shared/learn/linear/algorithms.ts';
import { LINEAR_RECIPE } from '../../../shared/learn/linear/recipe.ts';
import { fitPreparation } from '../../../shared/prepare/preparation.ts';
import { type Bench, type BenchRow, median } from '../row.ts';
import { california } from './california.ts';
import { cpuSeconds } from './cpu-seconds.ts';
import { preparedFile } from './prepared-file.ts';
import { runPeer, setUpPeer } from './python-peer.ts';

const REPEATS = 15;
const MAX_RATIO = 3;
const MAX_DIFFERENCE = 1e-6;

export const linearFit: Bench = { name: 'linear-fit', run };

const NAMES = {
  name: 'linear-fit',
  question:
    'How long do ridge (California, 8 columns) and logistic regression (churn, fraud) take to fit on the same prepared matrix, one thread, as a multiple of scikit-learn at its defaults? The slowest of the three',
  unit: 'x scikit-learn',
  bar: '<= 3 x scikit-learn in the same run, coefficients equal to 1e-6 of scikit-learn converged to 1e-10',
};

/** Times the defaults, then converges as far as doubles go for coefficients to compare with. */
const PROGRAM = `
import base64, json, sys, time, warnings
import numpy as np, sklearn
from sklearn.linear_model import LogisticRegression, Ridge
warnings.simplefilter('ignore')
given = json.load(sys.stdin)
x = np.frombuffer(base64.b64decode(given['x']), dtype=np.float32).reshape(given['rows'], -1)
x = x.astype(np.float64)
y = np.array(given['y'])
isRidge = given['algorithm'] == 'ridge'
seconds = []
for i in range(given['repeats']):
  model = Ridge() if isRidge else LogisticRegression()
  started = time.process_time()
  model.fit(x, y)
  seconds.append(time.process_time() - started)
exact = Ridge(solver='cholesky') if isRidge else LogisticRegression(solver='newton-cg', tol=1e-10, max_iter=10000)
exact.fit(x, y)
print(json.dumps({'version': sklearn.__version__, 'seconds': seconds,
  'coefficients': [*np.ravel(exact.coef_), *np.ravel(exact.intercept_)],
  'defaultCoefficients': [*np.ravel(model.coef_), *np.ravel(model.intercept_)]}))
`;

type Peer = {
  version: string;
  seconds: number[];
  coefficients: number[];
  defaultCoefficients: number[];
};

async function run(): Promise<BenchRow> {
  const absent = setUpPeer('sklearn', 'python3-sklearn');
  if (absent) return { ...NAMES, value: Number.NaN, holds: null, detail: { absent } };
  const churn = { path: 'data/telco-churn/Telco-Customer-Churn.csv', target: 'Churn' };
  const fraud = { path: 'data/fraud/fraud_combined.csv', target: 'Class' };
  const fits = {
    'ridge, California': compare('ridge', californiaData()),
    'logistic regression, churn': compare(
      'logistic-regression',
      preparedFile(churn, LINEAR_RECIPE),
    ),
    'logistic regression, fraud': compare(
      'logistic-regression',
      preparedFile(fraud, LINEAR_RECIPE),
    ),
  };
  const value = Math.max(...Object.values(fits).map(({ ratio }) => ratio));
  const difference = Math.max(...Object.values(fits).map((fit) => fit.difference));
  const holds = value <= MAX_RATIO && difference <= MAX_DIFFERENCE;
  return { ...NAMES, value, holds, detail: fits };
}

function californiaData(): LearningData {
  const { training: table } = california();
  const given = { table, target: table.target, classes: 0, rng: createRng(1) };
  const { matrix } = fitPreparation(LINEAR_RECIPE, given);
  return { task: 'regression', matrix, target: table.target, classes: 0, weights: null };
}

function compare(name: string, data: LearningData) {
  const algorithm = LINEAR_ALGORITHMS.find((candidate) => candidate.name === name)!;
  const { matrix, target } = data;
  const peer = runPeer<Peer>(PROGRAM, {
    algorithm: name,
    x: Buffer.from(matrix.data.buffer, matrix.data.byteOffset, matrix.data.byteLength).toString(
      'base64',
    ),
    y: [...target],
    rows: matrix.rows,
    repeats: REPEATS,
  });
  const seconds = Array.from({ length: REPEATS }, () =>
    cpuSeconds(() => coefficientsOf(algorithm, data)),
  );
  const found = coefficientsOf(algorithm, data);
  return {
    ratio: median(seconds) / median(peer.seconds),
    difference: largestDifference(found, peer.coefficients),
    peerDefaultDifference: largestDifference(peer.defaultCoefficients, peer.coefficients),
    ...{ rows: matrix.rows, columns: matrix.names.length, firstFit: seconds[0] },
    ...{ seconds: median(seconds), peerSeconds: median(peer.seconds), peer: peer.version },
  };
}

/** Coefficients, then intercepts. */
function coefficientsOf(algorithm: Algorithm, data: LearningData): number[] {
  const fitted = algorithm.fit(data, algorithm.defaults, { rng: createRng(1) });
  if (fitted.type !== 'linear') throw new Error(`${algorithm.name} is not linear`);
  return [...fitted.coefficients, ...fitted.intercepts];
}

/** Relative to a coefficient above 1. */
const largestDifference = (found: number[], expected: number[]): number =>
  Math.max(
    ...expected.map((value, i) => Math.abs(found[i] - value) / Math.max(1, Math.abs(value))),
  );
