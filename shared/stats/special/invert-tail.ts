/** Which tail a probability is told of: the chance of at most x, or of more than x. */
export type Tail = 'lower' | 'upper';

/**
 * The x in (low, high) at which a continuous, increasing distribution reaches a tail probability.
 * Works on log probabilities, so that 1e-300 is as good as 0.5: bisection on the order of doubles until the
 * bracket is narrow, then secant steps kept inside it (Illinois rule, Dowell and Jarratt 1971).
 * @param logTails log of lower and upper tail at x
 * @param p in [0, 1]; 0 and 1 give the ends
 * @returns NaN for another p, and where the distribution says NaN
 */
export function invertTail(
  logTails: (x: number) => { lower: number; upper: number },
  goal: { p: number; tail: Tail },
  bounds: readonly [number, number],
): number {
  const { p, tail } = goal;
  if (!(p >= 0 && p <= 1) || Number.isNaN(logTails(1)[tail])) return Number.NaN;
  if (p === 0) return tail === 'lower' ? bounds[0] : bounds[1];
  if (p === 1) return tail === 'lower' ? bounds[1] : bounds[0];
  const target = Math.log(p);
  const excess = (x: number): number =>
    tail === 'lower' ? logTails(x).lower - target : target - logTails(x).upper;
  const start = bracket(excess, bounds);
  if (start.high === Number.MAX_VALUE && excess(start.high) < 0) return bounds[1];
  return refine(excess, start);
}

type Bracket = { low: number; high: number };

function bracket(excess: (x: number) => number, bounds: readonly [number, number]): Bracket {
  let low = Math.max(bounds[0], -Number.MAX_VALUE);
  let high = Math.min(bounds[1], Number.MAX_VALUE);
  for (let i = 0; i < 80 && isWide(low, high); i++) {
    const middle = middleOf(low, high);
    if (middle <= low || middle >= high) break;
    if (excess(middle) < 0) low = middle;
    else high = middle;
  }
  return { low, high };
}

const isWide = (low: number, high: number): boolean =>
  low <= 0 ? true : high / low > 1.2 || !Number.isFinite(high);

/** Halves the exponent where the ends are orders apart, the interval where they are not. */
function middleOf(low: number, high: number): number {
  if (low < 0 && high > 0) return 0;
  if (high <= 0) return low === high ? low : -middleOf(-high, -low);
  const floor = low <= 0 ? Number.MIN_VALUE : low;
  return high / floor > 4 ? Math.sqrt(floor) * Math.sqrt(high) : low + (high - low) / 2;
}

function refine(excess: (x: number) => number, start: Bracket): number {
  let { low, high } = start;
  let atLow = excess(low);
  let atHigh = excess(high);
  let side = 0;
  for (let i = 0; i < 200; i++) {
    if (atLow === 0 || atHigh === 0) return atLow === 0 ? low : high;
    let x = low - (atLow * (high - low)) / (atHigh - atLow);
    if (!(x > low && x < high) || i % 8 === 7) x = low + (high - low) / 2;
    if (x === low || x === high || high - low <= 2e-16 * Math.abs(x)) return x;
    const at = excess(x);
    if (at < 0) {
      low = x;
      atLow = at;
      if (side === -1) atHigh /= 2;
      side = -1;
    } else {
      high = x;
      atHigh = at;
      if (side === 1) atLow /= 2;
      side = 1;
    }
  }
  return low + (high - low) / 2;
}
