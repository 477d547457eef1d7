import type { Adjusted } from './adjustment.ts';
import { canShowGain, type ExperimentAnswer, type Measured } from './analyse.ts';
import { type Direction, decideExperiment, type ExperimentDecision } from './decision.ts';
import type { MetricAnswer, MetricQuestion, NonInferiority } from './findings.ts';
import { intervalLaw } from './next-look.ts';
import { type MarginTest, testMargin } from './non-inferiority.ts';

/** A metric's answer as if it were the only one. */
export type Alone = { measured: Measured; answer: ExperimentAnswer; margin: MarginTest | null };

/** What the other metrics make of it. */
export type Family = {
  effect: Adjusted | null;
  margin: Adjusted | null;
  adjustedOver: number;
  sampleRatioP: number | null;
};

/** The margin's test at a level; null where no margin was given. */
export const marginAt = (
  question: MetricQuestion,
  { effect, control }: Measured,
  level: number,
): MarginTest | null =>
  question.margin === null || question.margin === undefined
    ? null
    : testMargin(effect, {
        ...question,
        margin: question.margin,
        level,
        controlMean: control.base,
      });

/** Which way a metric went: settled by its adjusted p, or (Bayesian) by its interval. */
export function directionOf(
  { alpha, isInverse }: MetricQuestion,
  { effect, interval: [low, high], pValue }: ExperimentAnswer,
  adjusted: number | null,
): Direction {
  const isSettled = pValue === null ? low > 0 || high < 0 : adjusted !== null && adjusted <= alpha;
  if (!isSettled) return 'unsettled';
  return effect > 0 === (isInverse !== true) ? 'better' : 'worse';
}

export function nonInferiorityOf(
  question: MetricQuestion,
  { measured, margin: alone }: Alone,
  adjusted: Adjusted | null,
): NonInferiority | null {
  const { alpha, margin } = question;
  const told = marginAt(question, measured, adjusted?.level ?? alpha);
  if (!told || !alone || margin === null || margin === undefined) return null;
  const { bound, isWorse } = told;
  const { pValue, chance } = alone;
  const isNotWorse = adjusted ? adjusted.pValue <= alpha : (chance ?? 0) >= 1 - alpha;
  const verdict = isNotWorse ? 'not_worse' : isWorse ? 'worse' : 'unsettled';
  return { margin, bound, pValue, adjustedPValue: adjusted?.pValue ?? null, chance, verdict };
}

/** What to do; null where neither an effect worth having nor a margin was given. */
export function decisionOf(
  question: MetricQuestion,
  judged: Pick<MetricAnswer, 'direction' | 'adjustedInterval' | 'adjustedOver' | 'nonInferiority'>,
  { measured, levels }: { measured: Measured; levels: Family },
): ExperimentDecision | null {
  const { minEffect, isInverse, effect: scale, alpha } = question;
  const { direction, nonInferiority: known, adjustedOver: metrics } = judged;
  if (minEffect === null && known === null) return null;
  const [low, high] = judged.adjustedInterval;
  const { effect, control } = measured;
  const asked = { ...question, controlMean: control.base };
  const margin = known && {
    margin: known.margin,
    bound: isInverse ? -known.bound : known.bound,
    verdict: known.verdict,
    law: intervalLaw(effect, {
      ...asked,
      level: levels.margin?.level ?? alpha,
      isOneSided: true,
    }),
  };
  return decideExperiment({
    direction,
    interval: isInverse ? [-high, -low] : [low, high],
    n: effect.n,
    law: intervalLaw(effect, { ...asked, level: levels.effect?.level ?? alpha }),
    minEffect: minEffect ?? 0,
    margin,
    scale,
    isInverse: isInverse === true,
    metrics,
    canShowGain: canShowGain(question),
    sampleRatioP: levels.sampleRatioP ?? 1,
  });
}
