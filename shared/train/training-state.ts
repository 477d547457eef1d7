import type { Declaration } from '../contracts/declaration.ts';
import { createRng, shuffle } from '../core/rng.ts';
import type { BoostingState } from '../learn/boosting/boosting.ts';
import type { TreeOptions } from '../learn/boosting/tree-options.ts';
import type { FittedModel } from '../learn/fitted-model.ts';
import type { LinearModel } from '../learn/linear/linear-model.ts';
import type { Table } from '../table/table.ts';

/** Rows fewer than this cannot be cross-validated to any purpose. */
export const MIN_TRAINING_ROWS = 50;

/** What is fixed before the first step. */
export type TrainingPlan = {
  seed: number;
  rows: number;
  folds: number;
  objective: 'mae' | 'rmse';
  /** Fold of each row. */
  foldOf: Uint8Array;
  candidates: Candidate[];
};

/** One way to fit, compared with the others by cross-validation. */
export type Candidate =
  | { algorithm: 'ridge'; alpha: number }
  | { algorithm: 'hist-gradient-boosting'; options: TreeOptions; maxRounds: number };

/** One candidate on one fold: fitted on the other folds, in error on its own. */
export type FoldFit = {
  candidate: number;
  fold: number;
  /** Sum over the fold's rows of |error| or error^2, per round for boosting, one entry for ridge. */
  losses: number[];
  isDone: boolean;
  linear: LinearModel | null;
  boosting: BoostingState | null;
};

/** What cross-validation chose. */
export type Choice = {
  candidate: number;
  /** Trees to grow; 0 for ridge. */
  rounds: number;
  /** Out-of-fold prediction of every row. */
  outOfFold: Float32Array;
};

/** Everything between two steps, as plain data: training resumes from it in another process. */
export type TrainingState = {
  plan: TrainingPlan;
  fits: FoldFit[];
  choice: Choice | null;
  /** The chosen candidate on all rows, while its trees grow. */
  finalBoosting: BoostingState | null;
  model: FittedModel | null;
};

const RIDGE_ALPHAS = [0.1, 1, 10, 100, 1000];
const MAX_ROUNDS = 300;
const LEARNING_RATE = 0.1;
const LEAF_COUNTS = [6, 31];

/**
 * Lays out a training: folds (blocks of time where the rows are in time order, else shuffled by the
 * seed) and candidates.
 * @param table at least MIN_TRAINING_ROWS rows; oldest first where `order` is set
 */
export function planTraining(
  declaration: Pick<Declaration, 'search' | 'objective'>,
  table: Table,
  seed: number,
): TrainingState {
  if (table.rows < MIN_TRAINING_ROWS)
    throw new Error(`Broken invariant: ${table.rows} rows, ${MIN_TRAINING_ROWS} needed`);
  const { folds, algorithms } = declaration.search;
  const { rows } = table;
  const foldOf = Uint8Array.from({ length: rows }, (_, row) => Math.floor((row * folds) / rows));
  if (table.order === null) shuffle(foldOf, createRng(seed));
  const candidates = algorithms.flatMap((algorithm) =>
    algorithm === 'ridge' ? ridgeCandidates() : boostingCandidates(),
  );
  const { objective } = declaration;
  return {
    plan: { seed, rows, folds, objective, foldOf, candidates },
    fits: [],
    choice: null,
    finalBoosting: null,
    model: null,
  };
}

const ridgeCandidates = (): Candidate[] =>
  RIDGE_ALPHAS.map((alpha) => ({ algorithm: 'ridge', alpha }));

const boostingCandidates = (): Candidate[] =>
  LEAF_COUNTS.map((maxLeaves) => ({
    algorithm: 'hist-gradient-boosting',
    options: { maxLeaves, minSamplesLeaf: 20, l2: 1, learningRate: LEARNING_RATE },
    maxRounds: MAX_ROUNDS,
  }));

/** Row numbers in a fold, ascending; with `isOutside`, those not in it. */
export function foldRows(plan: TrainingPlan, fold: number, isOutside = false): Uint32Array {
  const rows = new Uint32Array(plan.rows);
  let n = 0;
  for (let row = 0; row < plan.rows; row++)
    if ((plan.foldOf[row] === fold) !== isOutside) rows[n++] = row;
  return rows.slice(0, n);
}
