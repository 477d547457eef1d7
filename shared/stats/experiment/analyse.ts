import { fail, ok, type Result } from '../../core/result.ts';
import type { Alternative } from '../tests/test-result.ts';
import { type Arm, type ArmError, type ArmStatistics, armsOf } from './arm.ts';
import { bayesianTest, type EffectPrior } from './bayesian.ts';
import { type Effect, type EffectScale, effectOf } from './effect.ts';
import { sequentialTest, welchTest } from './frequentist.ts';
import type { Part } from './parts.ts';
import { type StrataError, stratifiedArms } from './strata.ts';

export type ExperimentQuestion = {
  control: ArmStatistics;
  treatment: ArmStatistics;
  /** The same units by stratum: the effect is post-stratified. Empty or absent: it is not. */
  strata?: readonly Part[];
  test: 'welch' | 'sequential' | 'bayesian';
  alternative: Alternative;
  /** Scale of the effect. */
  effect: EffectScale;
  /** An effect relative to a mean below 0, which GrowthBook turns around, is refused. */
  refusesMeanBelowZero?: boolean;
  alpha: number;
  /** Chance to miss that the interval is for, where another than alpha, as among several metrics. */
  level?: number;
  /** Of the sequential test. */
  tuning: number;
  /** Of the Bayesian test. */
  prior: EffectPrior;
  /** Less is better (Bayesian test). */
  isInverse?: boolean;
  compatibility?: 'growthbook';
};

/** What a test does not say is null. Bounds may be infinite. */
export type ExperimentAnswer = {
  effect: number;
  interval: [number, number];
  pValue: number | null;
  chanceToWin: number | null;
  risk: [number, number] | null;
};

export type ExperimentError =
  | ArmError
  | StrataError
  | { reason: 'no_spread' }
  | { reason: 'control_mean_is_zero' }
  | { reason: 'no_relative_error' }
  | { reason: 'mean_below_zero'; mean: number }
  | { reason: 'beyond_numbers'; effect: number; standardError: number }
  | { reason: 'bad_alpha'; alpha: number }
  | { reason: 'bad_weights'; weights: readonly [number, number] };

export type Measured = { control: Arm; treatment: Arm; effect: Effect };

/** Both arms, post-stratified where strata are known, and the effect with its standard error. */
export function measureEffect(question: ExperimentQuestion): Result<Measured, ExperimentError> {
  const { alpha, strata = [] } = question;
  const isOneSided = question.alternative !== 'two-sided';
  if (!(alpha > 0 && alpha < mostAlpha(question.test, isOneSided)))
    return fail({ reason: 'bad_alpha', alpha });
  const plain = armsOf(question.control, question.treatment);
  if (!plain.ok) return plain;
  const units = { control: question.control.n, treatment: question.treatment.n };
  const arms = strata.length > 0 ? stratifiedArms(strata, units) : plain;
  if (!arms.ok) return arms;
  const { control, treatment } = arms.value;
  const isTurned = question.effect === 'relative' && control.base < 0;
  if (isTurned && question.refusesMeanBelowZero)
    return fail({ reason: 'mean_below_zero', mean: control.base });
  const effect = effectOf(control, treatment, question.effect);
  if (effect) return failureOf(effect) ?? ok({ control, treatment, effect });
  return fail(
    control.variance(1) + treatment.variance(1) > 0
      ? { reason: 'control_mean_is_zero' }
      : { reason: 'no_spread' },
  );
}

/** A one-sided sequence is half of a two-sided one of twice its alpha. */
export const mostAlpha = (test: ExperimentQuestion['test'], isOneSided: boolean): number =>
  test === 'sequential' && isOneSided ? 0.5 : 1;

/** Null where there is an error to hold the effect against; sums of extreme size have none that is a number. */
function failureOf({ estimate, standardError, df }: Effect): Result<never, ExperimentError> | null {
  if (standardError === 0) return fail({ reason: 'no_relative_error' });
  const isNumber = Number.isFinite(estimate) && Number.isFinite(standardError) && df > 0;
  return isNumber ? null : fail({ reason: 'beyond_numbers', effect: estimate, standardError });
}

/** Can it be shown that the treatment is better? One-sided, a test sees one side only; a posterior sees both. */
export const canShowGain = ({
  test,
  alternative,
  isInverse,
}: Pick<ExperimentQuestion, 'test' | 'alternative' | 'isInverse'>): boolean =>
  test === 'bayesian' || alternative !== (isInverse ? 'greater' : 'less');

/** One metric of one experiment, asked one way. */
export function analyseExperiment(
  question: ExperimentQuestion,
): Result<ExperimentAnswer, ExperimentError> {
  const measured = measureEffect(question);
  if (!measured.ok) return measured;
  const { effect, control } = measured.value;
  if (question.test === 'bayesian') {
    const { prior, effect: scale, isInverse, level: alpha = question.alpha } = question;
    const options = { alpha, prior, scale, isInverse, controlMean: control.base };
    return ok({ ...bayesianTest(effect, options), pValue: null });
  }
  const tested =
    question.test === 'welch' ? welchTest(effect, question) : sequentialTest(effect, question);
  return ok({ ...tested, chanceToWin: null, risk: null });
}
