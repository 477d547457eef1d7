import type { Rng } from '../../core/rng.ts';
import { quantileOfSorted } from '../moments.ts';

/** Decisions of two classes, some perhaps by lot; all of one length. */
export type DrawnDecisions = {
  /** 0 or 1 by row. */
  truth: ArrayLike<number>;
  groups: readonly string[];
  /** Higher for yes: what the ROC curve ranks by. */
  scores: ArrayLike<number>;
  /** Chance in [0, 1] that the decision is yes; 0 or 1 where nothing is drawn. */
  yes: ArrayLike<number>;
};

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
 * expectation over the lots, with percentile bootstrap intervals. The last standing of each pair is the change from
 * the first way to that way, drawn together: what both owe to the choice of rows cancels.
 *
 * Differences are largest less smallest, so chance alone makes them positive: an interval that begins above 0 does not
 * show that groups differ. Equalised odds: the worse of true and false positive rates. A group without rows of a rate's
 * base is left out of that rate.
 * @param ways at least one, of the same truth and groups
 * Cost: resamples x rows x ways, at most 2e7 rows drawn. Reference: Fairlearn 0.10.0 MetricFrame(n_boot, ci_quantiles).
 */
export function standingsOf(
  ways: readonly DrawnDecisions[],
  { minGroupSize, rng }: StandingOptions,
): { standing: Standing; change: Standing }[] {
  const rows = ways[0].groups.length;
  const layout = layOut(ways[0], minGroupSize);
  const orders = ways.map(({ scores }) => orderOf(scores));
  const measure = (counts: Float64Array) =>
    ways.map((way, w) => figuresOf(way, { layout, order: orders[w], counts }));
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
type Layout = { groupOf: Int32Array; groups: number; isCompared: boolean[] };

function layOut({ groups }: DrawnDecisions, minGroupSize: number): Layout {
  const numbers = new Map<string, number>();
  const sizes: number[] = [];
  const groupOf = Int32Array.from(groups, (group) => {
    let number = numbers.get(group);
    if (number === undefined) {
      number = sizes.push(0) - 1;
      numbers.set(group, number);
    }
    sizes[number]++;
    return number;
  });
  return {
    groupOf,
    groups: sizes.length,
    isCompared: sizes.map((size) => size >= minGroupSize),
  };
}

const orderOf = (scores: ArrayLike<number>): Uint32Array =>
  Uint32Array.from({ length: scores.length }, (_, i) => i).sort((i, j) => scores[i] - scores[j]);

function drawCounts(rows: number, rng: Rng): Float64Array {
  const counts = new Float64Array(rows);
  for (let i = 0; i < rows; i++) counts[Math.floor(rng() * rows)]++;
  return counts;
}

type Sums = { layout: Layout; order: Uint32Array; counts: Float64Array };

/** Columns of a group's sums. */
const [POSITIVES, NEGATIVES, FOUND, FALSE_ALARMS] = [0, 1, 2, 3];

function figuresOf({ truth, yes, scores }: DrawnDecisions, sums: Sums): Figures {
  const { layout, order, counts } = sums;
  const cells = new Float64Array(4 * layout.groups);
  for (let row = 0; row < counts.length; row++) {
    const at = 4 * layout.groupOf[row];
    const isTrue = truth[row] === 1;
    cells[at + (isTrue ? POSITIVES : NEGATIVES)] += counts[row];
    cells[at + (isTrue ? FOUND : FALSE_ALARMS)] += counts[row] * yes[row];
  }
  const total = [0, 0, 0, 0];
  cells.forEach((value, i) => {
    total[i % 4] += value;
  });
  const truePositive = spread(cells, layout, (c) => c[FOUND] / c[POSITIVES]);
  const falsePositive = spread(cells, layout, (c) => c[FALSE_ALARMS] / c[NEGATIVES]);
  return {
    accuracy: rightIn(total),
    rocAuc: weightedAuc({ truth, scores }, order, counts),
    demographicParityDifference: spread(cells, layout, selectedIn),
    equalizedOddsDifference: Math.max(truePositive, falsePositive),
    equalOpportunityDifference: truePositive,
    falsePositiveRateDifference: falsePositive,
    errorRateDifference: spread(cells, layout, rightIn),
  };
}

const rightIn = (c: ArrayLike<number>): number =>
  (c[FOUND] + c[NEGATIVES] - c[FALSE_ALARMS]) / (c[POSITIVES] + c[NEGATIVES]);
const selectedIn = (c: ArrayLike<number>): number =>
  (c[FOUND] + c[FALSE_ALARMS]) / (c[POSITIVES] + c[NEGATIVES]);

/** Largest less smallest over the groups that have the rate; NaN with fewer than two. */
function spread(
  cells: Float64Array,
  { groups, isCompared }: Layout,
  rate: (cell: Float64Array) => number,
): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let known = 0;
  for (let group = 0; group < groups; group++) {
    if (!isCompared[group]) continue;
    const value = rate(cells.subarray(4 * group, 4 * group + 4));
    if (Number.isNaN(value)) continue;
    known++;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return known < 2 ? Number.NaN : high - low;
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
  const cells = new Map<string, [number, number, number, number]>();
  groups.forEach((group, row) => {
    const cell = cells.get(group) ?? [0, 0, 0, 0];
    const isTrue = truth[row] === 1;
    cell[isTrue ? POSITIVES : NEGATIVES]++;
    cell[isTrue ? FOUND : FALSE_ALARMS] += yes[row];
    cells.set(group, cell);
  });
  const named = [...cells].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    named.map(([group, cell]) => [
      group,
      {
        n: cell[POSITIVES] + cell[NEGATIVES],
        positives: cell[POSITIVES],
        selectionRate: selectedIn(cell),
        truePositiveRate: cell[POSITIVES] === 0 ? null : cell[FOUND] / cell[POSITIVES],
        falsePositiveRate: cell[NEGATIVES] === 0 ? null : cell[FALSE_ALARMS] / cell[NEGATIVES],
        accuracy: rightIn(cell),
      },
    ]),
  );
}
