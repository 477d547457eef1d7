import { smirnovSurvival } from '../distributions/smirnov-tail.ts';
import { type CellCounts, sumOf } from './value-runs.ts';

/** Groups that hold this share of the values or more: where a law is worked out over groups, not over values. */
const GROUPS = 32;

/**
 * Shares of neighbouring cells, both samples together, in groups that the law of a test of tied values is worked out
 * over; null where ties are too few to matter and the law is that of continuous values. A cell that holds much stands
 * alone.
 */
export function tiedShares({ a, b }: CellCounts): number[] | null {
  const total = sumOf(a) + sumOf(b);
  let cells = 0;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const both = a[i] + b[i];
    if (both > 0) cells++;
    if (both > largest) largest = both;
  }
  if (largest <= 1 || (cells > GROUPS && largest * GROUPS < total)) return null;
  const enough = cells > GROUPS ? total / GROUPS : 0;
  const shares: number[] = [];
  let open = 0;
  const close = (): void => {
    if (open > 0) shares.push(open / total);
    open = 0;
  };
  for (let i = 0; i < a.length; i++) {
    const both = a[i] + b[i];
    if (open + both > enough) close();
    open += both;
    if (open >= enough) close();
  }
  close();
  return shares;
}

/**
 * A weighted sum of squares of the difference D between two distribution functions at the ends of cells: D in units of
 * its deviation where nothing changed, a Brownian bridge seen at the cells' ends.
 */
export type BridgeForm = {
  /** Shares of the k cells, above 0, summing to 1. */
  shares: readonly number[];
  /** Of D(i)^2 at the end of cell i, shape [k - 1]. */
  squares: readonly number[];
  /** Of 2 D(i) D(i + 1), shape [k - 2]; 0 where left out. */
  products?: readonly number[];
};

/**
 * Chance that the form is above x: all divisions of the values into two samples alike, normal for what their exact
 * moments do not say.
 *
 * Definition: a sum of chi-squares weighted by the roots 1 / r of det(T - r M), T the bridge's precision, M the form,
 * both tridiagonal: roots by bisection on the signs of the leading minors (Sturm), the sum by Smirnov's formula.
 * Cost: O(k) a minor, some thousand of them. Source: Anderson and Darling (1952), section 4, for the form.
 */
export function bridgeFormSurvival(x: number, form: BridgeForm): number {
  const k = form.shares.length - 1;
  const whole = lastMinor(form, 0).minor;
  const roots: number[] = [];
  const rootOf = (j: number): number => {
    if (j > k) return Infinity;
    roots[j] ??= bisect((r) => lastMinor(form, r).negative >= j, roots[j - 1] ?? 0);
    return roots[j];
  };
  return smirnovSurvival(
    x,
    (j) => rootOf(j) / 2,
    (s) => lastMinor(form, 2 * s).minor / whole,
  );
}

/**
 * The determinant of T - r M, rows and columns scaled by the roots of shares, and how many of its roots are below r:
 * the pivots of the elimination, whose signs are those of the leading minors' ratios.
 */
function lastMinor(
  { shares, squares, products }: BridgeForm,
  r: number,
): { minor: number; negative: number } {
  let pivot = 1;
  let minor = 1;
  let negative = 0;
  for (let i = 0; i < squares.length; i++) {
    const share = shares[i];
    const beside = i === 0 ? 0 : 1 / share + r * (products?.[i - 1] ?? 0);
    const inner = 1 + share / shares[i + 1] - r * share * squares[i];
    pivot = inner - (i === 0 ? 0 : (beside * beside * share * shares[i - 1]) / pivot);
    if (pivot === 0) pivot = Number.MIN_VALUE;
    if (pivot < 0) negative++;
    minor *= pivot;
  }
  return { minor, negative };
}

/** The least number above `low` for which it holds, Infinity where for none; what holds once holds on. */
function bisect(holds: (r: number) => boolean, low: number): number {
  let high = 2 * low + 1;
  while (!holds(high)) {
    if (high > 1e200) return Infinity;
    high *= 2;
  }
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
