import { predictLinear } from '../learn/linear/linear-model.ts';
import { fitRidge, ridgeMoments } from '../learn/linear/ridge.ts';
import { encodingOf } from '../prepare/encoding.ts';
import { fitStandardisation } from '../prepare/standardise.ts';
import type { Table } from '../table/table.ts';
import { lossOf } from './fold-loss.ts';
import { foldRows, type TrainingState } from './training-state.ts';

/** Fits every ridge candidate on the rows outside the fold: one pass, then one solution per alpha. */
export function fitRidgeFold(state: TrainingState, table: Table, fold: number): void {
  const { plan } = state;
  const moments = momentsOf(table, foldRows(plan, fold, true));
  const validation = foldRows(plan, fold);
  plan.candidates.forEach((candidate, index) => {
    if (candidate.algorithm !== 'ridge') return;
    const linear = fitRidge(moments, candidate.alpha);
    const predictions = predictLinear(linear, table, validation);
    const losses = [lossOf(plan.objective, table.target, { rows: validation, predictions })];
    state.fits.push({ candidate: index, fold, losses, isDone: true, linear, boosting: null });
  });
}

/** Fits the chosen alpha on all rows. */
export function fitFinalRidge(state: TrainingState, table: Table): void {
  const candidate = state.plan.candidates[state.choice!.candidate];
  if (candidate.algorithm !== 'ridge') throw new Error('Broken invariant: ridge was not chosen');
  const all = Uint32Array.from({ length: table.rows }, (_, row) => row);
  state.model = fitRidge(momentsOf(table, all), candidate.alpha);
}

function momentsOf(table: Table, rows: Uint32Array) {
  return ridgeMoments(encodingOf(table, fitStandardisation(table, rows)), table, rows);
}
