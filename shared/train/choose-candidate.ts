import { addTreeScores } from '../learn/boosting/binned-tree.ts';
import { binTable } from '../learn/boosting/binning.ts';
import { predictLinear } from '../learn/linear/linear-model.ts';
import type { Table } from '../table/table.ts';
import { type Choice, foldRows, type TrainingState } from './training-state.ts';

/**
 * Takes the candidate (and, for boosting, the number of rounds) with the least loss over all folds
 * together, keeps its out-of-fold predictions and drops the fold models. Ties go to the candidate
 * that comes first: ridge before boosting, and few trees before many.
 */
export function chooseCandidate(state: TrainingState, table: Table): void {
  let best = { candidate: -1, rounds: 0, loss: Number.POSITIVE_INFINITY };
  state.plan.candidates.forEach((_, candidate) => {
    const own = state.fits.filter((fit) => fit.candidate === candidate);
    own[0].losses.forEach((_, round) => {
      const loss = own.reduce((sum, fit) => sum + fit.losses[round], 0);
      if (loss < best.loss) best = { candidate, rounds: round + 1, loss };
    });
  });
  if (best.candidate < 0) throw new Error('Broken invariant: no candidate has a finite loss');
  const isRidge = state.plan.candidates[best.candidate].algorithm === 'ridge';
  const rounds = isRidge ? 0 : best.rounds;
  const outOfFold = outOfFoldPredictions(state, table, { candidate: best.candidate, rounds });
  state.choice = { candidate: best.candidate, rounds, outOfFold };
  state.fits = [];
}

function outOfFoldPredictions(
  state: TrainingState,
  table: Table,
  { candidate, rounds }: Pick<Choice, 'candidate' | 'rounds'>,
): Float32Array {
  const predictions = new Float32Array(table.rows);
  const matrix = rounds > 0 ? binTable(table).matrix : null;
  for (const { fold, linear, boosting } of state.fits.filter(
    (fit) => fit.candidate === candidate,
  )) {
    const rows = foldRows(state.plan, fold);
    if (linear) {
      const own = predictLinear(linear, table, rows);
      rows.forEach((row, i) => {
        predictions[row] = own[i];
      });
    } else if (boosting && matrix) {
      for (const tree of boosting.trees.slice(0, rounds))
        addTreeScores(matrix, tree, rows, predictions);
      for (const row of rows) predictions[row] += boosting.base;
    }
  }
  return predictions;
}
