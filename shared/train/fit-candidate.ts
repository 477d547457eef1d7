import type { Input } from '../contracts/declaration.ts';
import { createRng, shuffle } from '../core/rng.ts';
import type { Algorithm, LearningData } from '../learn/algorithm.ts';
import { findAlgorithm } from '../learn/catalogue.ts';
import { scoreRows } from '../learn/fitted-estimator.ts';
import {
  type FittedPipeline,
  fitPipeline,
  preparedRows,
  preparePipeline,
} from '../learn/pipeline.ts';
import type { Task } from '../learn/task.ts';
import { trainingRows } from '../learn/training-rows.ts';
import type { Matrix } from '../prepare/matrix.ts';
import { type Table, takeRows } from '../table/table.ts';
import type { Candidate, TrainingPlan } from './training-state.ts';

/**
 * Multiply-adds of a step's fits by the defaults, as the catalogue counts them: measured, 5 to 50 seconds
 * by all but the cheapest, so that the dearest parameters near them stay within the five minutes that a
 * Worker gives a step. The clock of a Worker stands still while it computes, so work is bounded, not time.
 */
const MOST_WORK = 5e9;

/** Rows of a table that one fit of the candidate learns from: all that are affordable. */
export const rowsOfFit = (plan: TrainingPlan, candidate: number, table: Table): number =>
  affordableRows(algorithmOf(plan, candidate), table);

/** Fits of each algorithm that together cost no more than one may. */
export function fitsPerStep(
  candidates: readonly Candidate[],
  task: Task,
  { rows, columns }: Table,
): Record<string, number> {
  const names = new Set(candidates.map(({ algorithm }) => algorithm));
  return Object.fromEntries(
    [...names].map((name) => {
      const work = findAlgorithm(name, task)?.cost(rows, columns.length) ?? MOST_WORK;
      return [name, Math.max(1, Math.floor(MOST_WORK / work))];
    }),
  );
}

/**
 * Predictions [rows, outputs] of held rows by candidates of one algorithm, each fitted on the training
 * rows, which are prepared once for all. What cannot be fitted, or does not answer with numbers, is a
 * sentence.
 */
export function predictHeld(
  plan: TrainingPlan,
  candidates: readonly number[],
  { training, held }: { training: Table; held: Table },
): (Float32Array | string)[] {
  const algorithm = algorithmOf(plan, candidates[0]);
  try {
    const { learning, heldMatrix } = prepareFold(plan, algorithm, { training, held });
    return candidates.map((candidate) => {
      const { parameters } = plan.candidates[candidate];
      return orSentence(() => {
        const options = { rng: createRng(plan.seed) };
        return scoreRows(algorithm.fit(learning, parameters, options), heldMatrix);
      });
    });
  } catch (error) {
    const why = sentenceOf(error);
    return candidates.map(() => why);
  }
}

function prepareFold(
  { task, classes, seed }: TrainingPlan,
  algorithm: Algorithm,
  { training, held }: { training: Table; held: Table },
): { learning: LearningData; heldMatrix: Matrix } {
  const table = affordableTable(algorithm, training, seed);
  const { recipe } = algorithm;
  const { target } = table;
  const rng = createRng(seed);
  const { matrix, ...prepared } = preparePipeline(recipe, {
    ...{ table, target, classes: classes.length, rng },
  });
  const rows = { task, matrix, target, classes: classes.length, weights: null };
  return {
    learning: trainingRows(rows, { recipe, rng }),
    heldMatrix: preparedRows(prepared, held),
  };
}

function orSentence(predict: () => Float32Array): Float32Array | string {
  try {
    const predictions = predict();
    return predictions.every(Number.isFinite) ? predictions : 'its answers are not finite numbers';
  } catch (error) {
    return sentenceOf(error);
  }
}

const sentenceOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

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
