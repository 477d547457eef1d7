import { ok, type Result } from '../../core/result.ts';
import type { SplitError } from '../../table/split/split.ts';
import type { Algorithm } from '../algorithm.ts';
import { ALGORITHMS } from '../catalogue.ts';
import { assignFolds } from '../ensemble/fit-members.ts';
import { selectEnsemble } from '../ensemble/greedy-selection.ts';
import type { PipelineData } from '../pipeline-data.ts';
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
export type Choice = {
  members: Evaluation[];
  weights: Float32Array;
  loss: number;
  /** The ensemble's out-of-fold predictions [rows, outputs]. */
  outOfFold: Float32Array;
};

const SELECTION_ROUNDS = 40;
/** The library that is selected from: more of it overfits the out-of-fold predictions. */
const LIBRARY = 40;
/** Algorithms whose plain mean the selection is drawn towards, how far at most, and the rows it takes. */
const PRIOR_ALGORITHMS = 3;
const MOST_PRIOR = 0.5;
const PRIOR_ROWS = 400;

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
  const proposals: Proposals = createProposals(algorithms, { data, seed });
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
    choose: () =>
      evaluations.length === 0
        ? null
        : chooseMembers(evaluations, { target, objective, maxMembers }),
  });
}

type Choosing = Pick<AutoMlOptions, 'objective' | 'maxMembers'> & { target: Float64Array };

/**
 * Greedy selection, drawn towards the plain mean of the best pipelines of a few algorithms: with few rows
 * the out-of-fold loss is mostly noise, and what is chosen by it alone is worse than that mean (german
 * credit, 500 rows: ROC-AUC .7858 alone, .7888 drawn halfway, .7821 the best forest; docs/learning.md).
 */
function chooseMembers(
  evaluations: readonly Evaluation[],
  { target, objective, maxMembers }: Choosing,
): Choice {
  const library = evaluations.slice(0, LIBRARY);
  const lossOf = (predictions: Float32Array) => objectiveLoss(objective, target, predictions);
  const isSingle = maxMembers <= PRIOR_ALGORITHMS;
  const { weights } = selectEnsemble(
    library.map(({ outOfFold }) => outOfFold),
    {
      lossOf,
      rounds: maxMembers === 1 ? 1 : SELECTION_ROUNDS,
      maxMembers: isSingle ? maxMembers : maxMembers - PRIOR_ALGORITHMS,
    },
  );
  const share = isSingle ? 0 : Math.min(MOST_PRIOR, PRIOR_ROWS / target.length);
  const prior = bestOfEachAlgorithm(library);
  const drawn = weights.map((weight, i) => (1 - share) * weight + share * prior[i]);
  const isMember = (_: unknown, i: number) => drawn[i] > 0;
  const members = library.filter(isMember);
  const kept = drawn.filter(isMember);
  const outOfFold = weightedMean(members, kept);
  return { members, weights: kept, loss: lossOf(outOfFold), outOfFold };
}

/** Equal weights for the best evaluation of each of the best algorithms. */
function bestOfEachAlgorithm(library: readonly Evaluation[]): Float32Array {
  const names = [...new Set(library.map(({ candidate }) => candidate.algorithm))];
  const best = names.slice(0, PRIOR_ALGORITHMS);
  const weights = new Float32Array(library.length);
  for (const name of best)
    weights[library.findIndex(({ candidate }) => candidate.algorithm === name)] = 1 / best.length;
  return weights;
}

function weightedMean(members: readonly Evaluation[], weights: Float32Array): Float32Array {
  return members[0].outOfFold.map((_, at) =>
    members.reduce((sum, { outOfFold }, m) => sum + weights[m] * outOfFold[at], 0),
  );
}

function candidatesFrom(
  { task }: PipelineData,
  names: readonly string[] | null,
): readonly Algorithm[] {
  return ALGORITHMS.filter(
    ({ name, tasks }) => tasks.includes(task) && (names === null || names.includes(name)),
  );
}
