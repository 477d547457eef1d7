import { toTreeEnsemble } from '../learn/boosting/binned-tree.ts';
import { binTable } from '../learn/boosting/binning.ts';
import {
  type BoostingData,
  type BoostingState,
  boost,
  startBoosting,
} from '../learn/boosting/boosting.ts';
import type { Table } from '../table/table.ts';
import type { Candidate, FoldFit, TrainingState } from './training-state.ts';
import { foldRows } from './training-state.ts';

/** Rounds without improvement after which a candidate's first fold stops. */
const PATIENCE_ROUNDS = 30;

type BoostingCandidate = Extract<Candidate, { algorithm: 'hist-gradient-boosting' }>;

/**
 * Grows up to `rounds` more trees of one candidate on one fold. The first fold stops when its loss
 * has not improved for 30 rounds; the others grow as many trees as it did, so that losses can be
 * averaged round by round. Bins are cut on all rows: they know nothing of the target.
 */
export function advanceBoostingFold(
  state: TrainingState,
  table: Table,
  step: { candidate: number; fold: number; rounds: number },
): void {
  const { plan } = state;
  const candidate = boostingCandidate(state, step.candidate);
  const data: BoostingData = {
    matrix: binTable(table).matrix,
    target: table.target,
    train: foldRows(plan, step.fold, true),
    validation: foldRows(plan, step.fold),
  };
  const fit = openFit(state, step, data);
  const limit = roundLimit(state, step.candidate, candidate);
  const todo = Math.min(step.rounds, limit - fit.losses.length);
  const onRound = (boosting: BoostingState) => {
    fit.losses.push(validationLoss(plan.objective, data, boosting));
    fit.isDone =
      fit.losses.length === limit || (step.fold === 0 && hasStalled(fit.losses, PATIENCE_ROUNDS));
    return fit.isDone;
  };
  boost(fit.boosting!, data, { rounds: todo, tree: candidate.options, onRound });
  // Only the trees are asked for again.
  if (fit.isDone) fit.boosting!.scores = new Float32Array(0);
}

function openFit(
  state: TrainingState,
  { candidate, fold }: { candidate: number; fold: number },
  data: BoostingData,
): FoldFit {
  const open = state.fits.find((fit) => fit.candidate === candidate && fit.fold === fold);
  if (open) return open;
  const boosting = startBoosting(data);
  const fit = { candidate, fold, losses: [], isDone: false, linear: null, boosting };
  state.fits.push(fit);
  return fit;
}

function roundLimit(state: TrainingState, index: number, candidate: BoostingCandidate): number {
  const first = state.fits.find((fit) => fit.candidate === index && fit.fold === 0);
  return first?.isDone ? first.losses.length : candidate.maxRounds;
}

function validationLoss(
  objective: 'mae' | 'rmse',
  { target, validation }: BoostingData,
  { base, scores }: BoostingState,
): number {
  let sum = 0;
  for (const row of validation) {
    const error = target[row] - base - scores[row];
    sum += objective === 'mae' ? Math.abs(error) : error * error;
  }
  return sum;
}

function hasStalled(losses: readonly number[], patience: number): boolean {
  const best = losses.indexOf(Math.min(...losses));
  return losses.length - 1 - best >= patience;
}

/** Grows up to `rounds` more trees of the chosen candidate on all rows; the last makes the model. */
export function growFinalTrees(state: TrainingState, table: Table, rounds: number): void {
  const { candidate: index, rounds: total } = state.choice!;
  const { options } = boostingCandidate(state, index);
  const { matrix, encoding } = binTable(table);
  const train = Uint32Array.from({ length: table.rows }, (_, row) => row);
  const data = { matrix, target: table.target, train, validation: new Uint32Array(0) };
  const boosting = state.finalBoosting ?? startBoosting(data);
  state.finalBoosting = boosting;
  const todo = Math.min(rounds, total - boosting.forest.trees);
  boost(boosting, data, { rounds: todo, tree: options });
  if (boosting.forest.trees < total) return;
  state.model = toTreeEnsemble(boosting.forest, { matrix, encoding, base: boosting.base });
  state.finalBoosting = null;
}

function boostingCandidate(state: TrainingState, index: number): BoostingCandidate {
  const candidate = state.plan.candidates[index];
  if (candidate.algorithm === 'hist-gradient-boosting') return candidate;
  throw new Error(`Broken invariant: candidate ${index} is no boosting`);
}
