import type { Matrix } from '../../prepare/matrix.ts';
import type { QuadraticEstimator } from '../discriminant/quadratic-estimator.ts';
import type { FittedEstimator } from '../fitted-estimator.ts';
import type { LinearEstimator } from '../linear/linear-estimator.ts';
import { type TreesEstimator, treesOfOutput } from '../trees/trees-estimator.ts';
import type { EncodedRows, Players } from './explained-trees.ts';
import { predictionsOf } from './interventional-shap.ts';
import { addTermShares, createTermCollector, type PairTerms, shareTable } from './pair-terms.ts';

/** A row against one background row. */
export type Pair = { rows: Matrix; row: number; other: number };

/** What is added up before a link, taken apart against each background row. */
export type MarginShap = {
  /** Margins of a row. */
  outputs: number;
  /** Margins of the background rows, row-major [background rows, outputs]. */
  base: Float64Array;
  /**
   * Shapley values of the margins between two rows, added to `moves`, row-major [outputs, players].
   * @returns how the players interact; null where each moves the margins by itself
   */
  addMoves(pair: Pair, moves: Float64Array): PairTerms | null;
};

/** Null where an estimator's margins are no sums over columns or over leaves. */
export function createMarginShap(
  estimator: FittedEstimator,
  background: Matrix,
  players: Players,
): MarginShap | null {
  switch (estimator.type) {
    case 'linear':
      return linearMargins(estimator, background, players);
    case 'trees':
      return treeMargins(estimator, background, players);
    case 'quadratic':
      return estimator.isDiagonal ? gaussianMargins(estimator, background, players) : null;
    default:
      return null;
  }
}

type Term = (output: number, column: number, x: number) => number;

/** Margins that are a constant and one term per column, which depends on that column alone. */
function separateMargins(
  { outputs, constants, term }: { outputs: number; constants: Float32Array; term: Term },
  background: Matrix,
  players: Players,
): MarginShap {
  const width = background.names.length;
  const base = new Float64Array(background.rows * outputs);
  for (let at = 0; at < base.length; at++) {
    const [row, k] = [Math.floor(at / outputs), at % outputs];
    base[at] = constants[k];
    for (let j = 0; j < width; j++) base[at] += term(k, j, background.data[row * width + j]);
  }
  const addMoves: MarginShap['addMoves'] = ({ rows, row, other }, moves) => {
    for (let j = 0; j < width; j++) {
      const x = rows.data[row * width + j];
      const z = background.data[other * width + j];
      if (x === z) continue;
      for (let k = 0; k < outputs; k++)
        moves[k * players.count + players.ofColumn[j]] += term(k, j, x) - term(k, j, z);
    }
    return null;
  };
  return { outputs, base, addMoves };
}

function linearMargins(
  { outputs, coefficients, intercepts }: LinearEstimator,
  background: Matrix,
  players: Players,
): MarginShap {
  const width = background.names.length;
  const term: Term = (k, j, x) => coefficients[k * width + j] * x;
  return separateMargins({ outputs, constants: intercepts, term }, background, players);
}

/** Independent Gaussians: a parabola per column. */
function gaussianMargins(
  { classes, means, whitening, constants }: QuadraticEstimator,
  background: Matrix,
  players: Players,
): MarginShap {
  const width = background.names.length;
  const term: Term = (k, j, x) =>
    -0.5 * (whitening[k * width + j] * (x - means[k * width + j])) ** 2;
  return separateMargins({ outputs: classes, constants, term }, background, players);
}

function treeMargins(estimator: TreesEstimator, background: Matrix, players: Players): MarginShap {
  const { outputs } = estimator;
  const encoded = encodedRows(background);
  const base = new Float64Array(background.rows * outputs);
  const trees = Array.from({ length: outputs }, (_, k) => ({
    ...treesOfOutput(estimator, k),
    base: estimator.base[k],
  }));
  trees.forEach((own, k) => {
    predictionsOf(own, encoded).forEach((margin, row) => {
      base[row * outputs + k] = margin;
    });
  });
  const collector = createTermCollector(trees, encoded, players);
  const shares = shareTable(players.count);
  const addMoves: MarginShap['addMoves'] = ({ rows, row, other }, moves) => {
    const terms = collector.collect(encodedRows(rows), { row, other });
    addTermShares(terms, shares, moves);
    return terms;
  };
  return { outputs, base, addMoves };
}

export const encodedRows = (matrix: Matrix): EncodedRows => ({
  ...matrix,
  width: matrix.names.length,
});
