import { hypergeometricDensity } from '../distributions/hypergeometric.ts';
import type { Cell } from './two-sample-chi-square.ts';

/** Expected counts from which on the first term of the expansion is the mean to 1e-4. */
const EXPANDED_FROM = 30;
/** Chances below this share of the mode's add nothing. */
const NEGLIGIBLE = 1e-12;

/**
 * Mean of the G statistic of a 2 x k table where nothing changed: all divisions of the values into samples of these
 * sizes equally likely. Near the degrees of freedom, above them where cells are small.
 * Cost: O(root of the count) a distinct small count. Source for large cells: Williams, Improved likelihood ratio tests
 * for complete contingency tables (1976).
 */
export function expectedDeviance(cells: readonly Cell[]): number {
  let [n, m] = [0, 0];
  for (const cell of cells) {
    n += cell.a;
    m += cell.b;
  }
  const sizes = (n + m) / n + (n + m) / m - 1;
  const smallest = Math.min(n, m) / (n + m);
  const known = new Map<number, number>();
  let mean = 0;
  for (const { a, b } of cells) {
    const both = a + b;
    let part = known.get(both);
    if (part === undefined) {
      const isLarge = both * smallest >= EXPANDED_FROM;
      part = isLarge ? 1 - both / (n + m) + sizes / (6 * both) : exactMean(both, { n, m });
      known.set(both, part);
    }
    mean += part;
  }
  return mean;
}

/** Mean over how many of a cell's values the first sample gets, outward from the likeliest number. */
function exactMean(both: number, { n, m }: { n: number; m: number }): number {
  const share = n / (n + m);
  const urn = { marked: n, unmarked: m, drawn: both };
  const mode = Math.floor(((both + 1) * (n + 1)) / (n + m + 2));
  const atMode = hypergeometricDensity(mode, urn);
  const term = (a: number, chance: number): number => chance * devianceOf(a, both, share);
  let mean = term(mode, atMode);
  let chance = atMode;
  for (let a = mode; a < Math.min(n, both) && chance > atMode * NEGLIGIBLE; a++) {
    chance *= ((n - a) / (a + 1)) * ((both - a) / (m - both + a + 1));
    mean += term(a + 1, chance);
  }
  chance = atMode;
  for (let a = mode; a > Math.max(0, both - m) && chance > atMode * NEGLIGIBLE; a--) {
    chance *= (a / (n - a + 1)) * ((m - both + a) / (both - a + 1));
    mean += term(a - 1, chance);
  }
  return mean;
}

function devianceOf(a: number, both: number, share: number): number {
  const b = both - a;
  const inA = a > 0 ? a * Math.log(a / (both * share)) : 0;
  return 2 * (inA + (b > 0 ? b * Math.log(b / (both * (1 - share))) : 0));
}
