import { normalQuantile } from '../distributions/normal.ts';
import { type Movement, movementOf } from '../series/weighted-line.ts';
import { type ArmStatistics, armsOf } from './arm.ts';
import { type EffectScale, effectOf } from './effect.ts';
import { type Heterogeneity, judgeSegments, type SegmentEffect } from './segments.ts';

/** Both arms in one part of an experiment: a day, a segment. */
export type Part = { name: string; control: ArmStatistics; treatment: ArmStatistics };

/** The effect in one part; parts in which it cannot be told are left out. */
export type PartEffect = SegmentEffect & { interval: [number, number] };

export type Novelty = {
  days: PartEffect[];
  movement: Movement;
  /** `wears_off`: the effect gets smaller by the day, whatever its sign; `grows`: larger. */
  verdict: 'wears_off' | 'grows' | 'varies' | 'steady';
};

export type SegmentFindings = Heterogeneity & { effects: PartEffect[] };

type PartOptions = { effect: EffectScale; alpha: number };

/**
 * Does the effect wear off as users get used to it? The effects of the days about their mean, and a line through them.
 * Days must not hold the same units twice, or units that stay must be few: the days are taken as independent.
 * @returns null with fewer than three days whose effect can be told
 */
export function noveltyOf(days: readonly Part[], options: PartOptions): Novelty | null {
  const effects = effectsOf(days, options);
  const estimates = effects.map(({ segment, estimate, standardError }) => ({
    at: days.findIndex(({ name }) => name === segment),
    value: estimate,
    standardError,
  }));
  const movement = movementOf(estimates, { alpha: options.alpha });
  if (!movement) return null;
  const { verdict, mean } = movement;
  if (verdict === 'varies' || verdict === 'steady') return { days: effects, movement, verdict };
  const isSmaller = mean > 0 ? verdict === 'falls' : verdict === 'rises';
  return { days: effects, movement, verdict: isSmaller ? 'wears_off' : 'grows' };
}

/** Does the effect differ between segments, and where? @returns null for fewer than two that can be told */
export function segmentsOf(
  segments: readonly Part[],
  options: PartOptions,
): SegmentFindings | null {
  const effects = effectsOf(segments, options);
  const judged = judgeSegments(effects);
  return judged && { ...judged, effects };
}

function effectsOf(parts: readonly Part[], { effect: scale, alpha }: PartOptions): PartEffect[] {
  const reach = normalQuantile(alpha / 2, 'upper');
  return parts.flatMap(({ name, control, treatment }) => {
    const arms = armsOf(control, treatment);
    const effect = arms.ok ? effectOf(arms.value.control, arms.value.treatment, scale) : null;
    if (!effect) return [];
    const { estimate, standardError, n } = effect;
    const half = reach * standardError;
    const interval: [number, number] = [estimate - half, estimate + half];
    return [{ segment: name, estimate, standardError, n, interval }];
  });
}
