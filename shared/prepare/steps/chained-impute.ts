import { solveCholesky } from '../../stats/linear/cholesky.ts';
import type { Matrix } from '../matrix.ts';
import { fitImpute } from './impute.ts';

/**
 * Missing values are predicted from the other columns by one linear model per column, in rounds that
 * start from the means. The rounds are part of the step (ONNX: rounds x columns
 * LinearRegressor and Where).
 */
export type ChainedImputeStep = {
  type: 'chained-impute';
  /** What gaps hold before the first round. */
  start: Float32Array;
  /** Columns that missed values, in the order in which they are filled. */
  columns: Int32Array;
  /** Row-major [columns to fill, width]; a column's own coefficient is 0. */
  coefficients: Float32Array;
  intercepts: Float32Array;
  rounds: number;
};

const RIDGE = 1e-3;
/** More wide than this, and the normal equations cost more than the rest of the training. */
const MOST_COLUMNS = 300;

/**
 * Multivariate imputation by chained equations with the models' means (MICE: van Buuren and
 * Groothuis-Oudshoorn 2011; scikit-learn 1.2's IterativeImputer with sample_posterior=False and a
 * ridge). Columns are filled from the fewest gaps to the most; the models of the last training round
 * are kept. Null where nothing is missing, or more than 300 columns are there to predict from.
 */
export function fitChainedImpute(matrix: Matrix, rounds = 5): ChainedImputeStep | null {
  const { rows, names, data } = matrix;
  const width = names.length;
  const gaps = names.map((_, j) => {
    let missing = 0;
    for (let at = j; at < rows * width; at += width) if (Number.isNaN(data[at])) missing++;
    return missing;
  });
  const columns = Int32Array.from(
    names.flatMap((_, j) => (gaps[j] > 0 && gaps[j] < rows ? [j] : [])),
  ).sort((a, b) => gaps[a] - gaps[b] || a - b);
  if (columns.length === 0 || width > MOST_COLUMNS) return null;
  const start = fitImpute(matrix, 'mean').values;
  const step: ChainedImputeStep = {
    ...{ type: 'chained-impute', start, columns, rounds },
    coefficients: new Float32Array(columns.length * width),
    intercepts: new Float32Array(columns.length),
  };
  const filled = fillStart(step, matrix);
  for (let round = 0; round < rounds; round++)
    for (let i = 0; i < columns.length; i++) {
      fitColumn(step, i, { filled, known: data, rows });
      fillColumn(step, i, { filled, known: data, rows });
    }
  return step;
}

type Filling = { filled: Float32Array; known: Float32Array; rows: number };

function fillStart({ start }: ChainedImputeStep, { data }: Matrix): Float32Array {
  return data.map((value, at) => (Number.isNaN(value) ? start[at % start.length] : value));
}

/** Fits column i's model by ridge on the rows that know it, with the other columns as filled so far. */
function fitColumn(step: ChainedImputeStep, i: number, filling: Filling): void {
  const { filled, known, rows } = filling;
  const width = step.start.length;
  const column = step.columns[i];
  const { means, count } = knownMeans(filling, column, width);
  const gram = new Float64Array(width * width);
  const cross = new Float64Array(width);
  const centred = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    const at = row * width;
    if (Number.isNaN(known[at + column])) continue;
    for (let j = 0; j < width; j++) centred[j] = j === column ? 0 : filled[at + j] - means[j];
    const wanted = filled[at + column] - means[column];
    for (let a = 0; a < width; a++) {
      cross[a] += centred[a] * wanted;
      for (let b = 0; b <= a; b++) gram[a * width + b] += centred[a] * centred[b];
    }
  }
  // In each column's own variance; a constant column gets a unit so that it has coefficient 0.
  for (let j = 0; j < width; j++) gram[j * width + j] += RIDGE * gram[j * width + j] || count || 1;
  const solved = solveCholesky(gram, cross);
  // Squares of tiny numbers vanish: a coefficient that float32 cannot hold says nothing.
  const isUsable = solved?.every((value) => Number.isFinite(Math.fround(value))) ?? false;
  const solution = solved !== null && isUsable ? solved : cross.fill(0);
  let intercept = means[column];
  for (let j = 0; j < width; j++) {
    step.coefficients[i * width + j] = solution[j];
    intercept -= Math.fround(solution[j]) * means[j];
  }
  step.intercepts[i] = intercept;
}

function knownMeans({ filled, known, rows }: Filling, column: number, width: number) {
  const means = new Float64Array(width);
  let count = 0;
  for (let at = 0; at < rows * width; at += width) {
    if (Number.isNaN(known[at + column])) continue;
    count++;
    for (let j = 0; j < width; j++) means[j] += filled[at + j];
  }
  return { means: means.map((sum) => sum / Math.max(1, count)), count };
}

/** Predicts column i where it is missing; sums in float32, column by column. */
function fillColumn(step: ChainedImputeStep, i: number, { filled, known, rows }: Filling): void {
  const { coefficients, intercepts, columns, start } = step;
  const width = start.length;
  const column = columns[i];
  for (let row = 0; row < rows; row++) {
    const at = row * width;
    if (!Number.isNaN(known[at + column])) continue;
    let sum = 0;
    for (let j = 0; j < width; j++)
      sum = Math.fround(sum + Math.fround(filled[at + j] * coefficients[i * width + j]));
    const value = Math.fround(sum + intercepts[i]);
    filled[at + column] = Number.isFinite(value) ? value : start[column];
  }
}

/** Cost: rounds x filled columns x rows x columns. Columns that missed nothing in training get their mean. */
export function applyChainedImpute(step: ChainedImputeStep, matrix: Matrix): Matrix {
  const filled = fillStart(step, matrix);
  const filling = { filled, known: matrix.data, rows: matrix.rows };
  for (let round = 0; round < step.rounds; round++)
    for (let i = 0; i < step.columns.length; i++) fillColumn(step, i, filling);
  return { ...matrix, data: filled };
}
