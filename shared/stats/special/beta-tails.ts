import { logIncompleteGamma } from './gamma-tails.ts';
import { logModerateBeta } from './incomplete-beta.ts';
import { largeShapeTails } from './large-shape-tail.ts';
import { LARGE_SHAPE, type LogTails } from './log-tails.ts';
import { deviance } from './stirling-error.ts';

/** Beyond this the larger shape makes the beta distribution a gamma distribution of the smaller to double precision. */
const GAMMA_FROM = 1e40;

/** log I_x(a, b) and log(1 - I_x(a, b)) of any finite shapes; O(1) where both are above 1e8. @see logModerateBeta */
export function logIncompleteBeta(shape: { a: number; b: number }, x: number, y = 1 - x): LogTails {
  const { a, b } = shape;
  const isInside = x > 0 && y > 0 && a > 0 && b > 0 && a + b < Infinity;
  if (!isInside) return logModerateBeta(shape, x, y);
  if (Math.min(a, b) >= LARGE_SHAPE) return largeTails(shape, x, y);
  if (b > GAMMA_FROM) return logIncompleteGamma(a, -b * logOf(y, x));
  if (a > GAMMA_FROM) {
    const { lower, upper } = logIncompleteGamma(b, -a * logOf(x, y));
    return { lower: upper, upper: lower };
  }
  return logModerateBeta(shape, x, y);
}

/** log x, from y = 1 - x where that is the smaller. */
const logOf = (x: number, y: number): number => (y < 0.5 ? Math.log1p(-y) : Math.log(x));

function largeTails({ a, b }: { a: number; b: number }, x: number, y: number): LogTails {
  const n = a + b;
  return largeShapeTails(
    { a, b },
    {
      distance: b * x - a * y + (productError(b, x) - productError(a, y)),
      deviance: deviance(a, n * x) + deviance(b, n * y),
    },
  );
}

/** What rounding takes from the product p q. Source: Dekker (1971). 0 where the parts would overflow. */
function productError(p: number, q: number): number {
  const highOf = (value: number): number => {
    const scaled = value * 134217729;
    return scaled - (scaled - value);
  };
  const [highP, highQ] = [highOf(p), highOf(q)];
  const [lowP, lowQ] = [p - highP, q - highQ];
  const error = lowP * lowQ - (p * q - highP * highQ - lowP * highQ - highP * lowQ);
  return Number.isFinite(error) ? error : 0;
}
