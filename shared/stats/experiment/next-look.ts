import { normalQuantile, normalSurvival } from '../distributions/normal.ts';
import { mixtureHalfWidth, oneSidedMixtureHalfWidth } from '../sequential/normal-mixture.ts';
import type { ExperimentQuestion } from './analyse.ts';
import { posteriorOf } from './bayesian.ts';

/** Chance with which an effect is to be found. */
export const POWER = 0.8;

/** More units than this are never had. */
const MOST_UNITS = 1e12;

/** An interval as it will be at n units over both arms, better above 0: centre share x estimate + pull. */
export type Law = { halfWidth: number; share: number; pull: number; error: number };

export type IntervalLaw = (n: number) => Law;

type Asked = Pick<
  ExperimentQuestion,
  'test' | 'alternative' | 'alpha' | 'tuning' | 'prior' | 'effect' | 'isInverse'
> & {
  level: number;
  controlMean: number;
  /** Only the lower end is asked for, by a Bayesian test too. */
  isOneSided?: boolean;
};

/**
 * How wide the interval of a question will be when there are n units, by the law of its own test: a fixed horizon's,
 * the sequence's, the posterior's.
 * @param now the standard error that n units give
 */
export function intervalLaw(now: { standardError: number; n: number }, asked: Asked): IntervalLaw {
  const { test, level, alternative } = asked;
  const isTwoSided = !asked.isOneSided && (test === 'bayesian' || alternative === 'two-sided');
  const reach = normalQuantile(isTwoSided ? level / 2 : level, 'upper');
  return (n) => {
    const error = now.standardError * Math.sqrt(now.n / n);
    if (test === 'welch') return { halfWidth: reach * error, share: 1, pull: 0, error };
    if (test === 'sequential') {
      const running = { estimate: 0, standardError: error, n };
      const width = isTwoSided ? mixtureHalfWidth : oneSidedMixtureHalfWidth;
      return { halfWidth: width(running, asked), share: 1, pull: 0, error };
    }
    const options = { ...asked, scale: asked.effect };
    const { mean, deviation } = posteriorOf({ estimate: 0, standardError: error }, options);
    const share = (deviation / error) ** 2;
    return { halfWidth: reach * deviation, share, pull: asked.isInverse ? -mean : mean, error };
  };
}

/** An effect that is so, and the bound that its interval is to be above. */
export type Wanted = { truth: number; above: number };

/** Chance that the interval's lower end is above `above`, where the effect is `truth`. */
export function powerToShow({ share, pull, halfWidth, error }: Law, wanted: Wanted): number {
  const room = share * wanted.truth + pull - halfWidth - wanted.above;
  return share * error > 0 ? normalSurvival(-room / (share * error)) : Number(room > 0);
}

/** The smallest effect whose interval is above 0 with chance `power`; null where none is. */
export function smallestShown(
  { share, pull, halfWidth, error }: Law,
  power: number,
): number | null {
  const effect = (halfWidth - pull) / share + normalQuantile(power) * error;
  return Number.isFinite(effect) ? effect : null;
}

/** The fewest units at which that is shown with chance `power`; null where that is out of reach. */
export const unitsToShow = (law: IntervalLaw, wanted: Wanted, power = POWER): number | null =>
  fewest((n) => powerToShow(law(n), wanted) >= power);

/** The fewest units at which the interval is narrower than `width`: it settles whatever the effect is. */
export const unitsToNarrow = (law: IntervalLaw, width: number): number | null =>
  fewest((n) => 2 * law(n).halfWidth < width);

/** The fewest n at which it holds, for what holds for ever once it does. */
function fewest(holds: (n: number) => boolean): number | null {
  let high = 2;
  while (!holds(high)) {
    high *= 2;
    if (high > MOST_UNITS) return null;
  }
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
