import type { Rng } from '../../core/rng.ts';
import { holm } from '../multiple-testing.ts';
import type { Proportion } from '../tests/counts.ts';
import { equalProportions } from '../tests/equal-proportions.ts';
import { proportionDifference } from '../tests/proportion-difference.ts';
import type { FairnessReport, GroupMetrics } from './group-metrics.ts';

/** Rates in which groups may differ. */
export const GROUP_RATES = [
  'selectionRate',
  'truePositiveRate',
  'falsePositiveRate',
  'precision',
] as const;
export type GroupRate = (typeof GROUP_RATES)[number];

export type GroupDifference = {
  rate: GroupRate;
  /** Groups of the lowest and the highest rate, in which they were last and first. */
  lowest: string;
  highest: string;
  /** highest - lowest, and an interval on that of these two groups (chosen after the fact: it leans outwards). */
  difference: number;
  interval: [number, number];
  /** Do the groups differ at all? Of all of them (`equalProportions`); adjusted over the rates (Holm). */
  pValue: number;
  adjustedPValue: number;
};

/**
 * Do groups differ beyond chance, in which rate, and by how much? Groups that are too small are left out.
 * @param options.rng draws tables of many small groups
 * @returns the rates that two groups or more have
 */
export function groupDifferences(
  report: FairnessReport,
  options: { rng: Rng; alpha?: number },
): GroupDifference[] {
  const tooSmall = new Set(report.tooSmall);
  const compared = Object.entries(report.groups).filter(([name]) => !tooSmall.has(name));
  const found = GROUP_RATES.flatMap((rate) => differenceIn(rate, compared, options) ?? []);
  const adjusted = holm(found.map(({ pValue }) => pValue));
  return found.map((difference, i) => ({ ...difference, adjustedPValue: adjusted[i] }));
}

function differenceIn(
  rate: GroupRate,
  groups: readonly (readonly [string, GroupMetrics])[],
  { rng, alpha = 0.05 }: { rng: Rng; alpha?: number },
): Omit<GroupDifference, 'adjustedPValue'> | null {
  const known = groups.flatMap(([name, metrics]) => {
    const counted = countsOf(metrics, rate);
    return counted ? [{ name, ...counted }] : [];
  });
  if (known.length < 2) return null;
  const byRate = [...known].sort((a, b) => a.events / a.n - b.events / b.n);
  const [lowest, highest] = [byRate[0], byRate[byRate.length - 1]];
  const gap = proportionDifference(lowest, highest, alpha);
  if (!gap) return null;
  const test = equalProportions(known, { rng });
  if (!test) return null;
  const names = { lowest: lowest.name, highest: highest.name };
  return { rate, ...names, ...gap, pValue: test.pValue };
}

/** Events and trials of a rate; null where its base is empty. */
function countsOf(metrics: GroupMetrics, rate: GroupRate): Proportion | null {
  const value = metrics[rate];
  return value && { events: Math.round(value.value * value.n), n: value.n };
}
