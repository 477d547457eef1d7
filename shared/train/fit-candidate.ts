import type { Input } from '../contracts/declaration.ts';
import { createRng, shuffle } from '../core/rng.ts';
import type { Algorithm } from '../learn/algorithm.ts';
import { findAlgorithm } from '../learn/catalogue.ts';
import { type FittedPipeline, fitPipeline } from '../learn/pipeline.ts';
import { type Table, takeRows } from '../table/table.ts';
import type { TrainingPlan } from './training-state.ts';

/**
 * Multiply-adds of one fit by the defaults, as the catalogue counts them: some ten seconds, so that the
 * dearest parameters of a search space stay within the five minutes that a Worker gives a step. The clock
 * of a Worker stands still while it computes, so work is bounded and not time.
 */
const MOST_WORK = 5e9;

/** Rows of a table that one fit of the candidate learns from: all that are affordable. */
export const rowsOfFit = (plan: TrainingPlan, candidate: number, table: Table): number =>
  affordableRows(algorithmOf(plan, candidate), table);

/** One candidate on a table's affordable rows. The same rows and seed give the same model. */
export function fitCandidate(
  plan: TrainingPlan,
  { candidate, inputs, table }: { candidate: number; inputs: readonly Input[]; table: Table },
): FittedPipeline {
  const { task, classes, candidates, seed } = plan;
  const algorithm = algorithmOf(plan, candidate);
  const affordable = affordableTable(algorithm, table, seed);
  return fitPipeline(
    { task, inputs, classes, weights: null, table: affordable },
    { algorithm, parameters: candidates[candidate].parameters },
    { rng: createRng(seed) },
  );
}

type Priced = Pick<Algorithm, 'cost'>;

/** Of more rows than are affordable, the newest, or rows drawn by the seed where they have no order. */
export function affordableTable(algorithm: Priced, table: Table, seed: number): Table {
  const most = affordableRows(algorithm, table);
  if (most === table.rows) return table;
  const rows = Uint32Array.from({ length: table.rows }, (_, row) => row);
  if (table.order === null) shuffle(rows, createRng(seed));
  return takeRows(table, rows.subarray(table.rows - most).sort());
}

/** Cost grows with rows. */
function affordableRows({ cost }: Priced, { rows, columns }: Table): number {
  if (cost(rows, columns.length) <= MOST_WORK) return rows;
  let [enough, tooMany] = [1, rows];
  while (tooMany - enough > 1) {
    const middle = (enough + tooMany) >> 1;
    if (cost(middle, columns.length) <= MOST_WORK) enough = middle;
    else tooMany = middle;
  }
  return enough;
}

function algorithmOf({ candidates, task }: TrainingPlan, candidate: number): Algorithm {
  const { algorithm: name } = candidates[candidate];
  const algorithm = findAlgorithm(name, task);
  if (!algorithm) throw new Error(`Broken invariant: no ${name} for ${task}`);
  return algorithm;
}
