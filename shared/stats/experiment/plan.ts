import { fail, ok, type Result } from '../../core/result.ts';
import type { Alternative } from '../tests/test-result.ts';
import { canShowGain, type ExperimentQuestion, mostAlpha } from './analyse.ts';
import {
  type IntervalLaw,
  intervalLaw,
  powerToShow,
  smallestShown,
  unitsToShow,
} from './next-look.ts';

/** An experiment that has not begun. */
export type ExperimentPlan = Pick<
  ExperimentQuestion,
  'test' | 'alternative' | 'effect' | 'alpha' | 'tuning' | 'prior' | 'isInverse'
> & {
  /** Mean of a unit's value in the control: a rate where there is no `deviation`. */
  baseline: number;
  /** Standard deviation of a unit's value; absent: the value is 0 or 1. */
  deviation?: number;
  /** Smallest effect worth finding, above 0, on the effect's scale. */
  minEffect?: number;
  /** Instead: a loss that is borne; it is to be shown that the treatment is not worse by more, where it changes nothing. */
  margin?: number;
  power: number;
  /** Units in the treatment per unit in the control. */
  ratio: number;
  /** Units over both arms that there will be: then their power and what they can find is told too. */
  units?: number;
};

export type PlannedExperiment = {
  /** Over both arms, and in each; null where no number of units is enough, or no effect to find was given. */
  units: number | null;
  control: number | null;
  treatment: number | null;
  /** Of the given units; null without them. `detectable`: the smallest effect they show with the power asked. */
  given: { units: number; power: number | null; detectable: number | null } | null;
};

export type PlanError =
  | { reason: 'no_rate'; baseline: number; treatment: number }
  | { reason: 'baseline_is_zero' }
  | { reason: 'bad_alpha'; alpha: number }
  | { reason: 'no_spread' }
  | { reason: 'too_few_units'; n: number; needed: number }
  | { reason: 'shows_no_gain'; alternative: Alternative };

/** A spread is not seen in fewer. */
const LEAST_IN_ARM = 2;

/** Any number: the standard error is known at it, and by the square root elsewhere. */
const AT = 1e6;

/**
 * How many units an experiment needs to show the smallest effect worth having, by the law of the interval of the test
 * that will be asked: a fixed horizon's (normal approximation), a sequence's that is looked at as often as one likes,
 * a posterior's. Both arms have their own variance where the value is 0 or 1; a relative effect has the control's
 * sampling error in it. An arm has two units at least.
 */
export function planExperiment(plan: ExperimentPlan): Result<PlannedExperiment, PlanError> {
  const { baseline, minEffect, margin, power, ratio, units } = plan;
  const { alpha, alternative, test } = plan;
  const isOneSided = alternative !== 'two-sided' || margin !== undefined;
  if (!(alpha > 0 && alpha < mostAlpha(test, isOneSided)))
    return fail({ reason: 'bad_alpha', alpha });
  if (minEffect !== undefined && !canShowGain(plan))
    return fail({ reason: 'shows_no_gain', alternative });
  if (plan.effect === 'relative' && baseline === 0) return fail({ reason: 'baseline_is_zero' });
  const towards = (plan.isInverse ? -1 : 1) * (minEffect ?? 0);
  const unit = plan.effect === 'relative' ? Math.abs(baseline) : 1;
  const treatment = baseline + towards * unit;
  const isRate = plan.deviation === undefined;
  if (isRate && ![baseline, treatment].every((rate) => rate >= 0 && rate <= 1))
    return fail({ reason: 'no_rate', baseline, treatment });
  const law = lawOf(plan, treatment);
  if (law(AT).error === 0) return fail({ reason: 'no_spread' });
  const least = units === undefined ? null : Math.floor((units * Math.min(1, ratio)) / (1 + ratio));
  if (least !== null && least < LEAST_IN_ARM)
    return fail({ reason: 'too_few_units', n: least, needed: LEAST_IN_ARM });
  const wanted =
    margin === undefined ? { truth: minEffect ?? 0, above: 0 } : { truth: 0, above: -margin };
  const hasAim = minEffect !== undefined || margin !== undefined;
  const needed = hasAim ? unitsToShow(law, wanted, power) : null;
  const inArm = (share: number): number | null =>
    needed && Math.max(LEAST_IN_ARM, Math.ceil((needed * share) / (1 + ratio)));
  const [control, others] = [inArm(1), inArm(ratio)];
  const detectable = units === undefined ? null : smallestShown(law(units), power);
  return ok({
    ...{ control, treatment: others },
    units: control !== null && others !== null ? control + others : null,
    given:
      units === undefined
        ? null
        : { units, detectable, power: hasAim ? powerToShow(law(units), wanted) : null },
  });
}

function lawOf(plan: ExperimentPlan, treatment: number): IntervalLaw {
  const { baseline, deviation, ratio, effect: scale, alpha, margin } = plan;
  const varianceOf = (mean: number): number => (deviation ?? Math.sqrt(mean * (1 - mean))) ** 2;
  const r = scale === 'relative' ? treatment / baseline : 1;
  const unit = scale === 'relative' ? Math.abs(baseline) : 1;
  const [inControl, inTreatment] = [AT / (1 + ratio), (AT * ratio) / (1 + ratio)];
  const variance = (r * r * varianceOf(baseline)) / inControl + varianceOf(treatment) / inTreatment;
  return intervalLaw(
    { standardError: Math.sqrt(variance) / unit, n: AT },
    { ...plan, level: alpha, controlMean: baseline, isOneSided: margin !== undefined },
  );
}

/** Days until units over both arms have come. */
export const daysNeeded = (units: number, unitsPerDay: number): number =>
  Math.ceil(units / unitsPerDay);
