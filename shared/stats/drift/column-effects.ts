import type { ColumnProfile, NumberProfile } from '../../contracts/profile.ts';
import { momentsOfProfile } from '../profile/number-sums.ts';
import { sumOf } from '../tests/value-runs.ts';
import { categoryStability } from './category-stability.ts';
import {
  cramersV,
  differenceOfMoments,
  type EffectSize,
  psiEffect,
  standardisedMeanDifference,
} from './effect-size.ts';
import { cellsOf } from './profile-cells.ts';
import { numbersOf, type SamplePair } from './sample.ts';

/** With fewer rows in a sample an interval holds the truth by luck: nothing is told. */
const FEWEST_ROWS = 10;

type Profiles = { reference: ColumnProfile; current: ColumnProfile };

/**
 * How large a change of raw values is, each effect with a 95 % interval: PSI always, then the mean difference of
 * numbers or Cramer's V of categories. None with fewer than 10 rows, missing ones counted, in a sample.
 * @param profiles the same values in the same bins
 */
export function effectsOfSamples(pair: SamplePair, profiles: Profiles): EffectSize[] {
  if (isTooSmall(profiles)) return [];
  const numbers = numbersOf(pair);
  const second = numbers
    ? standardisedMeanDifference(numbers.reference, numbers.current)
    : vOfProfiles(profiles);
  return [psiOfProfiles(profiles), second].flatMap((effect) => effect ?? []);
}

/** The same of values that are known by their profiles. */
export function effectsOfProfiles(profiles: Profiles): EffectSize[] {
  if (isTooSmall(profiles)) return [];
  const { reference, current } = profiles;
  const second =
    reference.type === 'number' && current.type === 'number'
      ? differenceOfMeans(reference, current)
      : vOfProfiles(profiles);
  return [psiOfProfiles(profiles), second].flatMap((effect) => effect ?? []);
}

const isTooSmall = ({ reference, current }: Profiles): boolean =>
  Math.min(sumOf(cellsOf(reference)), sumOf(cellsOf(current))) < FEWEST_ROWS;

/** PSI of two profiles in the same bins, missing values a cell of their own: how far they are apart beyond chance. */
export function psiOfProfiles({ reference, current }: Profiles): EffectSize | null {
  const psi = reference.type === 'number' ? psiEffect : categoryStability;
  return psi(cellsOf(reference), cellsOf(current));
}

const vOfProfiles = ({ reference, current }: Profiles): EffectSize | null =>
  cramersV(cellsOf(reference), cellsOf(current));

function differenceOfMeans(reference: NumberProfile, current: NumberProfile): EffectSize | null {
  const [before, now] = [momentsOfProfile(reference), momentsOfProfile(current)];
  return before && now && differenceOfMoments(before, now);
}
