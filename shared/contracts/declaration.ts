import * as v from 'valibot';

/** What an input does when its value is missing: refuse the row, or let the model's graph impute it. */
export const missingPolicy = v.picklist(['reject', 'impute']);

/** `constructor` and its like are found in every object: as a key they would name what nobody put there. */
const isOwnName = (text: string): boolean => !(text in {});
const ownName = v.check(isOwnName, 'is a name that every JavaScript object has; take another');

const name = v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/), ownName);
/** A use case's id, which is also its model's. */
export const modelId = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z0-9-]{1,62}$/, 'expected lower-case letters, digits and dashes'),
  ownName,
);
const label = v.pipe(v.string(), v.minLength(1), v.maxLength(120));

export const numberInput = v.object({
  name,
  label,
  type: v.literal('number'),
  /** Unit as a person reads it: km, minutes, °F. */
  unit: v.optional(v.pipe(v.string(), v.maxLength(24))),
  /** Values outside are answered and flagged, never refused. */
  range: v.tuple([v.number(), v.number()]),
  step: v.optional(v.pipe(v.number(), v.minValue(0))),
  missing: missingPolicy,
  help: v.optional(v.pipe(v.string(), v.maxLength(240))),
});

export const categoryInput = v.object({
  name,
  label,
  type: v.literal('category'),
  /** Known values; the wire and the graph carry `value`, the form shows `label`. */
  categories: v.pipe(
    v.array(v.object({ value: v.pipe(v.string(), v.minLength(1), v.maxLength(64)), label })),
    v.minLength(2),
    v.maxLength(500),
  ),
  missing: missingPolicy,
  help: v.optional(v.pipe(v.string(), v.maxLength(240))),
});

export const input = v.variant('type', [numberInput, categoryInput]);

const outcomeClass = v.object({
  /** As the data says it. */
  value: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  label,
});

/**
 * regression: answers and outcomes are numbers in `unit`.
 * binary: an answer is the probability of the second class, in [0, 1], and an outcome 0 or 1: its place in `classes`.
 */
export const task = v.variant('type', [
  v.object({ type: v.literal('regression'), unit: v.string() }),
  v.object({
    type: v.literal('binary'),
    /** The negative class, then the positive one, which is what is predicted. */
    classes: v.tuple([outcomeClass, outcomeClass]),
    /** From this probability on the answer is the positive class; whole hundredths. */
    threshold: v.optional(v.pipe(v.number(), v.minValue(0.01), v.maxValue(0.99)), 0.5),
  }),
]);

/** What training makes best: of a regression the first two, of a classifier the others. */
export const objective = v.picklist(['mae', 'rmse', 'log_loss', 'brier', 'roc_auc', 'pr_auc']);

export const gateMetric = v.picklist([
  'mae',
  'rmse',
  'brier',
  'log_loss',
  'accuracy',
  'precision',
  'recall',
  'calibration_error',
  'fallback_rate',
  'error_rate',
  'latency_p95_ms',
  'interval_miss_rate',
  'download_failure_rate',
  'integrity_failure_rate',
  'agreement_rate',
  'group_mae_ratio',
  'business',
]);

/**
 * What must hold before a rollout goes on. `max` bounds the challenger's own metric;
 * `maxRatioToChampion` bounds it against the champion's over the same rollout. `min` and
 * `minRatioToChampion` are for what should be large: agreement and business metrics.
 *
 * - `mae`, `rmse` are of regressions; `brier`, `log_loss`, `calibration_error` (all `max`) and `accuracy`, `precision`,
 *   `recall` (all `min`, at the task's threshold) of classifiers.
 * - `interval_miss_rate`: outcomes outside the interval that the answer came with.
 * - `download_failure_rate`, `integrity_failure_rate`: devices that could not get, or would not run, the version.
 * - `agreement_rate`: shadow answers within `tolerance` of the champion's; judged in shadow steps alone.
 * - `group_mae_ratio`: `max` bounds each group's MAE against all other groups' of the declared sensitive input,
 *   `maxRatioToChampion` against the champion's for the same group.
 * - `business`: what the application counts as `metric: business, name`, a prediction; not judged in the shadow.
 */
