import { type Rng, shuffle } from '../../core/rng.ts';
import type { Matrix } from '../../prepare/matrix.ts';
import { bestColumns } from '../../prepare/selection.ts';
import { applySelect, type SelectStep, selectColumns } from '../../prepare/steps/select.ts';
import { binomialSurvival } from '../../stats/distributions/binomial.ts';
import type { Algorithm, LearningData } from '../algorithm.ts';
import type { FittedEstimator } from '../fitted-estimator.ts';
import type { ColumnImportances } from './importances.ts';

/** A way to choose columns by what models make of them all together. */
export type ModelSelection = {
  /** Whose models, with their defaults, judge the columns. */
  algorithm: Algorithm;
  importancesOf(estimator: FittedEstimator, data: LearningData): ColumnImportances;
  rng: Rng;
};

/** The best `keep` columns by one model's importances (scikit-learn 1.2's SelectFromModel). */
export function selectByImportance(
  data: LearningData,
  keep: number,
  selection: ModelSelection,
): SelectStep {
  return selectColumns(bestColumns(importances(data, selection), clamped(data, keep)));
}

/**
 * Recursive feature elimination (Guyon, Weston, Barnhill and Vapnik 2002; scikit-learn 1.2's RFE): fits,
 * drops the least important `dropShare` of the columns (one at least), and again until `keep` are left.
 */
export function eliminateColumns(
  data: LearningData,
  { keep, dropShare }: { keep: number; dropShare: number },
  selection: ModelSelection,
): SelectStep {
  const wanted = clamped(data, keep);
  let columns = data.matrix.names.map((_, column) => column);
  while (columns.length > wanted) {
    const current = { ...data, matrix: applySelect(selectColumns(columns), data.matrix) };
    const drop = Math.max(1, Math.floor(dropShare * columns.length));
    const left = Math.max(wanted, columns.length - drop);
    columns = bestColumns(importances(current, selection), left).map((at) => columns[at]);
  }
  return selectColumns(columns);
}

const clamped = ({ matrix }: LearningData, keep: number): number =>
  Math.min(matrix.names.length, Math.max(1, keep));

function importances(data: LearningData, { algorithm, importancesOf, rng }: ModelSelection) {
  return importancesOf(algorithm.fit(data, algorithm.defaults, { rng }), data);
}

/** What Boruta decided: columns that matter, and those that it could not tell. */
export type BorutaVerdict = { confirmed: number[]; tentative: number[] };

/**
 * Boruta (Kursa and Rudnicki 2010): each round adds a shuffled shadow of every undecided column; a column
 * scores where it is more important than the best shadow. After each round a column is confirmed, or
 * rejected and left out, when its score is more, or less, than a coin's at `alpha`, by the binomial
 * tail with Bonferroni's correction over columns.
 */
export function boruta(
  data: LearningData,
  { rounds, alpha }: { rounds: number; alpha: number },
  selection: ModelSelection,
): BorutaVerdict {
  const width = data.matrix.names.length;
  const hits = new Uint32Array(width);
  const confirmed = new Set<number>();
  let open = data.matrix.names.map((_, column) => column);
  for (let round = 1; round <= rounds && open.length > 0; round++) {
    const columns = [...confirmed, ...open];
    const shadowed = withShadows(applySelect(selectColumns(columns), data.matrix), selection.rng);
    const scores = importances({ ...data, matrix: shadowed }, selection);
    const bestShadow = Math.max(...scores.subarray(columns.length));
    columns.forEach((column, at) => {
      if (scores[at] > bestShadow) hits[column]++;
    });
    const isUnlikely = (successes: number) =>
      binomialSurvival(successes - 1, { trials: round, probability: 0.5 }) < alpha / width;
    for (const column of open) if (isUnlikely(hits[column])) confirmed.add(column);
    open = open.filter((c) => !confirmed.has(c) && !isUnlikely(round - hits[c]));
  }
  return { confirmed: [...confirmed].sort((a, b) => a - b), tentative: open };
}

/** The columns, then each of them again with its rows in another order. */
function withShadows(matrix: Matrix, rng: Rng): Matrix {
  const { rows, names, data } = matrix;
  const width = names.length;
  const into = new Float32Array(rows * width * 2);
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  for (let j = 0; j < width; j++) {
    shuffle(order, rng);
    for (let row = 0; row < rows; row++) {
      into[row * 2 * width + j] = data[row * width + j];
      into[row * 2 * width + width + j] = data[order[row] * width + j];
    }
  }
  const shadows = names.map((name) => `shadow of ${name}`);
  return { rows, names: [...names, ...shadows], data: into, categories: [] };
}
