import { bytesOf } from '../../shared/learn/automl/bytes-of.ts';
import type { Choice } from '../../shared/learn/automl/choose-members.ts';
import type { Candidate } from '../../shared/learn/automl/cross-validate.ts';
import { findAlgorithm } from '../../shared/learn/catalogue.ts';
import type { Predictor } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import { type ModelChoice, pipelineModel } from '../../shared/learn/ensemble/model-choice.ts';
import type { FittedPipeline } from '../../shared/learn/pipeline.ts';
import type { Task } from '../../shared/learn/task.ts';
import type { MemoryWatch } from './memory-watch.ts';
import type { SearchPool } from './search-pool.ts';

export type Fitting = {
  pool: SearchPool;
  threads: number;
  /** Unix time after which no other member is begun. */
  endMs: number;
  watch: MemoryWatch | null;
};

export type Chosen = {
  predictor: Predictor;
  weights: Float32Array;
  /** What fits it again. */
  model: ModelChoice;
  /** All members were fitted: neither time nor memory left one out. */
  isWhole: boolean;
};

/**
 * Fits the chosen on all rows, the heaviest first; what cannot be is left out. Where memory is bounded
 * one thread does it, since what is fitted is held as well. Null: none could be.
 */
export async function fitChosen(choice: Choice, fitting: Fitting): Promise<Chosen | null> {
  const { pool, threads, endMs, watch } = fitting;
  const order = choice.members
    .map((member, i) => ({ member, i, weight: choice.weights[i] }))
    .sort((a, b) => b.weight - a.weight || a.i - b.i);
  const fitted = new Map<number, FittedPipeline>();
  if (watch !== null) await pool.keepOne();
  const lane = async (isFirst: boolean) => {
    for (;;) {
      // The best is always fitted to the end: an answer late is better than none.
      const isNeeded = isFirst && fitted.size === 0;
      if (!isNeeded && Date.now() > endMs) return;
      const next = order.shift();
      if (next === undefined) return;
      const { failure, result } = await pool.run({
        ...{ kind: 'fit', candidate: next.member.candidate },
        ...{ bestFoldLosses: null, deadlineMs: Number.POSITIVE_INFINITY },
      });
      if (failure === null && result !== null) fitted.set(next.i, result as FittedPipeline);
      watch?.setOwnBytes(bytesOf([...fitted.values()]));
    }
  };
  const lanes = watch === null ? threads : 1;
  await Promise.all(Array.from({ length: lanes }, (_, i) => lane(i === 0)));
  return fitted.size === 0 ? null : assemble(choice, fitted);
}

function assemble(choice: Choice, fitted: Map<number, FittedPipeline>): Chosen {
  const kept = [...fitted.keys()].sort((a, b) => a - b);
  const total = kept.reduce((sum, i) => sum + choice.weights[i], 0);
  const weights = Float32Array.from(kept, (i) => choice.weights[i] / total);
  const members = kept.map((i) => fitted.get(i)!);
  const isWhole = members.length === choice.members.length;
  const [first] = members;
  const { task, inputs, classes } = first;
  const models = kept.map((i) => modelOf(choice.members[i].candidate, task));
  if (members.length === 1) return { predictor: first, weights, model: models[0], isWhole };
  const predictor: Predictor = {
    ...{ type: 'ensemble', task, inputs, classes, members },
    combine: { type: 'average', weights },
  };
  const combine = { type: 'voting', voting: 'soft', weights: [...weights] } as const;
  const model: ModelChoice = { type: 'ensemble', combine, members: models, seed: null };
  return { predictor, weights, model, isWhole };
}

function modelOf({ algorithm: name, parameters, recipe, seed, rows }: Candidate, task: Task) {
  const algorithm = findAlgorithm(name, task);
  if (algorithm === undefined) throw new Error(`Broken invariant: no ${name} for ${task}`);
  const choice = { algorithm, parameters, recipe: recipe ?? algorithm.recipe };
  return pipelineModel(choice, { seed, rows: rows ?? null });
}
