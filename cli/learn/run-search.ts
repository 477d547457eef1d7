import type { Choice } from '../../shared/learn/automl/choose-members.ts';
import type { Candidate, Evaluation } from '../../shared/learn/automl/cross-validate.ts';
import type { Objective } from '../../shared/learn/automl/objective.ts';
import type { AutoMlSession } from '../../shared/learn/automl/session.ts';
import type { PipelineData } from '../../shared/learn/pipeline-data.ts';
import type { Tell } from '../command.ts';
import { type Chosen, fitChosen } from './fit-chosen.ts';
import type { MemoryWatch } from './memory-watch.ts';
import type { Progress } from './progress.ts';
import { type SearchPool, startSearchPool } from './search-pool.ts';
import { type ToldInOrder, tellInOrder } from './told-in-order.ts';

export type SearchOptions = {
  data: PipelineData;
  session: AutoMlSession;
  objective: Objective;
  budgetSeconds: number;
  threads: number;
  /** Candidates at most; null: as many as fit the budget. */
  maxTrials: number | null;
  /** Null or absent: memory is not bounded. */
  watch?: MemoryWatch | null;
  progress: Progress;
  tell: Tell;
  /** True once somebody asked for what there is. */
  isInterrupted: () => boolean;
};

export type SearchCounts = {
  tried: number;
  finished: number;
  failed: number;
  /** Ended because they took too much memory. */
  tooLarge: number;
  /** What the first that failed said. */
  firstFailure: string | null;
};

export type SearchOutcome = {
  /** Null: nothing was evaluated, or nothing of it could be fitted on all rows. */
  fitted: (Omit<Chosen, 'isWhole'> & { choice: Choice }) | null;
  counts: SearchCounts;
  /** Whether any clock or any measured memory had a say in it. */
  isDeterministic: boolean;
};

/** A few say what is wrong; hundreds would hide it. */
const TOLD_FAILURES = 5;
/** So many failures and no success will not become better. */
const HOPELESS_FAILURES = 20;

/** One candidate may take this share of the budget: a slow one must not cost all others. */
const CANDIDATE_SHARE = 0.25;

/** Share of the budget after which nothing new is begun: the rest is for fitting on all rows. */
const SEARCH_SHARE = 0.78;

/**
 * With a number of trials, each is proposed knowing of all but the last so many before it, however
 * many threads there are and whichever is done first.
 */
const LAG = 8;

/**
 * Evaluates candidates on all threads until the budget's share is used, then fits the chosen ones on
 * all rows. A member that is not fitted in time is left out.
 */
export async function runSearch(options: SearchOptions): Promise<SearchOutcome> {
  const { data, session, objective, budgetSeconds, threads, maxTrials } = options;
  const { watch = null, isInterrupted } = options;
  const startedMs = Date.now();
  const { repeats, folds } = session;
  const tidyAboveBytes = watch && watch.mostBytes / threads / 2;
  const pool = startSearchPool(
    { data, repeats, folds, objective, tidyAboveBytes },
    { threads, watch, isInterrupted },
  );
  try {
    const counts: SearchCounts = {
      tried: 0,
      finished: 0,
      failed: 0,
      tooLarge: 0,
      firstFailure: null,
    };
    const searchEndMs = startedMs + budgetSeconds * 1000 * SEARCH_SHARE;
    const told = tellInOrder(session, maxTrials === null ? 0 : LAG);
    await evaluateUntil({ ...options, pool, told, counts, startedMs, endMs: searchEndMs });
    told.finish();
    const choice = session.choose();
    const endMs = Math.max(Date.now(), startedMs + budgetSeconds * 1000);
    const fitted = choice && (await fitChosen(choice, { pool, threads, endMs, watch }));
    const isWhole = counts.tried === maxTrials && counts.tooLarge === 0;
    const isDeterministic = isWhole && fitted?.isWhole === true;
    return { fitted: fitted && choice && { ...fitted, choice }, counts, isDeterministic };
  } finally {
    await pool.close();
  }
}

type Searching = SearchOptions & {
  pool: SearchPool;
  told: ToldInOrder;
  counts: SearchCounts;
  startedMs: number;
  endMs: number;
};

async function evaluateUntil(searching: Searching): Promise<void> {
  const { counts, endMs, maxTrials, isInterrupted, threads, told } = searching;
  const isOver = () =>
    isInterrupted() ||
    Date.now() > endMs ||
    (maxTrials !== null && counts.tried >= maxTrials) ||
    (counts.failed === counts.finished && counts.failed >= HOPELESS_FAILURES);
  const lane = async () => {
    while (!isOver()) {
      counts.tried++;
      const candidate = await told.next();
      if (candidate !== null) await evaluate(candidate, searching);
      else {
        counts.tried--;
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: threads }, lane));
}

async function evaluate(candidate: Candidate, searching: Searching): Promise<void> {
  const { session, pool, told, counts, endMs, tell, budgetSeconds, maxTrials } = searching;
  const bestFoldLosses = session.bestFoldLosses();
  const share = budgetSeconds * 1000 * CANDIDATE_SHARE;
  const deadlineMs = maxTrials === null ? Math.min(endMs, Date.now() + share) : Infinity;
  const job = { kind: 'evaluate', candidate, bestFoldLosses, deadlineMs } as const;
  const { result, failure, isTooLarge } = await pool.run(job);
  counts.finished++;
  if (isTooLarge) counts.tooLarge++;
  if (failure !== null) {
    const [what] = failure.split('\n');
    counts.firstFailure ??= `${candidate.algorithm}: ${what}`;
    if (counts.failed++ < TOLD_FAILURES)
      tell(`${candidate.algorithm} could not be fitted: ${what}`);
  }
  told.tell(candidate, { evaluation: result as Evaluation | null, isTooLarge });
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
