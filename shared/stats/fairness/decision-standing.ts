import type { Rng } from '../../core/rng.ts';
import { quantileOfSorted } from '../moments.ts';
import {
  accuracyIn,
  apart,
  CELL_RATES,
  type CellRate,
  cellsOf,
  type DrawnDecisions,
  furthestApart,
  type Pair,
  totalOf,
} from './group-cells.ts';

/** An expected figure and its 95 % interval; null where the rows do not have it. */
export type Estimate = { value: number; interval: [number, number] } | null;

export const STANDING_FIGURES = [
  'accuracy',
  'rocAuc',
  'demographicParityDifference',
  'equalizedOddsDifference',
  'equalOpportunityDifference',
  'falsePositiveRateDifference',
  'errorRateDifference',
] as const;
export type StandingFigure = (typeof STANDING_FIGURES)[number];
export type Standing = Record<StandingFigure, Estimate>;

export type StandingOptions = {
  /** Groups with fewer rows are not compared. */
  minGroupSize: number;
  rng: Rng;
};

const RESAMPLES = 1000;
/** Rows that are drawn in all; more rows are drawn less often, and need it less. */
const MOST_DRAWN = 2e7;
const LEAST_RESAMPLES = 100;

/**
 * How ways to decide stand on the same rows: accuracy, ROC-AUC, and the largest differences between groups, in
 * expectation over the lots, with percentile bootstrap intervals. `change` is from the first way to that one, both
 * drawn together: what they owe alike to the choice of rows cancels.
 *
 * A difference is that of the two groups furthest apart (equalised odds: in the worse of true and false positive
 * rates), its interval that of these two: below 0 it says that the lower one may be the higher. Of several groups they
 * are chosen after the fact, so it leans outwards. A group without rows of a rate's base is left out of that rate.
 * @param ways at least one, of the same truth and groups
 * Cost: resamples x rows x ways, at most 2e7 rows drawn. Reference: Fairlearn 0.10.0 MetricFrame, whose own intervals
 * (n_boot, ci_quantiles) are of the largest difference of each draw and lie above the estimate where groups are alike.
 */
export function standingsOf(
  ways: readonly DrawnDecisions[],
  { minGroupSize, rng }: StandingOptions,
): { standing: Standing; change: Standing }[] {
  const rows = ways[0].groups.length;
  const layout = layOut(ways[0], minGroupSize);
  const plans = ways.map((way) => planOf(way, layout));
  const measure = (counts: Float64Array) => plans.map((plan) => figuresOf(plan, counts));
  const values = measure(new Float64Array(rows).fill(1));
  const resamples = Math.max(LEAST_RESAMPLES, Math.min(RESAMPLES, Math.floor(MOST_DRAWN / rows)));
  const drawn = Array.from({ length: resamples }, () => measure(drawCounts(rows, rng)));
  return ways.map((_, w) => ({
    standing: estimates(
      values[w],
      drawn.map((draw) => draw[w]),
    ),
    change: estimates(
      minus(values[w], values[0]),
      drawn.map((draw) => minus(draw[w], draw[0])),
    ),
  }));
}

type Figures = Record<StandingFigure, number>;
type Layout = { names: string[]; groupOf: Int32Array; groups: number; isCompared: boolean[] };

function layOut({ groups }: Pick<DrawnDecisions, 'groups'>, minGroupSize: number): Layout {
  const names = [...new Set(groups)].sort();
  const numbers = new Map(names.map((name, number) => [name, number]));
  const sizes = names.map(() => 0);
  const groupOf = Int32Array.from(groups, (group) => {
    const number = numbers.get(group) ?? 0;
    sizes[number]++;
    return number;
  });
  const isCompared = sizes.map((size) => size >= minGroupSize);
  return { names, groupOf, groups: names.length, isCompared };
}

/** What is the same in every draw of a way: the order of its scores, and which groups each figure compares. */
type Plan = {
  way: DrawnDecisions;
  layout: Layout;
  order: Uint32Array;
  pairs: Record<CellRate, Pair | null>;
  odds: Pair | null;
};

