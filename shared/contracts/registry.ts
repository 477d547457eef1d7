import type { Declaration, Promotion, RolloutStrategy } from './declaration.ts';
import type { Manifest, Signed } from './manifest.ts';
import type { Profile, ReferenceProfile } from './profile.ts';
import type { FallbackReason } from './telemetry.ts';

/** GET /v1/models/:model/versions/:version and the items of GET /v1/models/:model/versions. */
export type VersionView = {
  model: string;
  version: string;
  publishedAt: string;
  keyId: string;
  alias: 'champion' | 'challenger' | null;
  manifest: Manifest;
};

/** GET /v1/models/:model and the items of GET /v1/models. */
export type ModelView = {
  model: string;
  title: string;
  champion: string | null;
  challenger: string | null;
  mlEnabled: boolean;
  trafficPercentage: number;
  fallbackOnError: boolean;
  versions: string[];
};

export type RolloutStatus = 'running' | 'promoted' | 'rolled_back' | 'cancelled';

/**
 * One step of a rollout. serve: `share` of assigned traffic is given the challenger. shadow: on that share of
 * devices the challenger answers beside the champion, and nobody is given what it says.
 */
export type RolloutStep = { share: number; mode: 'serve' | 'shadow'; holdMs: number };

/** A strategy as data: what a running rollout goes through. */
export type RolloutPlan = {
  steps: RolloutStep[];
  /** evidence: a step is left when every gate passes. time: also with too little data. */
  pace: 'evidence' | 'time';
  promotion: Promotion;
};

export type RolloutView = {
  id: string;
  model: string;
  champion: string | null;
  challenger: string;
  strategy: RolloutStrategy;
  status: RolloutStatus;
  /** The share of each step, in its order. */
  steps: number[];
  plan: RolloutPlan;
  stepIndex: number;
  stepStartedAt: string;
  startedAt: string;
  endedAt: string | null;
  /** Why it holds, or why it ended. */
  reason: string;
  /** Verdict of each gate at the last look. */
  gates: GateResult[];
};

export type GateResult = {
  /** With what it is of after a colon: `latency_p95_ms:webgpu`, `group_mae_ratio:Berlin`, `business:sold`. */
  metric: string;
  verdict: 'pass' | 'fail' | 'inconclusive' | 'insufficient_data';
  challenger: number | null;
  champion: number | null;
  limit: number | null;
  n: number;
  needed: number;
  /** Samples of the current step at which it is settled if nothing changes; null: unknown, or settled. */
  settledAt?: number | null;
};

export type AlertView = {
  id: string;
  model: string;
  /** drift:INPUT, drift:prediction, drift:concept, mae, brier, fallback_rate, error_rate, rollout, loss, anomaly:SERIES */
  rule: string;
  severity: 'warning' | 'critical';
  status: 'firing' | 'resolved';
  summary: string;
  openedAt: string;
  lastSeenAt: string;
  resolvedAt: string | null;
};

export type DriftResult = {
  input: string;
  verdict: 'drift' | 'no_drift' | 'insufficient_data';
  n: number;
  needed: number;
  /** Population stability index less what chance alone gives it at these sizes; at least 0. */
  psi: number | null;
  statistic: number | null;
  pValue: number | null;
  adjustedPValue: number | null;
  /** combined: location, scale, shape and missing values asked apart, one p (numbers). */
  test: 'chi-square' | 'kolmogorov-smirnov' | 'combined';
};

export type VersionSummary = {
  /** Null: answers of devices that were assigned no version. */
  version: string | null;
  predictions: number;
  bySource: { model: number; fallback: number };
  byReason: Partial<Record<FallbackReason, number>>;
  /** deadline, integrity and runtime fallbacks / (model answers + those); null when no such answers. */
  fallbackRate: number | null;
  /** integrity and runtime failures, fallbacks and incidents / (model answers + failures); null without any. */
  errorRate: number | null;
  latencyMs: { p50: number | null; p95: number | null; p99: number | null };
  outcomes: number;
  /** Of a regression; null of a classifier. */
  mae: number | null;
  rmse: number | null;
  r2: number | null;
  /** The heuristic's MAE where it answered. */
  fallbackMae: number | null;
  /** Of a classifier; absent of a regression. What nothing was counted for is null. */
  classifier?: ClassifierSummary;
};

/** At the task's threshold where one is needed. */
export type ClassifierSummary = {
  brier: number | null;
  logLoss: number | null;
  rocAuc: number | null;
  accuracy: number | null;
  precision: number | null;
  recall: number | null;
  /** Expected calibration error, ten equal bins, less what chance gives it at these counts. */
  calibrationError: number | null;
  /** The heuristic's Brier score where it answered. */
  fallbackBrier: number | null;
};

