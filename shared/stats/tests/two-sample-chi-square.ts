import { chiSquareTail } from '../distributions/chi-square-tail.ts';

export type ChiSquareResult = {
  statistic: number;
  df: number;
  pValue: number;
  /** Cells left after pooling. */
  cells: number;
};

/** The smallest expected count a cell may have; smaller ones are pooled (Cochran 1954). */
const MIN_EXPECTED = 5;

/**
 * Two-sample chi-square test of homogeneity on counts in the same cells: do both samples come from one
 * distribution? Unlike a goodness-of-fit test it counts the sampling error of BOTH samples.
 *
 * Definition: sum over cells and samples of (observed - expected)^2 / expected, with expected counts from
 * the pooled shares; df = cells - 1. Cells whose expected count is below 5 in either sample are pooled:
 * with their smaller neighbour when `ordered` (bins of a number), else together with the next smallest.
 * @param a counts, shape [k]
 * @param b counts, shape [k], of the same cells
 * @returns null when either sample is empty or fewer than two cells are left: too little to tell
 *
 * Cost: O(k log k). Reference implementation: scipy.stats.chi2_contingency(correction=False) 1.10.1.
 */
export function twoSampleChiSquare(
  a: readonly number[],
  b: readonly number[],
  options: { ordered: boolean } = { ordered: false },
): ChiSquareResult | null {
  const nA = total(a);
  const nB = total(b);
  if (nA === 0 || nB === 0) return null;
  const cells = options.ordered ? poolNeighbours(a, b) : poolSmallest(a, b);
  if (cells.length < 2) return null;
  let statistic = 0;
  for (const { a: inA, b: inB } of cells) {
    const difference = inA * nB - inB * nA;
    statistic += ((difference / nA) * (difference / nB)) / (inA + inB);
  }
  const df = cells.length - 1;
  return { statistic, df, pValue: chiSquareTail(statistic, df), cells: cells.length };
}

/** Counts of both samples in one cell. */
export type Cell = { a: number; b: number };

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** The pooled count at which so many are expected in the smaller sample's share of a cell. */
function neededIn(a: readonly number[], b: readonly number[], minExpected: number): number {
  const [nA, nB] = [total(a), total(b)];
  return (minExpected * (nA + nB)) / Math.min(nA, nB);
}

/** Adjacent bins together until 5 are expected in each; what is left at the end joins the last cell. */
export function poolNeighbours(a: readonly number[], b: readonly number[]): Cell[] {
  const needed = neededIn(a, b, MIN_EXPECTED);
  const cells: Cell[] = [];
  let open: Cell = { a: 0, b: 0 };
  for (let i = 0; i < a.length; i++) {
    open = { a: open.a + a[i], b: open.b + b[i] };
    if (open.a + open.b >= needed) {
      cells.push(open);
      open = { a: 0, b: 0 };
    }
  }
  return withRest(cells, open);
}

/**
 * The rare cells together, smallest first, until so many are expected of what they make. Which join depends on the
 * cells' order and pooled counts alone: unchanged samples stay unchanged.
 */
export function poolSmallest(
  a: readonly number[],
  b: readonly number[],
  minExpected = MIN_EXPECTED,
): Cell[] {
  const needed = neededIn(a, b, minExpected);
  const sorted = a
    .map((inA, i) => ({ a: inA, b: b[i] }))
    .sort((left, right) => left.a + left.b - right.a - right.b);
  const cells: Cell[] = [];
  let open: Cell = { a: 0, b: 0 };
  for (const cell of sorted) {
    open = { a: open.a + cell.a, b: open.b + cell.b };
    if (open.a + open.b >= needed) {
      cells.push(open);
      open = { a: 0, b: 0 };
    }
  }
  return withRest(cells, open);
}

function withRest(cells: Cell[], rest: Cell): Cell[] {
  const last = cells[cells.length - 1];
  if (rest.a + rest.b === 0) return cells;
  if (!last) return [rest];
  cells[cells.length - 1] = { a: last.a + rest.a, b: last.b + rest.b };
  return cells;
}
