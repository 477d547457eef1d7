/** Rows of each code 0 .. codes - 1. */
export function countCodes(values: ArrayLike<number>, codes: number): Uint32Array {
  const counts = new Uint32Array(codes);
  for (let row = 0; row < values.length; row++) counts[values[row]]++;
  return counts;
}

/**
 * Shares `draws` out over classes in proportion to their counts: the whole parts first, then one each
 * to the largest remainders, the first class of a tie first. No class gives more than it has.
 * Source: largest remainders (Hamilton). Reference: scikit-learn 1.2 StratifiedShuffleSplit, which
 * draws among ties.
 */
export function shareOut(counts: ArrayLike<number>, draws: number): Uint32Array {
  const total = Array.from(counts).reduce((sum, count) => sum + count, 0);
  const exact = Array.from(counts, (count) => (total === 0 ? 0 : (count * draws) / total));
  const shares = Uint32Array.from(exact, Math.floor);
  let left = draws - shares.reduce((sum, share) => sum + share, 0);
  const largestFirst = exact
    .map((value, code) => ({ code, remainder: value - shares[code] }))
    .sort((a, b) => b.remainder - a.remainder || a.code - b.code);
  for (const { code } of largestFirst)
    if (left > 0 && shares[code] < counts[code]) {
      shares[code]++;
      left--;
    }
  return shares;
}
