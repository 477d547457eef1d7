/**
 * The smallest whole k in [low, high] with cdf(k) >= p, by doubling and bisection. NaN for p outside [0, 1] and
 * where the distribution says NaN. Above 2^53, where not every whole number is a double, the double next to it.
 * A p that lies within 1e-14 of a step counts as that step: cdf and p are both rounded.
 */
export function invertCount(
  cdf: (k: number) => number,
  p: number,
  [low, high]: readonly [number, number],
): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (!(low <= high) || Number.isNaN(cdf(low))) return Number.NaN;
  if (p === 1) return high;
  const reaches = (k: number): boolean => cdf(k) >= p * (1 - 1e-14);
  if (reaches(low)) return low;
  let below = low;
  let above = Math.min(high, low + 1);
  while (above < high && !reaches(above)) {
    below = above;
    above = Math.min(high, Number.MAX_VALUE, low + (above - low) * 2);
    if (above === below) break;
  }
  while (above - below > 1) {
    const middle = Math.floor(below + (above - below) / 2);
    if (middle <= below || middle >= above) break;
    if (reaches(middle)) above = middle;
    else below = middle;
  }
  return above;
}
