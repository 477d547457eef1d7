import { ranks } from './association.ts';
import type { ColumnValues } from './column-values.ts';

/** How well one column alone foretells the target. */
export type SingleColumnScore = {
  /** `roc_auc`: of the class it tells best from the others. `r2`: of the target's ranks. */
  metric: 'roc_auc' | 'r2';
  value: number;
};

const MOST_BINS = 64;
const FEWEST_ROWS = 50;

/**
 * Meaning: what a column would score as the only input, so that one which knows the answer stands
 * out, whatever the shape of the relation. Definition: its values are cut into sqrt(rows) bins of
 * equal counts, at most 64 (texts: one each), missing ones a bin of their own; the target's mean of
 * a bin in one half of the rows foretells it in the other half, and the other way round. Null with fewer than 50 rows or a constant target. Cost: one sort.
 * @param target numbers, or codes of classes
 */
export function singleColumnScore(
  column: ColumnValues,
  target: ColumnValues,
): SingleColumnScore | null {
  const { bins, count } = binned(column);
  if (target.type === 'text') {
    // Of two classes, one tells from the other as well as the other from it.
    const codes = target.levels.length === 2 ? [0] : [...target.levels.keys()];
    const areas = codes.map((code) => bestArea({ bins, count, target: target.codes }, code));
    const known = areas.filter((area) => area !== null);
    return known.length === 0 ? null : { metric: 'roc_auc', value: Math.max(...known) };
  }
  const value = heldOutR2(bins, count, ranks(target.values));
  return value === null ? null : { metric: 'r2', value };
}

/** Which half a row is in: by the mixer of MurmurHash3, as files have rows in all sorts of turns. */
function halfOf(row: number): number {
  let h = Math.imul(row ^ (row >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) & 1;
}

function binned(column: ColumnValues): { bins: Uint32Array; count: number } {
  if (column.type === 'text')
    return {
      bins: Uint32Array.from(column.codes, (code) => code + 1),
      count: column.levels.length + 1,
    };
  const ranked = ranks(column.values);
  const present = ranked.reduce((sum, rank) => sum + (Number.isNaN(rank) ? 0 : 1), 0);
  const inside = Math.min(MOST_BINS, Math.ceil(Math.sqrt(present)));
  return {
    bins: Uint32Array.from(ranked, (rank) =>
      Number.isNaN(rank)
        ? 0
        : 1 + Math.min(inside - 1, Math.floor(((rank - 0.5) / present) * inside)),
    ),
    count: inside + 1,
  };
}

/** Mean target of each bin in the odd and in the even rows; the half's mean where it has none. */
function halfMeans(bins: Uint32Array, count: number, target: Float64Array) {
  const sums = [new Float64Array(count), new Float64Array(count)];
  const rows = [new Float64Array(count), new Float64Array(count)];
  const totals = [0, 0];
  const all = [0, 0];
  for (let row = 0; row < bins.length; row++) {
    const value = target[row];
    if (Number.isNaN(value)) continue;
    const half = halfOf(row);
    sums[half][bins[row]] += value;
    rows[half][bins[row]]++;
    totals[half] += value;
    all[half]++;
  }
  return [0, 1].map((half) => {
    const mean = all[half] === 0 ? 0 : totals[half] / all[half];
    return sums[half].map((sum, bin) => (rows[half][bin] === 0 ? mean : sum / rows[half][bin]));
  });
}

function heldOutR2(bins: Uint32Array, count: number, target: Float64Array): number | null {
  const means = halfMeans(bins, count, target);
  let rows = 0;
  let mean = 0;
  for (const value of target) {
    if (Number.isNaN(value)) continue;
    rows++;
    mean += (value - mean) / rows;
  }
  let squares = 0;
  let total = 0;
  for (let row = 0; row < target.length; row++) {
    if (Number.isNaN(target[row])) continue;
    squares += (target[row] - means[1 - halfOf(row)][bins[row]]) ** 2;
    total += (target[row] - mean) ** 2;
  }
  return rows < FEWEST_ROWS || total === 0 ? null : 1 - squares / total;
}

/** The mean of both halves' ROC areas of one class against the others, turned to 0.5 or more. */
function bestArea(
  { bins, count, target }: { bins: Uint32Array; count: number; target: Int32Array },
  code: number,
): number | null {
  const isClass = Float64Array.from(target, (one) => (one < 0 ? Number.NaN : Number(one === code)));
  const means = halfMeans(bins, count, isClass);
  const areas = [0, 1].map((half) => halfArea({ bins, isClass, half, scores: means[1 - half] }));
  const known = areas.filter((area) => area !== null);
  if (known.length === 0 || isClass.length < FEWEST_ROWS) return null;
  return known.reduce((sum, area) => sum + area, 0) / known.length;
}

/** From counts by bin: the chance that a row of the class is in a bin of higher score, ties half. */
function halfArea({
  bins,
  isClass,
  half,
  scores,
}: {
  bins: Uint32Array;
  isClass: Float64Array;
  half: number;
  scores: Float64Array;
}): number | null {
  const found = new Float64Array(scores.length);
  const others = new Float64Array(scores.length);
  for (let row = 0; row < bins.length; row++) {
    if (halfOf(row) !== half) continue;
    if (isClass[row] === 1) found[bins[row]]++;
    else if (isClass[row] === 0) others[bins[row]]++;
  }
  const order = Array.from(scores, (_, bin) => bin).sort((a, b) => scores[a] - scores[b]);
  let below = 0;
  let positives = 0;
  let pairs = 0;
  for (let from = 0; from < order.length; ) {
    let foundHere = 0;
    let othersHere = 0;
    let to = from;
    while (to < order.length && scores[order[to]] === scores[order[from]]) {
      foundHere += found[order[to]];
      othersHere += others[order[to++]];
    }
    pairs += foundHere * (below + othersHere / 2);
    below += othersHere;
    positives += foundHere;
    from = to;
  }
  return positives === 0 || below === 0 ? null : pairs / (positives * below);
}
