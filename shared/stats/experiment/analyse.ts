import { fail, ok, type Result } from '../../core/result.ts';
import type { Alternative } from '../tests/test-result.ts';
import { type ArmError, type ArmStatistics, armsOf } from './arm.ts';
import { bayesianTest, type EffectPrior } from './bayesian.ts';
import { type EffectScale, effectOf } from './effect.ts';
import { sequentialTest, welchTest } from './frequentist.ts';

export type ExperimentQuestion = {
  control: ArmStatistics;
  treatment: ArmStatistics;
  test: 'welch' | 'sequential' | 'bayesian';
  alternative: Alternative;
  /** Scale of the effect. */
  effect: EffectScale;
  alpha: number;
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
  | { reason: 'no_spread' }
  | { reason: 'control_mean_is_zero' }
  | { reason: 'bad_alpha'; alpha: number };

/** One metric of one experiment, asked one way. */
export function analyseExperiment(
  question: ExperimentQuestion,
): Result<ExperimentAnswer, ExperimentError> {
  const { alpha } = question;
  if (!(alpha > 0 && alpha < 1)) return fail({ reason: 'bad_alpha', alpha });
  const arms = armsOf(question.control, question.treatment);
  if (!arms.ok) return arms;
  const { control, treatment } = arms.value;
  const effect = effectOf(control, treatment, question.effect);
  if (!effect)
    return fail(
      control.variance(1) + treatment.variance(1) > 0
        ? { reason: 'control_mean_is_zero' }
        : { reason: 'no_spread' },
    );
  if (question.test === 'bayesian') {
    const { prior, effect: scale, isInverse } = question;
    const options = { alpha, prior, scale, isInverse, controlMean: control.base };
    return ok({ ...bayesianTest(effect, options), pValue: null });
  }
  const tested =
    question.test === 'welch' ? welchTest(effect, question) : sequentialTest(effect, question);
  return ok({ ...tested, chanceToWin: null, risk: null });
}
