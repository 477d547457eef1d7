import { benjaminiHochberg, benjaminiYekutieli, bonferroni, holm } from '../multiple-testing.ts';

/** How p of several metrics are adjusted: the chance of any false one (the first two), or the share of false ones. */
export const ADJUSTMENTS = [
  'holm',
  'bonferroni',
  'benjamini-hochberg',
  'benjamini-yekutieli',
  'none',
] as const;
export type Adjustment = (typeof ADJUSTMENTS)[number];

const ADJUST: Record<Adjustment, (pValues: readonly number[]) => number[]> = {
  holm,
  bonferroni,
  'benjamini-hochberg': benjaminiHochberg,
  'benjamini-yekutieli': benjaminiYekutieli,
  none: (pValues) => [...pValues],
};

export type Adjusted = {
  pValue: number;
  /** The level at which an interval leaves out no effect exactly where the adjusted p is at most its alpha. */
  level: number;
};

/**
 * p of a family adjusted, and the level that each was held against: alpha over the metrics that were not settled
 * before it (Holm), over all (Bonferroni), times the share of settled ones (Benjamini and Hochberg).
 * @param family p and the alpha of each; answers in that order
 * Source of intervals under control of the false discovery rate: Benjamini and Yekutieli (2005).
 */
export function adjustFamily(
  family: readonly { pValue: number; alpha: number }[],
  method: Adjustment,
): Adjusted[] {
  const pValues = family.map(({ pValue }) => pValue);
  const adjusted = ADJUST[method](pValues);
  const order = pValues.map((_, i) => i).sort((i, j) => pValues[i] - pValues[j]);
  const ranks = new Array<number>(order.length);
  order.forEach((i, rank) => {
    ranks[i] = rank;
  });
  return family.map(({ alpha }, i) => {
    const settled = adjusted.filter((p) => p <= alpha).length;
    const before = Math.min(ranks[i], settled);
    const level = alpha * shareOf(method, { m: family.length, settled, before });
    return { pValue: adjusted[i], level };
  });
}

function shareOf(
  method: Adjustment,
  { m, settled, before }: { m: number; settled: number; before: number },
): number {
  switch (method) {
    case 'none':
      return 1;
    case 'bonferroni':
      return 1 / m;
    case 'holm':
      return 1 / Math.max(1, m - before);
    case 'benjamini-hochberg':
      return Math.max(1, settled) / m;
    case 'benjamini-yekutieli':
      return Math.max(1, settled) / (m * harmonic(m));
  }
}

function harmonic(m: number): number {
  let sum = 0;
  for (let i = 1; i <= m; i++) sum += 1 / i;
  return sum;
}
