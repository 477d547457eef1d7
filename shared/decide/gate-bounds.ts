import type { Gate } from '../contracts/declaration.ts';
import type { Profile } from '../contracts/profile.ts';
import type { GateResult } from '../contracts/registry.ts';
import { BACKENDS } from '../contracts/telemetry.ts';
import { unreachable } from '../core/assert.ts';
import { countOf } from '../stats/profile/column-profile.ts';
import { judgeBusinessBound, judgeBusinessRatio } from './gate-business.ts';
import { judgeCalibration } from './gate-calibration.ts';
import {
  ERROR_MEASURES,
  type ErrorMeasure,
  judgeErrorBound,
  judgeErrorRatio,
} from './gate-errors.ts';
import { judgeGroupOfChampion, judgeGroupOfOthers, shareOfGroup } from './gate-groups.ts';
import { judgeLatencyBound, type LatencyOf } from './gate-latency.ts';
import type { GateQuestion, StepEvidence } from './gate-question.ts';
import { judgeRateBound, judgeRateRatio, judgeShareAtLeast, type RateOf } from './gate-rates.ts';
import { totalOf } from './gate-verdict.ts';
import {
  agreementRateOf,
  decisionRateOf,
  errorRateOf,
  fallbackRateOf,
  incidentRateOf,
  intervalMissRateOf,
} from './telemetry-rates.ts';

/** One thing that a gate asks; several of one `family` share its chance of a false alarm. */
export type Bound = {
  metric: string;
  limit: number;
  family: number;
  judge: (question: GateQuestion) => GateResult;
  /** Steps that have something to say on it; without one, and in another step, it is not asked. */
  mode?: StepEvidence['mode'];
  /** Share of the evidence that this part is; a part that is rare holds nothing up. */
  shareOf?: (question: GateQuestion) => number;
};

/** What a declaration says beside its gates. */
export type GateContext = {
  /** Values of the declared sensitive input. */
  groups: readonly string[];
  /** Of a classifier: probabilities from this on are decided to be positive. */
  threshold: number;
};

/** What one gate asks, for the backends and the groups there may be. */
export function boundsOf(gate: Gate, { groups, threshold }: GateContext): Bound[] {
  const { metric } = gate;
  switch (metric) {
    case 'mae':
    case 'rmse':
    case 'brier':
    case 'log_loss':
      return errorBounds(gate, ERROR_MEASURES[metric]);
    case 'accuracy':
    case 'precision':
    case 'recall':
      return leastBounds(gate, (profile) => decisionRateOf(profile, metric, threshold));
    case 'calibration_error':
      return calibrationBounds(gate);
    case 'fallback_rate':
      return rateBounds(gate, fallbackRateOf);
    case 'error_rate':
      return rateBounds(gate, errorRateOf);
    case 'interval_miss_rate':
      return rateBounds(gate, intervalMissRateOf);
    case 'download_failure_rate':
      return rateBounds(gate, (profile) => incidentRateOf(profile, 'download'));
    case 'integrity_failure_rate':
      return rateBounds(gate, (profile) => incidentRateOf(profile, 'integrity'));
    case 'latency_p95_ms':
      return gate.eachBackend
        ? BACKENDS.flatMap((backend) => backendBounds(gate, backend))
        : latencyBounds(gate, (profile) => profile.latencyMs);
    case 'agreement_rate':
      return leastBounds(gate, agreementRateOf, { mode: 'shadow' });
    case 'group_mae_ratio':
      return groups.flatMap((group) => groupBounds(gate, group, groups.length));
    case 'business':
      return businessBounds(gate);
    default:
      return unreachable(metric);
  }
}

type Judges = { bound: Bound['judge']; ratio: Bound['judge'] };

function maxBounds(
  { metric, max, maxRatioToChampion }: Gate,
  judges: Judges,
  of: Partial<Bound> = {},
): Bound[] {
  const base = { metric, family: 1, ...of };
  const bounds: Bound[] = [];
  if (max !== undefined) bounds.push({ ...base, limit: max, judge: judges.bound });
  if (maxRatioToChampion !== undefined)
    bounds.push({ ...base, limit: maxRatioToChampion, judge: judges.ratio });
  return bounds;
}

const errorBounds = (gate: Gate, error: ErrorMeasure): Bound[] =>
  maxBounds(gate, {
    bound: (question) => judgeErrorBound(question, error),
    ratio: (question) => judgeErrorRatio(question, error),
  });

const calibrationBounds = ({ metric, max }: Gate): Bound[] =>
  max === undefined ? [] : [{ metric, limit: max, family: 1, judge: judgeCalibration }];

const rateBounds = (gate: Gate, rateOf: RateOf): Bound[] =>
  maxBounds(gate, {
    bound: (question) => judgeRateBound(question, rateOf),
    ratio: (question) => judgeRateRatio(question, rateOf),
  });

const latencyBounds = (gate: Gate, latencyOf: LatencyOf, of: Partial<Bound> = {}): Bound[] =>
  maxBounds(
    gate,
    {
      bound: (question) => judgeLatencyBound(question, { isRatio: false, latencyOf }),
      ratio: (question) => judgeLatencyBound(question, { isRatio: true, latencyOf }),
    },
    of,
  );

function backendBounds(gate: Gate, backend: string): Bound[] {
  const latencyOf: LatencyOf = ({ backends }) => backends[backend] ?? null;
  const answers = (profile: Profile): number => {
    const latencies = latencyOf(profile);
    return latencies ? countOf(latencies) : 0;
  };
  return latencyBounds(gate, latencyOf, {
    metric: `${gate.metric}:${backend}`,
    family: BACKENDS.length,
    shareOf: ({ steps }) => {
      const all = totalOf(steps, ({ latencyMs }) => countOf(latencyMs));
      return all === 0 ? 0 : totalOf(steps, answers) / all;
    },
  });
}

function leastBounds({ metric, min }: Gate, rateOf: RateOf, of: Partial<Bound> = {}): Bound[] {
  if (min === undefined) return [];
  const judge: Bound['judge'] = (question) => judgeShareAtLeast(question, rateOf);
  return [{ metric, limit: min, family: 1, ...of, judge }];
}

const groupBounds = (gate: Gate, group: string, family: number): Bound[] =>
  maxBounds(
    gate,
    {
      bound: (question) => judgeGroupOfOthers(question, group),
      ratio: (question) => judgeGroupOfChampion(question, group),
    },
    {
      metric: `${gate.metric}:${group}`,
      family,
      shareOf: (question) => shareOfGroup(question, group),
    },
  );

function businessBounds({ metric, name = '', min, minRatioToChampion }: Gate): Bound[] {
  const base = { metric: `${metric}:${name}`, family: 1, mode: 'serve' } as const;
  const bounds: Bound[] = [];
  if (min !== undefined)
    bounds.push({ ...base, limit: min, judge: (question) => judgeBusinessBound(question, name) });
  if (minRatioToChampion !== undefined)
    bounds.push({
      ...base,
      limit: minRatioToChampion,
      judge: (question) => judgeBusinessRatio(question, name),
    });
  return bounds;
}
