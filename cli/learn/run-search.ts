import type { Evaluation } from '../../shared/learn/automl/cross-validate.ts';
import type { Objective } from '../../shared/learn/automl/objective.ts';
import type { AutoMlSession, Choice } from '../../shared/learn/automl/session.ts';
import type { FittedEnsemble, Predictor } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import type { FittedPipeline } from '../../shared/learn/pipeline.ts';
import type { PipelineData } from '../../shared/learn/pipeline-data.ts';
import type { Tell } from '../command.ts';
import type { Progress } from './progress.ts';
import { type SearchPool, startSearchPool } from './search-pool.ts';
import type { ThreadAnswer } from './search-thread.ts';

export type SearchOptions = {
  data: PipelineData;
  session: AutoMlSession;
  objective: Objective;
  budgetSeconds: number;
  threads: number;
  /** Candidates at most; null: as many as fit the budget. */
  maxTrials: number | null;
  progress: Progress;
  tell: Tell;
  /** True once somebody asked for what there is. */
  isInterrupted: () => boolean;
};

export type SearchOutcome = {
  predictor: Predictor;
  /** Out-of-fold loss of the ensemble, and the evaluations of its members. */
  choice: Choice;
  weights: Float32Array;
  tried: number;
  failed: number;
};

/** A few say what is wrong; hundreds would hide it. */
const TOLD_FAILURES = 5;
/** So many failures and no success are a bug, not bad luck. */
const HOPELESS_FAILURES = 20;

/** One candidate may take this share of the budget: a slow one must not cost all others. */
const CANDIDATE_SHARE = 0.25;

/** Share of the budget after which nothing new is begun: the rest is for fitting on all rows. */
const SEARCH_SHARE = 0.78;

/**
 * Evaluates candidates on all threads until the budget's share is used, then fits the chosen ones on
 * all rows. A member that is not fitted in time is left out. Null when nothing could be evaluated.
 */
export async function runSearch(options: SearchOptions): Promise<SearchOutcome | null> {
  const { data, session, objective, budgetSeconds, threads } = options;
  const startedMs = Date.now();
  const { foldOf, folds } = session;
  const pool = startSearchPool({ data, foldOf, folds, objective }, threads);
  try {
    const counts = { tried: 0, failed: 0 };
    const searchEndMs = startedMs + budgetSeconds * 1000 * SEARCH_SHARE;
    await evaluateUntil({ ...options, pool, counts, startedMs, endMs: searchEndMs });
    const choice = session.choose();
    if (choice === null) return null;
    // The best alone is always fitted to the end: an answer late is better than none.
    const endMs = Math.max(Date.now(), startedMs + budgetSeconds * 1000);
    const fitted = await fitMembers({ pool, choice, endMs });
    return { ...fitted, choice, ...counts };
  } finally {
    await pool.close();
  }
}

type Searching = SearchOptions & {
  pool: SearchPool;
  counts: { tried: number; failed: number };
  startedMs: number;
  endMs: number;
};

async function evaluateUntil(searching: Searching): Promise<void> {
  const { pool, counts, endMs, maxTrials, isInterrupted } = searching;
  const isOver = () =>
    isInterrupted() || Date.now() > endMs || (maxTrials !== null && counts.tried >= maxTrials);
  const lane = async () => {
    while (!isOver()) await evaluateNext(searching);
  };
  await Promise.all(Array.from({ length: pool.threads }, lane));
}

async function evaluateNext(searching: Searching): Promise<void> {
  const { session, pool, counts, endMs, tell, budgetSeconds, maxTrials } = searching;
  const candidate = session.next();
  counts.tried++;
  const bestFoldLosses = session.bestFoldLosses();
  const share = budgetSeconds * 1000 * CANDIDATE_SHARE;
  const deadlineMs = maxTrials === null ? Math.min(endMs, Date.now() + share) : Infinity;
  const job = { kind: 'evaluate', candidate, bestFoldLosses, deadlineMs } as const;
  const answer = await pool.run(job);
  if (answer.failure !== null) {
    const [what] = answer.failure.split('\n');
    if (counts.failed++ < TOLD_FAILURES)
      tell(`${candidate.algorithm} could not be fitted: ${what}`);
    if (counts.failed === counts.tried && counts.tried >= HOPELESS_FAILURES)
      throw new Error(`The first ${counts.tried} candidates failed: ${answer.failure}`);
  }
  session.add(answer.result as Evaluation | null);
  showBest(searching);
}

function showBest({ session, objective, progress, counts, startedMs, budgetSeconds }: Searching) {
  const best = session.evaluations()[0];
  const share = (Date.now() - startedMs) / (budgetSeconds * 1000);
  const words =
    best === undefined
      ? `${counts.tried} tried`
      : `${counts.tried} tried, best ${describeLoss(objective, best.loss)} (${best.candidate.algorithm})`;
  progress.show(share, words);
}

/** A loss in the terms of its objective. */
export const describeLoss = (objective: Objective, loss: number): string =>
  objective.endsWith('_auc')
    ? `${objective} ${(1 - loss).toFixed(4)}`
    : `${objective} ${loss.toPrecision(4)}`;

type Fitting = { pool: SearchPool; choice: Choice; endMs: number };

async function fitMembers({ pool, choice, endMs }: Fitting) {
  const order = choice.members
    .map((member, i) => ({ member, i, weight: choice.weights[i] }))
    .sort((a, b) => b.weight - a.weight);
  const fitted = new Map<number, FittedPipeline>();
  const lane = async (first: boolean) => {
    for (let isFirst = first; ; isFirst = false) {
      const next = order.shift();
      if (next === undefined) return;
      const isNeeded = isFirst && fitted.size === 0;
      if (!isNeeded && Date.now() > endMs) return;
      const { candidate } = next.member;
      const deadlineMs = Number.POSITIVE_INFINITY;
      const answer: ThreadAnswer = await pool.run({
        ...{ kind: 'fit', candidate, bestFoldLosses: null, deadlineMs },
      });
      if (answer.failure !== null) throw new Error(answer.failure);
      fitted.set(next.i, answer.result as FittedPipeline);
    }
  };
  await Promise.all(Array.from({ length: pool.threads }, (_, i) => lane(i === 0)));
  return assemble(choice, fitted);
}

function assemble(choice: Choice, fitted: Map<number, FittedPipeline>) {
  const kept = [...fitted.keys()].sort((a, b) => a - b);
  const total = kept.reduce((sum, i) => sum + choice.weights[i], 0);
  const weights = Float32Array.from(kept, (i) => choice.weights[i] / total);
  const members = kept.map((i) => fitted.get(i)!);
  const first = members[0];
  if (members.length === 1) return { predictor: first as Predictor, weights };
  const { task, inputs, classes } = first;
  const ensemble: FittedEnsemble = {
    ...{ type: 'ensemble', task, inputs, classes, members },
    combine: { type: 'average', weights },
  };
  return { predictor: ensemble as Predictor, weights };
}
