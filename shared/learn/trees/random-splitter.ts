import { runLoop } from '../boosting/run-loop.ts';
import { keyOf, LARGEST_KEY, SMALLEST_KEY } from '../boosting/tree-walk.ts';
import type { OrderedColumns } from './ordered-columns.ts';
import {
  drawColumn,
  type Segment,
  type Split,
  type Splitter,
  type SplitterContext,
} from './splitter.ts';
import { bit, type LaidCut, ROUNDING } from './tree-goal.ts';

type State = SplitterContext & {
  rows: Int32Array;
  pool: Int32Array;
  spare: Int32Array;
  /** Row-major [rows, columns]: integers in the order of the values, missing above all. */
  keys: Int32Array;
  /** Of the column in hand over the node's rows, and the cut that is scored. */
  cut: LaidCut;
  /** Where in it values are missing. */
  absent: Int32Array;
  column: number;
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
    spare: new Int32Array(rows),
    keys: keysOf(context.columns),
    cut: { keys: new Int32Array(rows), count: 0, threshold: 0 },
    absent: new Int32Array(rows),
    ...{ column: 0, low: 0, high: 0, missing: 0 },
  };
  return {
    rows: state.rows,
    begin: (given) => state.rows.set(given),
    seek: (segment) => seekSplit(state, segment),
    part: (segment, split) => runLoop(partRows, { segment, split }, state),
    prepareParts: () => undefined,
  };
}

function keysOf({ data }: OrderedColumns): Int32Array {
  const bits = new Int32Array(Float32Array.from(data, (value) => value + 0).buffer);
  return bits.map((bitsOf, i) => (Number.isNaN(data[i]) ? LARGEST_KEY : keyOf(bitsOf)));
}

function seekSplit(state: State, segment: Segment): Split | null {
  const { pool, rng, goal, maxFeatures, columns, rows, cut } = state;
  const { from, to } = segment;
  let best: Split | null = null;
  let bestScore = Number.NEGATIVE_INFINITY;
  let hasVaried = false;
  const { whole, pure } = goal.bounds();
  const enough = pure - Math.abs(pure) * ROUNDING;
  goal.lay(rows, from, to);
  cut.count = to - from;
  for (
    let at = 0;
    at < pool.length && (at < maxFeatures || !hasVaried) && bestScore < enough;
    at++
  ) {
    const column = drawColumn(pool, at, rng);
    state.column = column;
    runLoop(columns.hasMissing[column] ? layKeys : layKnownKeys, segment, state);
    if (!(state.low < state.high)) continue;
    hasVaried = true;
    const threshold = drawThreshold(state);
    for (let side = 0; side < (state.missing > 0 ? 2 : 1); side++) {
      if (state.missing > 0) placeMissing(state, side === 1);
      if (!leavesEnough(cut, state.minSamplesLeaf)) continue;
      const score = goal.scoreCut(cut);
      if (score <= bestScore) continue;
      bestScore = score;
      best = { column, threshold, missingLeft: side === 1, gain: 0 };
    }
  }
  if (best !== null) best.gain = bestScore - whole;
  return best;
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

function keyOfValue(value: number): number {
  float[0] = value + 0;
  return keyOf(bits[0]);
}

function valueOfKey(key: number): number {
  bits[0] = keyOf(key);
  return float[0];
}

/** A threshold between the least and the greatest value; its key becomes the cut's. */
function drawThreshold({ low, high, rng, cut }: State): number {
  const least = valueOfKey(low);
  const greatest = valueOfKey(high);
  const drawn = Math.fround(least + rng() * (greatest - least));
  const threshold = drawn < greatest ? Math.max(least, drawn) : least;
  cut.threshold = keyOfValue(threshold);
  return threshold;
}

/** Puts missing values on a side. */
function placeMissing({ cut, absent, missing }: State, missingLeft: boolean): void {
  const side = missingLeft ? SMALLEST_KEY : LARGEST_KEY;
  for (let i = 0; i < missing; i++) cut.keys[absent[i]] = side;
}

function leavesEnough({ keys, count, threshold }: LaidCut, minSamplesLeaf: number): boolean {
  if (minSamplesLeaf <= 1) return true;
  let left = 0;
  for (let i = 0; i < count; i++) left += bit(keys[i] <= threshold);
  return left >= minSamplesLeaf && count - left >= minSamplesLeaf;
}

/** Copies a column's keys over a node's rows and finds their range. */
function layKnownKeys({ from, to }: Segment, state: State): void {
  const { keys, rows, columns, column } = state;
  const laid = state.cut.keys;
  const width = columns.values.length;
  let low = LARGEST_KEY;
  let high = SMALLEST_KEY;
  for (let i = from; i < to; i++) {
    const key = keys[rows[i] * width + column];
    laid[i - from] = key;
    if (key < low) low = key;
    if (key > high) high = key;
  }
  state.low = low;
  state.high = high;
  state.missing = 0;
}

/** The same for a column that misses values. */
function layKeys({ from, to }: Segment, state: State): void {
  const { keys, rows, columns, column, absent } = state;
  const laid = state.cut.keys;
  const width = columns.values.length;
  let low = LARGEST_KEY;
  let high = SMALLEST_KEY;
  let missing = 0;
  for (let i = from; i < to; i++) {
    const key = keys[rows[i] * width + column];
    laid[i - from] = key;
    if (key < low) low = key;
    if (key === LARGEST_KEY) absent[missing++] = i - from;
    else if (key > high) high = key;
  }
  state.low = low;
  state.high = high;
  state.missing = missing;
}

/**
 * Moves the rows that go left to the front of a segment, keeping both orders. Each row is written to
 * both ends and one moves on: a branch would be guessed wrong half the time.
 */
function partRows({ segment, split }: { segment: Segment; split: Split }, state: State): number {
  const { rows, spare, keys, columns } = state;
  const { from, to } = segment;
  const { column, missingLeft } = split;
  const width = columns.values.length;
  const threshold = keyOfValue(split.threshold);
  const missing = bit(missingLeft);
  let left = from;
  let right = 0;
  for (let i = from; i < to; i++) {
    const row = rows[i];
    const key = keys[row * width + column];
    const isLeft = key === LARGEST_KEY ? missing : bit(key <= threshold);
    rows[left] = row;
    spare[right] = row;
    left += isLeft;
    right += 1 - isLeft;
  }
  for (let i = 0; i < right; i++) rows[left + i] = spare[i];
  return left;
}
