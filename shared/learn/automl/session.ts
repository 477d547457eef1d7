import { ok, type Result } from '../../core/result.ts';
import type { SplitError } from '../../table/split/split.ts';
import type { Algorithm } from '../algorithm.ts';
import { ALGORITHMS } from '../catalogue.ts';
import { assignFolds } from '../ensemble/fit-members.ts';
import type { PipelineData } from '../pipeline-data.ts';
import { type Choice, chooseMembers, LIBRARY } from './choose-members.ts';
import type { Candidate, Evaluation } from './cross-validate.ts';
import { createMemoryPlan, type Limited } from './memory-plan.ts';
import type { Objective } from './objective.ts';
import { portfolioOf } from './portfolio.ts';
import { createProposals } from './proposals.ts';

export type AutoMlOptions = {
  objective: Objective;
  seed: number;
  /** Names to choose from; null: every algorithm that does the task. */
  algorithms: readonly string[] | null;
  /** Members of the ensemble at most; 1 chooses the best single pipeline. */
  maxMembers: number;
  /** Bytes that one fit may take beside the data, and that the chosen model may; null: any. */
  memory?: { fitBytes: number; modelBytes: number } | null;
};

/**
 * A search in progress: it proposes candidates and is told how they did. It knows neither threads
 * nor time, so the same answers in the same order give the same ensemble.
 */
export type AutoMlSession = {
  /** What `crossValidate` needs: by repeat, the fold of each row; and how many folds there are. */
  repeats: readonly Uint8Array[];
  folds: number;
  /**
   * The next candidate to try; a portfolio first, useful ones before the others, then a search. Null:
   * nothing is left to try.
   */
  next(): Candidate | null;
  /** How a candidate of `next` did; null: it was given up. */
  add(candidate: Candidate, evaluation: Evaluation | null): void;
  /** A candidate took more memory than it may: its algorithm gets fewer rows from now on, or none. */
  addTooLarge(candidate: Candidate): void;
  /** Best first. */
  evaluations(): readonly Evaluation[];
  /** Losses by fold of the best so far, for `isHopeless`; null before there is one. */
  bestFoldLosses(): readonly number[] | null;
  /** The ensemble of what was tried; null when nothing was. */
  choose(): Choice | null;
  /** Algorithms that the memory does not hold with all rows. */
  limited(): Limited[];
};

/** With so few rows one way to draw folds says little: candidates are cross-validated twice. */
const TWICE_UP_TO_ROWS = 2000;

/** Starts a search; fails where there are fewer rows, or of every class fewer, than folds. */
export function startAutoMl(
  data: PipelineData,
  options: AutoMlOptions,
): Result<AutoMlSession, SplitError> {
  const { objective, seed, maxMembers, memory = null } = options;
  const { target, rows } = data.table;
  const folds = rows > 100_000 ? 2 : rows > 20_000 ? 3 : 5;
  const repeats: Uint8Array[] = [];
  for (let repeat = 0; repeat < (rows <= TWICE_UP_TO_ROWS ? 2 : 1); repeat++) {
    const assigned = assignFolds(data, { folds, seed: seed + repeat });
    if (!assigned.ok) return assigned;
    repeats.push(assigned.value);
  }
  const algorithms = candidatesFrom(data, options.algorithms);
  const plan = createMemoryPlan(data, memory?.fitBytes ?? null);
  const mostBytes = memory?.modelBytes ?? Infinity;
  const queue = portfolioOf(algorithms, { data, seed });
  const proposals = createProposals(algorithms, { data, seed });
  const evaluations: Evaluation[] = [];
  const isAllowed = (name: string) => plan.rowsFor(name) > 0;
  const propose = (): Candidate | null => {
    const queued = queue.find(({ algorithm }) => isAllowed(algorithm));
    if (queued === undefined) return proposals.next(evaluations, isAllowed);
    queue.splice(0, queue.indexOf(queued) + 1);
    proposals.note(queued);
    return queued;
  };
  return ok({
    repeats,
    folds,
    next() {
      const candidate = propose();
      if (candidate === null) return null;
      const most = plan.rowsFor(candidate.algorithm);
      if (most < rows) candidate.rows = most;
      return candidate;
    },
    add(candidate, evaluation) {
      const isTooLarge = evaluation !== null && evaluation.modelBytes > mostBytes;
      if (isTooLarge) plan.halve(candidate.algorithm);
      proposals.tell(candidate, isTooLarge ? null : (evaluation?.loss ?? null));
      if (evaluation === null || isTooLarge) return;
      const at = evaluations.findIndex(({ loss }) => evaluation.loss < loss);
      evaluations.splice(at < 0 ? evaluations.length : at, 0, evaluation);
      const unread = evaluations[LIBRARY];
      if (unread !== undefined) unread.outOfFold = new Float32Array(0);
    },
    addTooLarge(candidate) {
      plan.halve(candidate.algorithm);
      proposals.tell(candidate, null);
    },
    evaluations: () => evaluations,
    bestFoldLosses: () => evaluations[0]?.foldLosses ?? null,
    choose: () =>
      evaluations.length === 0
        ? null
        : chooseMembers(evaluations, {
            ...{ target, objective, maxMembers, folds, mostBytes },
          }),
    limited: () => plan.limited(algorithms.map(({ name }) => name)),
  });
}

function candidatesFrom(
  { task }: PipelineData,
  names: readonly string[] | null,
): readonly Algorithm[] {
  return ALGORITHMS.filter(
    ({ name, tasks }) => tasks.includes(task) && (names === null || names.includes(name)),
  );
}
