import { fail, ok, type Result } from '../../core/result.ts';
import { type Movement, movementOf } from '../series/weighted-line.ts';
import type { Proportion } from '../tests/counts.ts';
import { proportionDifference } from '../tests/proportion-difference.ts';
import type { GroupRate } from './group-differences.ts';
import { type Confusion, countByGroup, type Decisions } from './group-metrics.ts';

export type BiasWindow = {
  window: number;
  n: number;
  /** Rate of the disadvantaged and of the advantaged group, and their difference; null where a base is too small. */
  low: number | null;
  high: number | null;
  difference: number | null;
  interval: [number, number] | null;
};

export type BiasDrift = {
  rate: GroupRate;
  /** The groups that are furthest apart over all windows: lowest and highest rate. They are followed throughout. */
  groups: [lowest: string, highest: string];
  windows: BiasWindow[];
  /** Mean difference over windows, weighted by how well each is known. */
  mean: number;
  /** Change of the difference a window, with its interval. */
  trend: number;
  trendInterval: [number, number];
  /** Smaller p of two questions, adjusted for both: does the difference vary between windows, does it go one way? */
  pValue: number;
  verdict: 'widens' | 'narrows' | 'varies' | 'steady';
};

export type BiasDriftError =
  | { reason: 'no_two_groups'; groups: number }
  | { reason: 'too_few_windows'; windows: number; needed: number };

export type BiasDriftOptions = {
  rate: GroupRate;
  alpha?: number;
  /** A window counts when both groups have at least this many rows in the rate's base. */
  minGroupSize?: number;
  /** Rates that are asked about together: p is adjusted for so many. */
  rates?: number;
};

const NEEDED = 3;

/**
 * Does the difference between groups change over time? Of the groups that are large enough in three windows, the two
 * furthest apart over all rows are followed from window to window (`movementOf`).
 *
 * A steady difference is not a fair one: it is only the same one. Variances have half an event added to each side, so
 * that a window of no events has one. `widens` and `narrows` say what becomes of the size of the difference.
 * Cost: rows.
 */
export function biasDrift(
  windows: readonly Decisions[],
  { rate, alpha = 0.05, minGroupSize = 20, rates = 1 }: BiasDriftOptions,
): Result<BiasDrift, BiasDriftError> {
  const counted = windows.map((decisions) => countByGroup(decisions));
  const groups = furthestApart(counted, { rate, minGroupSize });
  if (!groups) return fail({ reason: 'no_two_groups', groups: groupCount(windows) });
  const measured = counted.map((confusions, window) => {
    const [low, high] = groups.map((group) => countsIn(confusions.get(group), rate));
    const isKnown = low.n >= minGroupSize && high.n >= minGroupSize;
    return { window, n: windows[window].truth.length, low, high, isKnown };
  });
  const known = measured.filter(({ isKnown }) => isKnown);
  const movement = movementOf(
    known.map(({ window, low, high }) => ({
      at: window,
      value: high.events / high.n - low.events / low.n,
      standardError: Math.sqrt(varianceOf(low) + varianceOf(high)),
    })),
    { alpha, questions: rates },
  );
  if (!movement) return fail({ reason: 'too_few_windows', windows: known.length, needed: NEEDED });
  const told = measured.map((one) => windowOf(one, alpha));
  return ok({ rate, groups, windows: told, ...judge(movement) });
}

const groupCount = (windows: readonly Decisions[]): number =>
  new Set(windows.flatMap(({ groups }) => groups)).size;

function furthestApart(
  windows: readonly ReadonlyMap<string, Confusion>[],
  { rate, minGroupSize }: { rate: GroupRate; minGroupSize: number },
): [string, string] | null {
  const totals = new Map<string, Proportion & { windows: number }>();
  for (const [name, confusion] of windows.flatMap((groups) => [...groups])) {
    const { events, n } = countsIn(confusion, rate);
    const before = totals.get(name) ?? { events: 0, n: 0, windows: 0 };
    totals.set(name, {
      events: before.events + events,
      n: before.n + n,
      windows: before.windows + (n >= minGroupSize ? 1 : 0),
    });
  }
  const filled = [...totals].filter(([, { n }]) => n > 0);
  const large = filled.filter(([, total]) => total.windows >= NEEDED);
  const rates = large.length < 2 ? filled : large;
  if (rates.length < 2) return null;
  rates.sort(([a, x], [b, y]) => x.events / x.n - y.events / y.n || (a < b ? -1 : 1));
  return [rates[0][0], rates[rates.length - 1][0]];
}

function countsIn(confusion: Confusion | undefined, rate: GroupRate): Proportion {
  const { tp, fp, fn, tn } = confusion ?? { tp: 0, fp: 0, fn: 0, tn: 0 };
  switch (rate) {
    case 'selectionRate':
      return { events: tp + fp, n: tp + fp + fn + tn };
    case 'truePositiveRate':
      return { events: tp, n: tp + fn };
    case 'falsePositiveRate':
      return { events: fp, n: fp + tn };
    case 'precision':
      return { events: tp, n: tp + fp };
  }
}

type Measured = { window: number; n: number; low: Proportion; high: Proportion; isKnown: boolean };

function windowOf({ window, n, low, high, isKnown }: Measured, alpha: number): BiasWindow {
  const gap = isKnown ? proportionDifference(low, high, alpha) : null;
  return {
    window,
    n,
    low: isKnown ? low.events / low.n : null,
    high: isKnown ? high.events / high.n : null,
    difference: gap?.difference ?? null,
    interval: gap?.interval ?? null,
  };
}

function varianceOf({ events, n }: Proportion): number {
  const p = (events + 0.5) / (n + 1);
  return (p * (1 - p)) / n;
}

const WORDS = { varies: 'varies', steady: 'steady' } as const;

function judge(movement: Movement): Omit<BiasDrift, 'rate' | 'groups' | 'windows'> {
  const { mean, slope, slopeInterval, pValue, verdict } = movement;
  const isWider = mean < 0 ? slope < 0 : slope > 0;
  const isTrend = verdict === 'rises' || verdict === 'falls';
  const word = isTrend ? (isWider ? 'widens' : 'narrows') : WORDS[verdict];
  return { mean, trend: slope, trendInterval: slopeInterval, pValue, verdict: word };
}
