import { runLoop } from '../boosting/run-loop.ts';
import {
  drawColumn,
  markSides,
  partSegment,
  type Segment,
  type Split,
  type Splitter,
  type SplitterContext,
} from './splitter.ts';
import { bit, type LaidCut, ROUNDING } from './tree-goal.ts';

type State = SplitterContext & {
  rows: Int32Array;
  pool: Int32Array;
  sides: Uint8Array;
  spare: Int32Array;
  /** Of the column in hand over the node's rows. */
  laid: Float32Array;
  /** Where in it values are missing. */
  absent: Int32Array;
  low: number;
  high: number;
  missing: number;
};

/**
 * One threshold per column looked at, uniform between the node's least and greatest value; the best
 * of these splits (Geurts, Ernst and Wehenkel 2006). Missing values go to the better side.
 * Cost per level: rows x maxFeatures.
 */
export function createRandomSplitter(context: SplitterContext): Splitter {
  const { rows, values } = context.columns;
  const state: State = {
    ...context,
    rows: new Int32Array(rows),
    pool: Int32Array.from(values, (_, column) => column),
    sides: new Uint8Array(rows),
    spare: new Int32Array(rows),
    laid: new Float32Array(rows),
    absent: new Int32Array(rows),
    ...{ low: 0, high: 0, missing: 0 },
  };
  return {
    rows: state.rows,
    begin: (given) => state.rows.set(given),
    seek: (segment) => seekSplit(state, segment),
    part(segment, split) {
      markSides({ values: values[split.column], rows: state.rows, segment }, split, state.sides);
      return partSegment(state, segment.from, segment.to);
    },
    prepareParts: () => undefined,
  };
}

const RIGHT = [false];
const BOTH = [false, true];

function seekSplit(state: State, segment: Segment): Split | null {
  const { pool, rng, goal, maxFeatures, columns, rows, laid } = state;
  const { from, to } = segment;
  let best: Split | null = null;
  let bestScore = Number.NEGATIVE_INFINITY;
  let hasVaried = false;
  const { whole, pure } = goal.bounds();
  const enough = pure - Math.abs(pure) * ROUNDING;
  goal.lay(rows, from, to);
  for (
    let at = 0;
    at < pool.length && (at < maxFeatures || !hasVaried) && bestScore < enough;
    at++
  ) {
    const column = drawColumn(pool, at, rng);
    runLoop(layValues, { values: columns.values[column], rows, segment }, state);
    if (!(state.low < state.high)) continue;
    hasVaried = true;
    const threshold = drawThreshold(state);
    for (const missingLeft of state.missing > 0 ? BOTH : RIGHT) {
      if (state.missing > 0) placeMissing(state, missingLeft);
      const cut = { values: laid, count: to - from, threshold };
      if (!leavesEnough(cut, state.minSamplesLeaf)) continue;
      const score = goal.scoreCut(cut);
      if (score <= bestScore) continue;
      bestScore = score;
      best = { column, threshold, missingLeft, gain: 0 };
    }
  }
  if (best !== null) best.gain = bestScore - whole;
  return best;
}

function drawThreshold({ low, high, rng }: State): number {
  const drawn = Math.fround(low + rng() * (high - low));
  return drawn < high ? Math.max(low, drawn) : low;
}

/** Puts missing values on a side: those that the splitter laid last as NaN. */
function placeMissing({ laid, absent, missing }: State, missingLeft: boolean): void {
  const side = missingLeft ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  for (let i = 0; i < missing; i++) laid[absent[i]] = side;
}

function leavesEnough({ values, count, threshold }: LaidCut, minSamplesLeaf: number): boolean {
  if (minSamplesLeaf <= 1) return true;
  let left = 0;
  for (let i = 0; i < count; i++) left += bit(values[i] <= threshold);
  return left >= minSamplesLeaf && count - left >= minSamplesLeaf;
}

/** Copies a column's values over a node's rows and finds their range. */
function layValues(
  { values, rows, segment }: { values: Float32Array; rows: Int32Array; segment: Segment },
  into: State,
): void {
  const { laid, absent } = into;
  const { from, to } = segment;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let missing = 0;
  for (let i = from; i < to; i++) {
    const value = values[rows[i]];
    laid[i - from] = value;
    if (value < low) low = value;
    if (value > high) high = value;
    else if (!(value <= high)) absent[missing++] = i - from;
  }
  into.low = low;
  into.high = high;
  into.missing = missing;
}