function planOf(way: DrawnDecisions, layout: Layout): Plan {
  const cells = cellsOf(way, layout, null);
  const find = (rate: CellRate): Pair | null => furthestApart(cells, rate, layout.isCompared);
  const pairs = {
    ...{ selection: find('selection'), error: find('error') },
    ...{ truePositive: find('truePositive'), falsePositive: find('falsePositive') },
  };
  const { truePositive, falsePositive } = pairs;
  const isFalseWorse = !(apart(cells, truePositive) >= apart(cells, falsePositive));
  const odds = falsePositive !== null && isFalseWorse ? falsePositive : truePositive;
  return { way, layout, order: orderOf(way.scores), pairs, odds };
}

const orderOf = (scores: ArrayLike<number>): Uint32Array =>
  Uint32Array.from({ length: scores.length }, (_, i) => i).sort((i, j) => scores[i] - scores[j]);

function drawCounts(rows: number, rng: Rng): Float64Array {
  const counts = new Float64Array(rows);
  for (let i = 0; i < rows; i++) counts[Math.floor(rng() * rows)]++;
  return counts;
}

function figuresOf({ way, layout, order, pairs, odds }: Plan, counts: Float64Array): Figures {
  const cells = cellsOf(way, layout, counts);
  return {
    accuracy: accuracyIn(totalOf(cells)),
    rocAuc: weightedAuc(way, order, counts),
    demographicParityDifference: apart(cells, pairs.selection),
    equalizedOddsDifference: apart(cells, odds),
    equalOpportunityDifference: apart(cells, pairs.truePositive),
    falsePositiveRateDifference: apart(cells, pairs.falsePositive),
    errorRateDifference: apart(cells, pairs.error),
  };
}

/** Chance that a positive row scores above a negative one, ties counted half; rows count as often as drawn. */
function weightedAuc(
  { truth, scores }: Pick<DrawnDecisions, 'truth' | 'scores'>,
  order: Uint32Array,
  counts: Float64Array,
): number {
  let [negatives, positives, area] = [0, 0, 0];
  for (let at = 0; at < order.length; ) {
    const score = scores[order[at]];
    let [tiedNegatives, tiedPositives] = [0, 0];
    for (; at < order.length && scores[order[at]] === score; at++) {
      if (truth[order[at]] === 1) tiedPositives += counts[order[at]];
      else tiedNegatives += counts[order[at]];
    }
    area += tiedPositives * (negatives + tiedNegatives / 2);
    negatives += tiedNegatives;
    positives += tiedPositives;
  }
  return area / (positives * negatives);
}

function minus(figures: Figures, from: Figures): Figures {
  const entries = STANDING_FIGURES.map((name) => [name, figures[name] - from[name]]);
  return Object.fromEntries(entries);
}

function estimates(values: Figures, draws: readonly Figures[]): Standing {
  const entries = STANDING_FIGURES.map((name) => {
    const sorted = Float64Array.from(draws, (draw) => draw[name])
      .filter((value) => !Number.isNaN(value))
      .sort();
    if (Number.isNaN(values[name]) || sorted.length === 0) return [name, null];
    const interval = [quantileOfSorted(sorted, 0.025), quantileOfSorted(sorted, 0.975)];
    return [name, { value: values[name], interval }];
  });
  return Object.fromEntries(entries);
}

/** Expected rates of one group; null where its base is empty. */
export type GroupStanding = {
  n: number;
  positives: number;
  selectionRate: number;
  truePositiveRate: number | null;
  falsePositiveRate: number | null;
  accuracy: number;
};

/** Each group's rates in expectation over the lots, groups in order of name. */
export function groupStandings({
  truth,
  groups,
  yes,
}: Omit<DrawnDecisions, 'scores'>): Map<string, GroupStanding> {
  const layout = layOut({ groups }, 1);
  const known = (rate: number): number | null => (Number.isNaN(rate) ? null : rate);
  return new Map(
    cellsOf({ truth, yes }, layout, null).map((cell, group) => [
      layout.names[group],
      {
        n: cell.positives + cell.negatives,
        positives: cell.positives,
        selectionRate: CELL_RATES.selection(cell),
        truePositiveRate: known(CELL_RATES.truePositive(cell)),
        falsePositiveRate: known(CELL_RATES.falsePositive(cell)),
        accuracy: accuracyIn(cell),
      },
    ]),
  );
}
