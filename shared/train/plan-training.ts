import type { Declaration } from '../contracts/declaration.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { createRng } from '../core/rng.ts';
import { narrowTarget } from '../learn/target-range.ts';
import { kFold, stratifiedKFold } from '../table/split/k-fold.ts';
import { describeSplitError } from '../table/split/split.ts';
import type { Table } from '../table/table.ts';
import { algorithmProblems, candidatesOf, targetProblems } from './candidates.ts';
import { fitsPerStep } from './fit-candidate.ts';
import type { TrainingState } from './training-state.ts';

/** Rows fewer than this cannot be cross-validated to any purpose. */
export const MIN_TRAINING_ROWS = 50;

/** Why a use case cannot be trained on a table: the declaration's fault, or the rows'. */
export type TrainingProblem = {
  reason: 'wrong_algorithm' | 'wrong_rows' | 'no_model';
  detail: string;
};

export type Planned = Pick<Declaration, 'task' | 'search' | 'objective'>;

/**
 * Lays out a training: folds (blocks of time where the rows are in time order, else drawn by the seed,
 * of each class alike) and candidates.
 * @param table oldest first where `order` is set; targets of a binary task are 0 and 1
 */
export function planTraining(
  declaration: Planned,
  table: Table,
  seed: number,
): Result<TrainingState, TrainingProblem> {
  const { task, search, objective } = declaration;
  const [algorithm] = algorithmProblems(declaration);
  if (algorithm !== undefined) return fail({ reason: 'wrong_algorithm', detail: algorithm });
  const [target] = targetProblems(declaration, table.target);
  if (target !== undefined) return fail({ reason: 'wrong_algorithm', detail: target });
  const narrow = task.type === 'regression' ? narrowTarget(table.target) : null;
  if (narrow !== null)
    return fail({ reason: 'wrong_rows', detail: `Nothing can be learnt: ${narrow}.` });
  const foldOf = foldsOf(declaration, table, seed);
  if (!foldOf.ok) return foldOf;
  const classes = task.type === 'binary' ? task.classes.map(({ value }) => value) : [];
  const candidates = candidatesOf(declaration, seed);
  const { rows } = table;
  const { folds } = search;
  return ok({
    plan: {
      ...{ seed, rows, task: task.type, classes, folds, objective },
      ...{
        foldOf: foldOf.value,
        candidates,
        fitsPerStep: fitsPerStep(candidates, task.type, table),
      },
    },
    ...{ tried: [], trials: [], best: null, model: null, problem: null },
  });
}

function foldsOf(
  { task, search }: Planned,
  { rows, order, target }: Table,
  seed: number,
): Result<Uint8Array, TrainingProblem> {
  const wrong = (detail: string) => fail({ reason: 'wrong_rows' as const, detail });
  if (rows < MIN_TRAINING_ROWS)
    return wrong(`${rows} rows to train on are too few: ${MIN_TRAINING_ROWS} are needed.`);
  const isBinary = task.type === 'binary';
  const options = { nSplits: search.folds, rng: order === null ? createRng(seed) : null };
  const foldOf =
    isBinary && order === null ? stratifiedKFold(target, options) : kFold(rows, options);
  if (!foldOf.ok) return wrong(describeSplitError(foldOf.error));
  if (isBinary)
    for (let fold = 0; fold < search.folds; fold++)
      if (hasOneClass(target, foldOf.value, fold))
        return wrong(
          `Without fold ${fold + 1} of ${search.folds}, the rows to train on are of one class alone.`,
        );
  return foldOf;
}

function hasOneClass(target: Float64Array, foldOf: Uint8Array, fold: number): boolean {
  let first = -1;
  for (let row = 0; row < target.length; row++) {
    if (foldOf[row] === fold) continue;
    if (first < 0) first = target[row];
    else if (target[row] !== first) return false;
  }
  return true;
}

/** Row numbers in a fold, ascending; with `isOutside`, those not in it. */
export function foldRows(foldOf: Uint8Array, fold: number, isOutside = false): Uint32Array {
  const rows = new Uint32Array(foldOf.length);
  let n = 0;
  for (let row = 0; row < foldOf.length; row++)
    if ((foldOf[row] === fold) !== isOutside) rows[n++] = row;
  return rows.slice(0, n);
}
