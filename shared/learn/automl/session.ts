import { ok, type Result } from '../../core/result.ts';
import { createRng } from '../../core/rng.ts';
import { kFold, stratifiedKFold } from '../../table/split/k-fold.ts';
import type { SplitError } from '../../table/split/split.ts';
import type { Algorithm } from '../algorithm.ts';
import { ALGORITHMS } from '../catalogue.ts';
import { type Selection, selectEnsemble } from '../ensemble/greedy-selection.ts';
import type { PipelineData } from '../pipeline-data.ts';
import { isClassification } from '../task.ts';
import type { Candidate, Evaluation } from './cross-validate.ts';
import { type Objective, objectiveLoss } from './objective.ts';
import { portfolioOf } from './portfolio.ts';
import { createProposals, type Proposals } from './proposals.ts';

export type AutoMlOptions = {
  objective: Objective;
  seed: number;
  /** Names to choose from; null: every algorithm that does the task. */
  algorithms: readonly string[] | null;
  /** Members of the ensemble at most; 1 chooses the best single pipeline. */
  maxMembers: number;
};

/**
 * A search in progress: it proposes candidates and is told how they did. It knows neither threads
 * nor time, so the same answers in the same order give the same ensemble.
 */
export type AutoMlSession = {
  /** What `crossValidate` needs: fold of each row, and how many there are. */
  foldOf: Uint8Array;
  folds: number;
  /** The next candidate to try; a portfolio first, cheap ones before dear ones, then a search. */
  next(): Candidate;
  /** How a candidate did; null: it could not be finished. */
  add(evaluation: Evaluation | null): void;
  /** Best first. */
  evaluations(): readonly Evaluation[];
  /** Losses by fold of the best so far, for `isHopeless`; null before there is one. */
  bestFoldLosses(): readonly number[] | null;
  /** The ensemble of what was tried; null when nothing was. */
  choose(): Choice | null;
};

/** The candidates to fit on all rows, and how much each weighs. */
export type Choice = { members: Evaluation[]; weights: Float32Array; loss: number };

const SELECTION_ROUNDS = 40;
/** The library that is selected from: more of it overfits the out-of-fold predictions. */
const LIBRARY = 40;

/** Starts a search; fails where there are fewer rows, or of every class fewer, than folds. */
export function startAutoMl(
  data: PipelineData,
  options: AutoMlOptions,
): Result<AutoMlSession, SplitError> {
  const { objective, seed, maxMembers } = options;
  const { target, rows } = data.table;
  const folds = rows > 100_000 ? 2 : rows > 20_000 ? 3 : 5;
  const assigned = assignFolds(data, { folds, seed });
  if (!assigned.ok) return assigned;
  const foldOf = assigned.value;
  const algorithms = candidatesFrom(data, options.algorithms);
  const queue = portfolioOf(algorithms, { data, seed });
  const proposals: Proposals = createProposals(algorithms, seed);
  const evaluations: Evaluation[] = [];
  return ok({
    foldOf,
    folds,
    next: () => queue.shift() ?? proposals.next(evaluations),
    add(evaluation) {
      if (evaluation === null) return;
      const at = evaluations.findIndex(({ loss }) => evaluation.loss < loss);
      evaluations.splice(at < 0 ? evaluations.length : at, 0, evaluation);
    },
    evaluations: () => evaluations,
    bestFoldLosses: () => evaluations[0]?.foldLosses ?? null,
    choose() {
      if (evaluations.length === 0) return null;
      const library = evaluations.slice(0, LIBRARY);
      const selection = selectEnsemble(
        library.map(({ outOfFold }) => outOfFold),
        {
          lossOf: (predictions) => objectiveLoss(objective, target, predictions),
          rounds: maxMembers === 1 ? 1 : SELECTION_ROUNDS,
          maxMembers,
        },
      );
      return choiceOf(library, selection);
    },
  });
}

function choiceOf(library: readonly Evaluation[], { weights, loss }: Selection): Choice {
  const isMember = (_: unknown, i: number) => weights[i] > 0;
  return { members: library.filter(isMember), weights: weights.filter(isMember), loss };
}

function candidatesFrom(
  { task }: PipelineData,
  names: readonly string[] | null,
): readonly Algorithm[] {
  return ALGORITHMS.filter(
    ({ name, tasks }) => tasks.includes(task) && (names === null || names.includes(name)),
  );
}

/** Folds drawn by the seed, each with every class's share of its rows. */
function assignFolds(
  { task, table }: PipelineData,
  { folds, seed }: { folds: number; seed: number },
): Result<Uint8Array, SplitError> {
  const options = { nSplits: folds, rng: createRng(seed) };
  return isClassification(task)
    ? stratifiedKFold(table.target, options)
    : kFold(table.rows, options);
}
