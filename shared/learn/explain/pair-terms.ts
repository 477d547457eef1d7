import { choose } from './choose.ts';
import {
  type EncodedRows,
  type ExplainedTrees,
  followsLeft,
  type Players,
} from './explained-trees.ts';

/**
 * Trees between two rows as a sum of terms: a leaf that players can reach by taking either row's values,
 * with the players that must have the row's and those that must have the background row's. Margins are
 * the values of the terms all of whose conditions hold.
 */
export type PairTerms = {
  count: number;
  /** [count] */
  value: Float64Array;
  /** The margin that a term adds to. */
  output: Uint16Array;
  /** Where a term's conditions begin, [count + 1]. */
  start: Int32Array;
  /** 2 x player, 1 more where it must have the background row's value. */
  conditions: Int32Array;
};

export type TermCollector = {
  /** Of the trees of each output, between one row and one background row; overwritten by the next call. */
  collect(rows: EncodedRows, pair: { row: number; other: number }): PairTerms;
};

const FIRST_TERMS = 256;

export function createTermCollector(
  treesByOutput: readonly ExplainedTrees[],
  background: EncodedRows,
  players: Players,
): TermCollector {
  const walk: Walk = {
    ...{ trees: treesByOutput[0], players, row: background, other: background },
    ...{ rowAt: 0, otherAt: 0, depth: 0, output: 0 },
    side: new Int8Array(players.count),
    path: new Int32Array(players.count),
    terms: emptyTerms(FIRST_TERMS, players.count),
  };
  return {
    collect(rows, { row, other }) {
      walk.row = rows;
      walk.rowAt = row * rows.width;
      walk.otherAt = other * background.width;
      walk.terms.count = 0;
      for (let k = 0; k < treesByOutput.length; k++) {
        walk.trees = treesByOutput[k];
        walk.output = k;
        for (let t = 0; t < walk.trees.roots.length; t++) visit(walk, walk.trees.roots[t]);
      }
      return walk.terms;
    },
  };
}

type Walk = {
  trees: ExplainedTrees;
  players: Players;
  row: EncodedRows;
  other: EncodedRows;
  rowAt: number;
  otherAt: number;
  output: number;
  /** 1 where the path needs the row's value of a player, -1 the background's, 0 where either does. */
  side: Int8Array;
  /** Conditions of the path so far. */
  path: Int32Array;
  depth: number;
  terms: PairTerms;
};

const emptyTerms = (count: number, players: number): PairTerms => ({
  count: 0,
  value: new Float64Array(count),
  output: new Uint16Array(count),
  start: new Int32Array(count + 1),
  conditions: new Int32Array(count * Math.min(players, 8)),
});

function visit(walk: Walk, from: number): void {
  const { trees, players, row, other, side, path } = walk;
  let node = from;
  for (;;) {
    const column = trees.feature[node];
    if (column < 0) {
      addTerm(walk, trees.value[node]);
      return;
    }
    const rowLeft = followsLeft(trees, node, row.data[walk.rowAt + column]);
    const otherLeft = followsLeft(trees, node, other.data[walk.otherAt + column]);
    const rowChild = rowLeft ? trees.left[node] : trees.right[node];
    const otherChild = otherLeft ? trees.left[node] : trees.right[node];
    const player = players.ofColumn[column];
    if (rowChild === otherChild || side[player] === 1) node = rowChild;
    else if (side[player] === -1) node = otherChild;
    else {
      const depth = walk.depth++;
      side[player] = 1;
      path[depth] = 2 * player;
      visit(walk, rowChild);
      side[player] = -1;
      path[depth] = 2 * player + 1;
      visit(walk, otherChild);
      side[player] = 0;
      walk.depth = depth;
      return;
    }
  }
}

/** Leaves that both rows reach whatever the players do are in the background's margin already. */
function addTerm(walk: Walk, value: number): void {
  const { path, depth, output } = walk;
  if (depth === 0) return;
  const { terms } = walk;
  const at = terms.count++;
  const from = at === 0 ? 0 : terms.start[at];
  if (at + 1 >= terms.value.length || from + depth > terms.conditions.length) grow(walk, depth);
  const { value: values, output: outputs, start, conditions } = walk.terms;
  values[at] = value;
  outputs[at] = output;
  for (let i = 0; i < depth; i++) conditions[from + i] = path[i];
  start[at] = from;
  start[at + 1] = from + depth;
}

function grow(walk: Walk, depth: number): void {
  const { terms } = walk;
  const larger: PairTerms = {
    count: terms.count,
    value: new Float64Array(2 * terms.value.length),
    output: new Uint16Array(2 * terms.output.length),
    start: new Int32Array(2 * terms.start.length),
    conditions: new Int32Array(2 * terms.conditions.length + depth),
  };
  larger.value.set(terms.value);
  larger.output.set(terms.output);
  larger.start.set(terms.start);
  larger.conditions.set(terms.conditions);
  walk.terms = larger;
}

/** [a, b]: 1 / (a (a + b over b)), what one of `a` players gets of a term that `b` others would end. */
export function shareTable(players: number): Float64Array {
  const size = players + 1;
  const shares = new Float64Array(size * size);
  for (let a = 1; a < size; a++)
    for (let b = 0; a + b < size; b++) shares[a * size + b] = 1 / (a * choose(a + b, b));
  return shares;
}

/**
 * Adds each player's Shapley value of the margins, row-major [outputs, players]: a term of value v gives
 * each of the `a` players that it needs of the row v (a-1)! b! / (a+b)!, and each of the `b` that it
 * needs of the background -v a! (b-1)! / (a+b)!.
 */
export function addTermShares(terms: PairTerms, shares: Float64Array, into: Float64Array): void {
  const size = Math.sqrt(shares.length);
  const players = size - 1;
  for (let term = 0; term < terms.count; term++) {
    const [from, to] = [terms.start[term], terms.start[term + 1]];
    let b = 0;
    for (let i = from; i < to; i++) b += terms.conditions[i] & 1;
    const a = to - from - b;
    const ofRow = terms.value[term] * shares[a * size + b];
    const ofOther = terms.value[term] * shares[b * size + a];
    const at = terms.output[term] * players;
    for (let i = from; i < to; i++) {
      const condition = terms.conditions[i];
      if ((condition & 1) === 0) into[at + (condition >> 1)] += ofRow;
      else into[at + (condition >> 1)] -= ofOther;
    }
  }
}
