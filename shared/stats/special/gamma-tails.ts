import { logModerateGamma, logUpperFraction, withUpper } from './incomplete-gamma.ts';
import { largeShapeTails } from './large-shape-tail.ts';
import { logGamma1p } from './log-gamma.ts';
import { LARGE_SHAPE, type LogTails, NO_TAILS } from './log-tails.ts';
import { deviance } from './stirling-error.ts';

/**
 * log P(a, x) and log Q(a, x) of any shape. @see logModerateGamma
 * @param a shape >= 0; at 0 all is at x = 0, at Infinity all is above every finite x
 * @param x >= 0; infinity allowed
 * @returns NaN in both where a or x is NaN, a is below 0, or both are Infinity
 */
export function logIncompleteGamma(a: number, x: number): LogTails {
  if (!(a >= 0) || Number.isNaN(x) || (a === Infinity && x === Infinity)) return NO_TAILS;
  if (x <= 0 || a === Infinity) return { lower: -Infinity, upper: 0 };
  if (x === Infinity || a === 0) return { lower: 0, upper: -Infinity };
  if (a < 0.5) return x >= a + 1 ? withUpper(logUpperFraction(a, x)) : smallShape(a, x);
  if (a < LARGE_SHAPE) return logModerateGamma(a, x);
  return largeShapeTails({ a, b: Infinity }, { distance: x - a, deviance: deviance(a, x) });
}

/** For a < 1/2 and x < a + 1, where both 1 - P and 1 - Q would cancel: Q from the alternating series. */
function smallShape(a: number, x: number): LogTails {
  let sum = 0;
  let term = 1;
  for (let n = 1; n < 100; n++) {
    term *= -x / n;
    const next = sum + (term * a) / (a + n);
    if (next === sum) break;
    sum = next;
  }
  const logLead = a * Math.log(x) - logGamma1p(a);
  const upper = -Math.expm1(logLead) - Math.exp(logLead) * sum;
  return { lower: logLead + Math.log1p(sum), upper: Math.log(upper) };
}
