import type { Gate } from '../contracts/declaration.ts';
import type { GateResult } from '../contracts/registry.ts';
import { judgeErrorBound, judgeErrorRatio } from './gate-errors.ts';
import type { GateQuestion, StepEvidence } from './gate-question.ts';
import { judgeLatencyBound, judgeRateBound, judgeRateRatio } from './gate-rates.ts';

/** Chance that any gate of a rollout ever fails a challenger that keeps all bounds. */
export const GATE_ALPHA = 0.05;

/**
 * Verdicts of a rollout's gates on the evidence of its steps so far, one result per bound.
 *
 * - `fail`: a confidence sequence over the whole rollout shows that the bound is broken. It may be looked at
 *   after every fold: a challenger that keeps all bounds is ever failed with chance at most `alpha`.
 * - `insufficient_data`: fewer than `minSamples` challenger samples in the CURRENT step.
 * - `pass`: enough data, and the estimate is on the good side of the bound. The bound itself holds the
 *   tolerance, so a fine challenger need not be PROVEN better, which could hold it for ever.
 * - `inconclusive`: enough data, estimate on the bad side, but not shown: hold, more data settles it.
 *
 * Ratios compare both sides step by step and weigh the steps, so a change of traffic between steps does not
 * look like a difference. A rollout without champion passes its ratio bounds.
 * @param steps every step so far in order, the last the current one; at least one
 */
export function judgeGates(
  gates: readonly Gate[],
  steps: readonly StepEvidence[],
  options: { alpha?: number } = {},
): GateResult[] {
  const bounds = gates.flatMap(boundsOf);
  const alpha = (options.alpha ?? GATE_ALPHA) / Math.max(1, bounds.length);
  return bounds.map((bound) => judgeBound({ ...bound, alpha, steps }, bound.isRatio));
}

type Bound = Pick<GateQuestion, 'metric' | 'limit' | 'minSamples'> & { isRatio: boolean };

function boundsOf(gate: Gate): Bound[] {
  const { metric, minSamples, max, maxRatioToChampion } = gate;
  const bounds: Bound[] = [];
  if (max !== undefined) bounds.push({ metric, minSamples, limit: max, isRatio: false });
  if (maxRatioToChampion !== undefined)
    bounds.push({ metric, minSamples, limit: maxRatioToChampion, isRatio: true });
  return bounds;
}

function judgeBound(question: GateQuestion, isRatio: boolean): GateResult {
  switch (question.metric) {
    case 'mae':
    case 'rmse':
      return isRatio ? judgeErrorRatio(question) : judgeErrorBound(question);
    case 'fallback_rate':
    case 'error_rate':
      return isRatio ? judgeRateRatio(question) : judgeRateBound(question);
    case 'latency_p95_ms':
      return judgeLatencyBound(question, isRatio);
  }
}