export const gate = v.object({
  metric: gateMetric,
  max: v.optional(v.number()),
  maxRatioToChampion: v.optional(v.number()),
  min: v.optional(v.number()),
  minRatioToChampion: v.optional(v.number()),
  /** Largest difference of two answers that agree, target units; if left out the challenger's cross-validated MAE, of a classifier 0.05. */
  tolerance: v.optional(v.pipe(v.number(), v.minValue(0))),
  /** Of one of the declared business metrics. */
  name: v.optional(name),
  /** Latency: each backend that answers is held to the bound by itself. */
  eachBackend: v.optional(v.boolean()),
  /** Fewer challenger samples than this in a step is `insufficient_data`: the step holds. */
  minSamples: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

const share = v.pipe(v.number(), v.minValue(0.0001), v.maxValue(1));
const heldMs = v.pipe(v.number(), v.minValue(0));
export const rolloutStrategy = v.picklist(['canary', 'all', 'blue-green', 'rolling', 'shadow']);
/** verdict: the gates promote. hand: when they hold, somebody must. */
export const promotion = v.picklist(['verdict', 'hand']);

export const rolloutPolicy = v.object({
  /** Shares of assigned traffic in (0, 1], growing, the last 1. */
  steps: v.pipe(v.array(share), v.minLength(1), v.maxLength(20)),
  /** Each step is held at least this long. */
  holdMs: heldMs,
  /** How a retrained challenger is rolled out; canary if left out. */
  strategy: v.optional(v.picklist(['canary', 'blue-green', 'rolling', 'shadow'])),
  /** Equal increments at equal times; goes on by time unless a gate breaks or looks bad. */
  rolling: v.optional(v.object({ increment: share, everyMs: heldMs })),
  /** The challenger answers beside the champion on this share of devices; nobody is given its answers. */
  shadow: v.optional(
    v.object({
      share,
      holdMs: heldMs,
      /** After its gates hold: the canary's steps, or everybody. */
      followedBy: v.picklist(['canary', 'all']),
      promotion,
    }),
  ),
  /** A preview on a share of devices, then everybody at once, watched for `watchMs` and switched back at once. */
  blueGreen: v.optional(
    v.object({
      preview: v.picklist(['shadow', 'serve']),
      share,
      holdMs: heldMs,
      watchMs: heldMs,
    }),
  ),
});

export const monitors = v.object({
  drift: v.object({
    /** Events in the window before a verdict is given. */
    minSamples: v.pipe(v.number(), v.integer(), v.minValue(30)),
    /** False-discovery rate over the features of one model. */
    alpha: v.pipe(v.number(), v.minValue(1e-12), v.maxValue(0.5)),
    /** A significant change smaller than this PSI is reported, not alerted. */
    minPsi: v.pipe(v.number(), v.minValue(0)),
    windowMs: v.pipe(v.number(), v.minValue(1000)),
    /**
     * sliding: the last `windowMs`. tumbling: the stretch of `windowMs` under way, counted from 1970.
     * since-deploy: since the version became champion.
     */
    window: v.optional(v.picklist(['sliding', 'tumbling', 'since-deploy'])),
  }),
  fallbackRate: v.object({ max: v.number(), minSamples: v.number() }),
  errorRate: v.object({ max: v.number(), minSamples: v.number() }),
  /** Of a regression. */
  mae: v.optional(v.object({ max: v.number(), minSamples: v.number() })),
  /** Of a classifier. */
  brier: v.optional(v.object({ max: v.number(), minSamples: v.number() })),
  /**
   * Is an hour of traffic unlike its hour of the week: predictions, fallbacks, loss? `alpha`: false alarms an hour of
   * each, where nothing changed. 0 or left out: not asked.
   */
  activity: v.optional(v.object({ alpha: v.pipe(v.number(), v.minValue(0), v.maxValue(0.5)) })),
  /**
   * How long a condition must fire without a break to open an alert (0), and be clear to resolve one (60 s); otherwise
   * for `rules`: one (`mae`, `drift:distance`), or all before a colon (`drift`).
   */
  alerting: v.optional(
    v.object({
      forMs: heldMs,
      recoverAfterMs: heldMs,
      rules: v.optional(
        v.record(
          v.string(),
          v.object({ forMs: v.optional(heldMs), recoverAfterMs: v.optional(heldMs) }),
        ),
      ),
    }),
  ),
});

export const retraining = v.object({
  /** Cron of the schedule, UTC, five fields. */
  cron: v.string(),
  minNewLabels: v.pipe(v.number(), v.integer(), v.minValue(50)),
  cooldownMs: v.pipe(v.number(), v.minValue(0)),
  /** What starts a run between the scheduled ones; each needs the labels and the cool-down all the same. */
  triggers: v.optional(
    v.object({
      /** At least this share of the inputs drifted. */
      drift: v.optional(share),
      /** The error is shown to be above this many times what it was when tested. */
      decay: v.optional(v.pipe(v.number(), v.minValue(1))),
      /** So many new labels are enough by themselves. */
      labels: v.optional(v.pipe(v.number(), v.integer(), v.minValue(50))),
    }),
  ),
});

/** The part of a use case that is data: everything but its fallback function. */
export const declaration = v.object({
  id: modelId,
  title: label,
  description: v.pipe(v.string(), v.maxLength(2000)),
  task,
  inputs: v.pipe(v.array(input), v.minLength(1), v.maxLength(200)),
  target: v.object({ name, label, unit: v.string(), range: v.tuple([v.number(), v.number()]) }),
  /** Column by which rows are in time order, when the split must respect it. */
  splitBy: v.variant('type', [
    v.object({ type: v.literal('random') }),
    v.object({ type: v.literal('time'), column: name }),
  ]),
  search: v.object({
    /** Names that `edgewise algorithms` lists. */
    algorithms: v.array(v.pipe(v.string(), v.maxLength(64))),
    folds: v.number(),
    /** Parameter sets that are tried of each algorithm, its defaults first. */
    trials: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100))),
  }),
  objective,
  gates: v.pipe(v.array(gate), v.maxLength(20)),
  rollout: rolloutPolicy,
  monitors,
  retraining,
  businessMetrics: v.array(v.object({ name, label })),
  logging: v.object({ features: v.boolean() }),
  /** A category input by whose values errors are compared; outcomes then carry it. */
  sensitive: v.optional(name),
});

export type MissingPolicy = v.InferOutput<typeof missingPolicy>;
export type NumberInput = v.InferOutput<typeof numberInput>;
export type CategoryInput = v.InferOutput<typeof categoryInput>;
export type Task = v.InferOutput<typeof task>;
export type Objective = v.InferOutput<typeof objective>;
export type Input = v.InferOutput<typeof input>;
export type Gate = v.InferOutput<typeof gate>;
export type GateMetric = v.InferOutput<typeof gateMetric>;
export type RolloutPolicy = v.InferOutput<typeof rolloutPolicy>;
export type RolloutStrategy = v.InferOutput<typeof rolloutStrategy>;
export type Promotion = v.InferOutput<typeof promotion>;
export type Monitors = v.InferOutput<typeof monitors>;
export type Retraining = v.InferOutput<typeof retraining>;
export type Declaration = v.InferOutput<typeof declaration>;
