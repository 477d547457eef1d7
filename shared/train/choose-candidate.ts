import { treeAt } from '../learn/boosting/binned-forest.ts';
import { addTreeScores } from '../learn/boosting/binned-tree.ts';
import { binTable } from '../learn/boosting/binning.ts';
import { predictLinear } from '../learn/linear/linear-model.ts';
import type { Table } from '../table/table.ts';
import { foldRows, type TrainingState } from './training-state.ts';

/**
 * Takes the candidate (and, for boosting, the number of rounds) with the least loss over all folds
 * together and drops the fold models of the others. Ties go to the candidate that comes first: ridge
 * before boosting, and few trees before many.
 */
export function chooseCandidate(state: TrainingState): void {
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
  const outOfFold = new Float32Array(state.plan.rows);
  state.choice = { candidate: best.candidate, rounds, outOfFold };
  state.fits = state.fits.filter((fit) => fit.candidate === best.candidate);
}

/** Writes the chosen candidate's predictions of one fold by its model of the others; drops that model. */
export function predictOutOfFold(state: TrainingState, table: Table, fold: number): void {
  const { rounds, outOfFold } = state.choice!;
  const { linear, boosting } = state.fits.find((fit) => fit.fold === fold)!;
  const rows = foldRows(state.plan, fold);
  if (linear) {
    const predictions = predictLinear(linear, table, rows);
    rows.forEach((row, i) => {
      outOfFold[row] = predictions[i];
    });
  } else if (boosting) {
    const { matrix } = binTable(table);
    for (let tree = 0; tree < rounds; tree++)
      addTreeScores(matrix, treeAt(boosting.forest, tree), { order: rows, scores: outOfFold });
    for (const row of rows) outOfFold[row] += boosting.base;
  }
  state.fits = state.fits.filter((fit) => fit.fold !== fold);
}