/** GET /v1/models/:model/summary and the live stream's `summary` messages. */
export type ModelSummary = {
  model: string;
  /** Grows with each fold and whenever the summary says something else. */
  revision: number;
  foldedAt: string;
  windowMs: number;
  predictionsPerMinute: number;
  versions: VersionSummary[];
  drift: DriftResult[];
  /** Prior drift: of the model's own answers; null without a champion, absent from older summaries. */
  predictionDrift?: DriftResult | null;
  /** Share of the champion's outcomes that were positive; null of a regression, absent from older summaries. */
  outcomeRate?: OutcomeRate | null;
  /** Version whose reference the drift is against. */
  driftVersion: string | null;
  totals: {
    batches: number;
    events: number;
    predictions: number;
    outcomes: number;
    incidents: number;
    missing: number;
    dropped: number;
  };
  alerts: AlertView[];
  /** The last whole hour against its hour of the week; absent where it is not asked for, and from older summaries. */
  activity?: ActivityView;
  /** When the champion's loss passes its bound; null where no trend beyond chance says so. */
  forecast?: LossForecast | null;
  /** What an operator might do next, most pressing first; absent from older summaries. */
  suggestions?: Suggestion[];
};

export type ActivityView = {
  /** Start of the hour. */
  hour: string;
  series: {
    /** predictions; fallback_rate: a share; loss: MAE in target units, or Brier score. */
    name: 'predictions' | 'fallback_rate' | 'loss';
    verdict: 'usual' | 'unusual' | 'insufficient_data';
    /** Null where too little happened. */
    value: number | null;
    /** What its hour of the season usually is, and between what it would be usual; null with too little history. */
    expected: number | null;
    interval: [number, number] | null;
    season: 'hour-of-week' | 'hour-of-day' | null;
    /** Of what is unusual: the hour in which it began. */
    since: string | null;
  }[];
};

/** By the straight trend of the days. */
export type LossForecast = {
  loss: 'mae' | 'brier';
  limit: number;
  slopePerDay: number;
  days: number;
  at: string;
  earliest: string;
  /** Null: no bound on that side. */
  latest: string | null;
};

/** How often what a classifier predicts happens. */
export type OutcomeRate = {
  /** Over the window's outcomes; null without any. */
  now: number | null;
  n: number;
  /** In the rows it was trained on. */
  reference: number;
};

export type Suggestion = {
  action:
    | 'retrain'
    | 'watch'
    | 'lighter_model'
    | 'check_delivery'
    | 'collect_outcomes'
    | 'plan_retraining'
    | 'use_fallback'
    | 'promote'
    | 'wait'
    | 'decide';
  /** What to do and why, with the numbers behind it. */
  sentence: string;
  /** Those numbers by name. */
  numbers: Record<string, number>;
};

/** A rule of a model, or `*` for all, left alone until a time. GET and POST /v1/models/:model/silences */
export type SilenceView = {
  rule: string;
  until: string;
  why: string;
  by: string;
  createdAt: string;
};

/** `durationMs` 0 lifts a silence. */
export type SilenceRequest = { rule: string; durationMs: number; why: string };

/** GET /v1/models/:model/profiles?window=30d: what drift is computed from. */
export type ProfilesView = {
  model: string;
  windowMs: number;
  window: {
    kind: 'sliding' | 'tumbling' | 'since-deploy';
    /** What was asked for: from this moment, and (exclusive) to that one. */
    from: string;
    to: string;
    /** Start of the first bucket that is counted whole; later than `from` where older traffic was never kept. */
    coveredFrom: string | null;
  };
  /** Start of the oldest traffic that is kept; null without any. A window that reaches further back is cut there. */
  oldest: string | null;
  /** One per version with traffic in the window; version null: devices that were assigned none. */
  versions: {
    version: string | null;
    reference: ReferenceProfile | null;
    profile: Profile;
  }[];
};

/** GET /v1/models/:model/ledger?device= */
export type LedgerView = {
  batches: number;
  events: number;
  predictions: number;
  outcomes: number;
  writers: { device: string; writer: string; watermark: number; events: number; missing: number }[];
};

/** PUT /v1/models/:model/versions/:version. Files were put under /v1/artifacts/:sha256 before. */
export type PublishRequest = { manifest: Signed };
export type RolloutRequest = {
  version: string;
  strategy: RolloutStrategy;
  /** In place of what the strategy does by itself. */
  promotion?: Promotion;
};
export type ModelSettingsRequest = {
  mlEnabled?: boolean;
  trafficPercentage?: number;
  fallbackOnError?: boolean;
};

export type RunView = {
  id: string;
  model: string;
  trigger: 'schedule' | 'manual';
  status: 'running' | 'succeeded' | 'skipped' | 'failed';
  startedAt: string;
  endedAt: string | null;
  parentVersion: string | null;
  version: string | null;
  rows: number | null;
  detail: string;
};

export type AuditEntry = {
  at: string;
  actor: string;
  action: string;
  subject: string;
  detail: string;
};

/** A version's declaration as published, for the console and for judging. */
export type PublishedDeclaration = Declaration;

/** Messages of the live streams; `refetchEvaluation` is OFREP's own. */
export type LiveMessage =
  | { type: 'refetchEvaluation'; etag: string }
  | { type: 'summary'; model: string; summary: ModelSummary }
  | { type: 'rollout'; model: string; rollout: RolloutView }
  | { type: 'alert'; model: string; alert: AlertView }
  | { type: 'run'; model: string; run: RunView };
