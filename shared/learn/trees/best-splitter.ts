import {
  drawColumn,
  markSides,
  partSegment,
  type Segment,
  type Split,
  type Splitter,
  type SplitterContext,
} from './splitter.ts';
import { type BestSplit, type ColumnScan, ROUNDING } from './tree-goal.ts';

type State = SplitterContext & {
  /** Rows in the tree. */
  count: number;
  /** Block 0: the tree's rows; then a block per column that is kept sorted. */
  blocks: Int32Array[];
  /** By column: its block; 0 where it is counted instead. */
  blockOf: Int32Array;
  pool: Int32Array;
  sides: Uint8Array;
  spare: Int32Array;
  counted: Int32Array;
  starts: Int32Array;
  best: BestSplit;
};

/**
 * The best threshold of each column looked at, exactly. Columns are sorted once for all trees; each
 * node's part of every column stays sorted because rows are parted in order (Mehta, Agrawal and
 * Rissanen 1996, SLIQ). Cost per level: rows x (columns to part + maxFeatures to scan).
 */
export function createBestSplitter(context: SplitterContext): Splitter {
  const state = startState(context);
  return {
    rows: state.blocks[0],
    begin: (rows) => beginTree(state, rows),
    seek: (segment) => seekSplit(state, segment),
    part(segment, split) {
      const values = context.columns.values[split.column];
      markSides({ values, rows: state.blocks[0], segment }, split, state.sides);
      return partBlock(state, 0, segment);
    },
    prepareParts(segment) {
      for (let block = 1; block < state.blocks.length; block++) partBlock(state, block, segment);
    },
  };
}

function startState(context: SplitterContext): State {
  const { columns } = context;
  const blocks = [new Int32Array(columns.rows)];
  const blockOf = Int32Array.from(columns.orders, (order) =>
    order === null ? 0 : blocks.push(new Int32Array(columns.rows)) - 1,
  );
  return {
    ...context,
    ...{ count: 0, blocks, blockOf },
    pool: Int32Array.from(blockOf, (_, column) => column),
    sides: new Uint8Array(columns.rows),
    spare: new Int32Array(columns.rows),
    counted: new Int32Array(columns.rows),
    starts: new Int32Array(256),
    best: { score: 0, column: -1, threshold: 0, missingLeft: false },
  };
}

function beginTree({ columns, blocks, blockOf, sides }: State, rows: Int32Array): void {
  blocks[0].set(rows);
  sides.fill(0);
  for (let i = 0; i < rows.length; i++) sides[rows[i]] = 1;
  columns.orders.forEach((order, column) => {
    if (order !== null) pickRows({ order, sides }, blocks[blockOf[column]]);
  });
}

function pickRows(
  { order, sides }: { order: Int32Array; sides: Uint8Array },
  into: Int32Array,
): void {
  let n = 0;
  for (let i = 0; i < order.length; i++) {
    into[n] = order[i];
    n += sides[order[i]];
    if (n === into.length) return;
  }
}

const partBlock = ({ blocks, spare, sides }: State, block: number, { from, to }: Segment): number =>
  partSegment({ rows: blocks[block], spare, sides }, from, to);

function seekSplit(state: State, segment: Segment): Split | null {
  const { pool, rng, best, goal, maxFeatures } = state;
  const { whole, pure } = goal.bounds();
  best.score = Number.NEGATIVE_INFINITY;
  best.column = -1;
  let hasVaried = false;
  for (let at = 0; at < pool.length && (at < maxFeatures || !hasVaried); at++) {
    const scan = scanOf(state, drawColumn(pool, at, rng), segment);
    if (scan === null) continue;
    hasVaried = true;
    goal.scan(scan, best);
    if (best.score >= pure - Math.abs(pure) * ROUNDING) break;
  }
  if (best.column < 0) return null;
  const { column, threshold, missingLeft } = best;
  return { column, threshold, missingLeft, gain: best.score - whole };
}

/** The node's rows in the order of a column; null where all have the same value. */
function scanOf(state: State, column: number, segment: Segment): ColumnScan | null {
  const { columns, minSamplesLeaf, blocks, blockOf } = state;
  const values = columns.values[column];
  const block = blockOf[column];
  if (block === 0 && isOneLevel(columns.levels[column]!.of, blocks[0], segment)) return null;
  const on =
    block === 0
      ? countOrder(state, column, segment)
      : { order: blocks[block], from: segment.from, to: segment.to };
  const { order, from, to } = on;
  const known = columns.hasMissing[column] ? knownEnd(values, on) : to;
  if (known === from || (known === to && values[order[from]] === values[order[to - 1]]))
    return null;
  return { column, values, order, from, known, to, minSamplesLeaf };
}

function knownEnd(
  values: Float32Array,
  { order, from, to }: { order: Int32Array; from: number; to: number },
): number {
  let end = to;
  while (end > from && Number.isNaN(values[order[end - 1]])) end--;
  return end;
}

/** Deep in a tree most one-hot columns are constant: to see that is cheaper than to sort. */
function isOneLevel(of: Uint8Array, rows: Int32Array, { from, to }: Segment): boolean {
  const first = of[rows[from]];
  for (let i = from + 1; i < to; i++) if (of[rows[i]] !== first) return false;
  return true;
}

/** Sorts a node's rows by counting a column's levels. */
function countOrder(
  { columns, blocks, counted, starts }: State,
  column: number,
  { from, to }: Segment,
): { order: Int32Array; from: number; to: number } {
  const { of, count } = columns.levels[column]!;
  const rows = blocks[0];
  starts.fill(0, 0, count + 1);
  for (let i = from; i < to; i++) starts[of[rows[i]] + 1]++;
  for (let level = 1; level < count; level++) starts[level + 1] += starts[level];
  for (let i = from; i < to; i++) counted[starts[of[rows[i]]]++] = rows[i];
  return { order: counted, from: 0, to: to - from };
}
