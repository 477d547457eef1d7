import type { Declaration, Gate, Monitors, Task } from '../contracts/declaration.ts';
import { DAY_MS, HOUR_MS } from '../core/time.ts';

/** What a declaration need not say. */
export type Policies = Omit<
  Declaration,
  'id' | 'title' | 'task' | 'inputs' | 'target' | 'sensitive'
>;

type WatchedByAll = 'drift' | 'fallbackRate' | 'errorRate' | 'activity';

/** What a declaration says of them: of a record the parts that differ, a list whole. */
export type PolicyChanges = Partial<
  Omit<Policies, 'search' | 'rollout' | 'monitors' | 'retraining'>
> & {
  search?: Partial<Policies['search']>;
  rollout?: Partial<Policies['rollout']>;
  monitors?: Omit<Monitors, WatchedByAll> & {
    [M in WatchedByAll]?: Partial<Monitors[M]>;
  };
  retraining?: Partial<Policies['retraining']>;
};

const MIN_SAMPLES = 100;

/**
 * The policies of a use case that says nothing of them; the one place where they stand.
 *
 * - Rows are split at random; a linear algorithm and boosting are compared in five folds, by the absolute
 *   error of a regression, by the log loss of a classifier.
 * - A rollout holds each of 1, 5, 10, 25, 50 and 100 % for a day. It goes on while the error (of a classifier the Brier
 *   score) is at most 1.1 times the champion's and, of a classifier, calibration is off by at most .1; fallbacks
 *   at most 5 %, errors 2 %, the 95th percentile of latency 100 ms; each of at least 100 samples.
 * - Monitors look at the last hour: drift from 200 events on at a false-discovery rate of 1 % and a PSI of .1,
 *   more than 10 % of fallbacks, 5 % of errors; an hour unlike its hour of the week, at a false alarm in 10,000 hours. None watches the error itself: what is too much only the use case knows.
 * - Retraining is due on Mondays at three (UTC) with 500 new labels, and a day after the last at the earliest.
 * - Inputs are logged; no business metrics, no description.
 */
export function defaultPolicies(task: Task['type']): Policies {
  const isBinary = task === 'binary';
  const minSamples = MIN_SAMPLES;
  return {
    description: '',
    splitBy: { type: 'random' },
    search: {
      algorithms: [isBinary ? 'logistic-regression' : 'ridge', 'hist-gradient-boosting'],
      folds: 5,
    },
    objective: isBinary ? 'log_loss' : 'mae',
    gates: defaultGates(task),
    rollout: { steps: [0.01, 0.05, 0.1, 0.25, 0.5, 1], holdMs: DAY_MS },
    monitors: {
      drift: { minSamples: 200, alpha: 0.01, minPsi: 0.1, windowMs: HOUR_MS },
      fallbackRate: { max: 0.1, minSamples },
      errorRate: { max: 0.05, minSamples },
      activity: { alpha: 1e-4 },
    },
    retraining: { cron: '0 3 * * 1', minNewLabels: 500, cooldownMs: DAY_MS },
    businessMetrics: [],
    logging: { features: true },
  };
}

/** The gates among them, for a use case that wants others beside these. */
export function defaultGates(task: Task['type']): Gate[] {
  const minSamples = MIN_SAMPLES;
  const ofTask: Gate[] =
    task === 'binary'
      ? [
          { metric: 'brier', maxRatioToChampion: 1.1, minSamples },
          { metric: 'calibration_error', max: 0.1, minSamples },
        ]
      : [{ metric: 'mae', maxRatioToChampion: 1.1, minSamples }];
  return [
    ...ofTask,
    { metric: 'fallback_rate', max: 0.05, minSamples },
    { metric: 'error_rate', max: 0.02, minSamples },
    { metric: 'latency_p95_ms', max: 100, minSamples },
  ];
}
