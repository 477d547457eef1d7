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

type State = SplitterContext & {
  rows: Int32Array;
  pool: Int32Array;
  sides: Uint8Array;
  spare: Int32Array;
  range: Range;
};

/** Of a column over a node's rows. */
type Range = { low: number; high: number; missing: number };

/**
 * One threshold per column looked at, uniform between the node's least and greatest value; the best
 * of these splits (Geurts, Ernst and Wehenkel 2006). Missing values go to a side by a fair coin.
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
    range: { low: 0, high: 0, missing: 0 },
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

function seekSplit(state: State, segment: Segment): Split | null {
  const { pool, rng, goal, maxFeatures, columns, rows, sides } = state;
  let best: Split | null = null;
  let bestScore = Number.NEGATIVE_INFINITY;
  let hasVaried = false;
  for (let at = 0; at < pool.length && (at < maxFeatures || !hasVaried); at++) {
    const column = drawColumn(pool, at, rng);
    const values = columns.values[column];
    runLoop(rangeOver, { values, rows, segment }, state.range);
    if (!(state.range.low < state.range.high)) continue;
    hasVaried = true;
    const cut = drawCut(state);
    markSides({ values, rows, segment }, cut, sides);
    if (!leavesEnough(state, segment)) continue;
    const score = goal.scoreSides(rows, segment, sides);
    if (score <= bestScore) continue;
    bestScore = score;
    best = { column, ...cut, gain: 0 };
  }
  if (best !== null) best.gain = bestScore - goal.bounds().whole;
  return best;
}

function drawCut({ range, rng }: State): { threshold: number; missingLeft: boolean } {
  const { low, high, missing } = range;
  const drawn = Math.fround(low + rng() * (high - low));
  const threshold = drawn < high ? Math.max(low, drawn) : low;
  return { threshold, missingLeft: missing > 0 && rng() < 0.5 };
}

function leavesEnough({ rows, sides, minSamplesLeaf }: State, { from, to }: Segment): boolean {
  if (minSamplesLeaf <= 1) return true;
  let left = 0;
  for (let i = from; i < to; i++) left += sides[rows[i]];
  return left >= minSamplesLeaf && to - from - left >= minSamplesLeaf;
}

function rangeOver(
  { values, rows, segment }: { values: Float32Array; rows: Int32Array; segment: Segment },
  range: Range,
): void {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let missing = 0;
  for (let i = segment.from; i < segment.to; i++) {
    const value = values[rows[i]];
    if (value < low) low = value;
    if (value > high) high = value;
    if (Number.isNaN(value)) missing++;
  }
  range.low = low;
  range.high = high;
  range.missing = missing;
}
