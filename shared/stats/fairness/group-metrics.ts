import { fail, ok, type Result } from '../../core/result.ts';
import { proportionBounds } from '../distributions/binomial.ts';

/** Binary decisions with what really happened and each row's group; all of one length. */
export type Decisions = {
  truth: readonly boolean[];
  prediction: readonly boolean[];
  /** Group of each row: a value of a sensitive attribute, or several joined for intersections. */
  groups: readonly string[];
};

/** A rate with its 95 % interval (Clopper and Pearson); null where its base is empty. */
export type Rate = { value: number; interval: [number, number]; n: number } | null;

export type GroupMetrics = {
  n: number;
  selectionRate: Rate;
  /** Of the truly positive, share predicted positive. */
  truePositiveRate: Rate;
  falsePositiveRate: Rate;
  falseNegativeRate: Rate;
  trueNegativeRate: Rate;
  /** Of those predicted positive, share truly positive. */
  precision: Rate;
  accuracy: Rate;
};

/** Largest difference and smallest ratio between groups; null with fewer than two groups that have the rate. */
export type Disparity = { difference: number; ratio: number } | null;

export type FairnessReport = {
  overall: GroupMetrics;
  groups: Record<string, GroupMetrics>;
  /** Groups too small to be compared: counted and shown, left out of the disparities. */
  tooSmall: string[];
  /** Selection rates. */
  demographicParity: Disparity;
  /** The worse of true and false positive rates. */
  equalizedOdds: Disparity;
  /** True positive rates. */
  equalOpportunity: Disparity;
  /** Precisions. */
  predictiveParity: Disparity;
};

export type FairnessError =
  | { reason: 'lengths_differ'; truth: number; prediction: number; groups: number }
  | { reason: 'no_rows' };

/**
 * Do the decisions treat groups alike? Rates by group with intervals, and the disparities by four definitions:
 * difference = largest - smallest, ratio = smallest / largest (1 where all are 0).
 * @param options.minGroupSize groups with fewer rows are not compared; 1 compares all, as Fairlearn does
 * Reference implementation: Fairlearn 0.10.0 (where a group's base is empty it counts the rate as 0; here it is left out).
 */
export function measureFairness(
  decisions: Decisions,
  options: { minGroupSize?: number } = {},
): Result<FairnessReport, FairnessError> {
  const { truth, prediction, groups } = decisions;
  if (truth.length !== prediction.length || truth.length !== groups.length)
    return fail({
      reason: 'lengths_differ',
      truth: truth.length,
      prediction: prediction.length,
      groups: groups.length,
    });
  if (truth.length === 0) return fail({ reason: 'no_rows' });
  const confusions = countByGroup(decisions);
  const rateOf = rememberRates();
  const metrics = [...confusions]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, confusion]) => [name, metricsOf(confusion, rateOf)] as const);
  const minGroupSize = options.minGroupSize ?? 1;
  const compared = metrics.filter(([, { n }]) => n >= minGroupSize).map(([, group]) => group);
  const odds = [
    disparityOf(compared.map((group) => group.truePositiveRate)),
    disparityOf(compared.map((group) => group.falsePositiveRate)),
  ];
  return ok({
    overall: metricsOf(sumOf(confusions.values()), rateOf),
    groups: Object.fromEntries(metrics),
    tooSmall: metrics.filter(([, { n }]) => n < minGroupSize).map(([name]) => name),
    demographicParity: disparityOf(compared.map((group) => group.selectionRate)),
    equalizedOdds: worseOf(odds),
    equalOpportunity: odds[0],
    predictiveParity: disparityOf(compared.map((group) => group.precision)),
  });
}

/** Rows of a group by what happened and what was predicted. */
export type Confusion = { tp: number; fp: number; fn: number; tn: number };

export function countByGroup({ truth, prediction, groups }: Decisions): Map<string, Confusion> {
  const confusions = new Map<string, Confusion>();
  for (let i = 0; i < truth.length; i++) {
    let confusion = confusions.get(groups[i]);
    if (!confusion) {
      confusion = { tp: 0, fp: 0, fn: 0, tn: 0 };
      confusions.set(groups[i], confusion);
    }
    if (truth[i]) confusion[prediction[i] ? 'tp' : 'fn']++;
    else confusion[prediction[i] ? 'fp' : 'tn']++;
  }
  return confusions;
}

function sumOf(confusions: Iterable<Confusion>): Confusion {
  const sum = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (const { tp, fp, fn, tn } of confusions) {
    sum.tp += tp;
    sum.fp += fp;
    sum.fn += fn;
    sum.tn += tn;
  }
  return sum;
}

type RateOf = (events: number, n: number) => Rate;

function metricsOf({ tp, fp, fn, tn }: Confusion, rateOf: RateOf): GroupMetrics {
  const n = tp + fp + fn + tn;
  return {
    n,
    selectionRate: rateOf(tp + fp, n),
    truePositiveRate: rateOf(tp, tp + fn),
    falsePositiveRate: rateOf(fp, fp + tn),
    falseNegativeRate: rateOf(fn, tp + fn),
    trueNegativeRate: rateOf(tn, fp + tn),
    precision: rateOf(tp, tp + fp),
    accuracy: rateOf(tp + tn, n),
  };
}

/** Exact intervals are dear, and many small groups have the same few counts. */
function rememberRates(): RateOf {
  const known = new Map<number, Map<number, Rate>>();
  return (events, n) => {
    if (n === 0) return null;
    let ofSize = known.get(n);
    if (!ofSize) {
      ofSize = new Map();
      known.set(n, ofSize);
    }
    let rate = ofSize.get(events);
    if (!rate) {
      rate = { value: events / n, interval: proportionBounds(events, n, 0.025), n };
      ofSize.set(events, rate);
    }
    return rate;
  };
}

function disparityOf(rates: readonly Rate[]): Disparity {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let known = 0;
  for (const rate of rates) {
    if (!rate) continue;
    known++;
    low = Math.min(low, rate.value);
    high = Math.max(high, rate.value);
  }
  if (known < 2) return null;
  return { difference: high - low, ratio: high === 0 ? 1 : low / high };
}

function worseOf(disparities: readonly Disparity[]): Disparity {
  const known = disparities.flatMap((disparity) => disparity ?? []);
  if (known.length === 0) return null;
  return {
    difference: Math.max(...known.map(({ difference }) => difference)),
    ratio: Math.min(...known.map(({ ratio }) => ratio)),
  };
}
