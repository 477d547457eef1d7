import type { Gate } from '../contracts/declaration.ts';
import type { GateResult } from '../contracts/registry.ts';
import { type Bound, boundsOf, type GateContext } from './gate-bounds.ts';
import type { StepEvidence } from './gate-question.ts';

/** Chance that any gate of a rollout ever fails a challenger that keeps all bounds. */
export const GATE_ALPHA = 0.05;
/** A backend or a group with a smaller share of the evidence than this holds nothing up; it may still fail. */
const LEAST_SHARE = 0.02;

/**
 * Verdicts of a rollout's gates on the evidence of its steps so far, one result per bound.
 *
 * - `fail`: a confidence sequence over the whole rollout shows that the bound is broken. It may be looked at
 *   after every fold: a challenger that keeps all bounds is ever failed with chance at most `alpha`, shared
 *   equally among the bounds, and among the backends or groups of one.
 * - `insufficient_data`: fewer than `minSamples` challenger samples in the CURRENT step.
 * - `pass`: enough data, and the estimate is on the good side of the bound. The bound itself holds the
 *   tolerance, so a fine challenger need not be PROVEN better, which could hold it for ever.
 * - `inconclusive`: enough data, estimate on the bad side, but not shown: hold, more data settles it, and
 *   `settledAt` says how much.
 *
 * Ratios compare both sides step by step and weigh the steps, so a change of traffic between steps does not
 * look like a difference. A rollout without champion passes its ratio bounds. Agreement is judged in shadow
 * steps alone, business metrics in steps that serve; a group or backend that hardly occurs holds nothing up.
 * @param steps every step so far in order, the last the current one; at least one
 */
export function judgeGates(
  gates: readonly Gate[],
  steps: readonly StepEvidence[],
  options: { alpha?: number } & Partial<GateContext> = {},
): GateResult[] {
  const { groups = [], threshold = 0.5 } = options;
  const asked = gates.flatMap((gate) =>
    boundsOf(gate, { groups, threshold }).map((bound) => ({ gate, bound })),
  );
  const families = asked.reduce((sum, { bound }) => sum + 1 / bound.family, 0);
  const alpha = (options.alpha ?? GATE_ALPHA) / Math.max(1, families);
  return asked.flatMap(
    ({ gate, bound }) => judgeBound(bound, { alpha, minSamples: gate.minSamples, steps }) ?? [],
  );
}

type Evidence = { alpha: number; minSamples: number; steps: readonly StepEvidence[] };

/** Null for what this step cannot be asked. */
function judgeBound(bound: Bound, { alpha, minSamples, steps }: Evidence): GateResult | null {
  const { metric, limit, family, mode, shareOf } = bound;
  const isAbout = (step: StepEvidence): boolean => !mode || (step.mode ?? 'serve') === mode;
  if (!isAbout(steps[steps.length - 1])) return null;
  const question = {
    metric,
    limit,
    minSamples,
    alpha: alpha / family,
    steps: steps.filter(isAbout),
  };
  const result = bound.judge(question);
  const isRare = shareOf !== undefined && shareOf(question) < LEAST_SHARE;
  return isRare && result.verdict === 'insufficient_data' ? null : result;
}
