import { logIncompleteBeta } from '../special/beta-tails.ts';
import { logBeta } from '../special/log-gamma.ts';

/**
 * Evidence that a proportion is above `limit`, as the log of an e-value that may be watched continuously:
 * if the proportion is at most the limit, the chance that it ever reaches log(1 / alpha) is at most alpha.
 *
 * Definition: the mean likelihood ratio of q against `limit` over a beta prior cut to q > limit, with prior
 * mean about twice the limit. Exact for every n; no normal approximation, so it holds for rare events.
 * @param k events among n, 0 <= k <= n
 * @param limit in [0, 1]; at 0 any event is infinite evidence, at 1 there is none
 * Source: Ville (1939), Robbins (1970); truncated beta mixture as in Howard et al. (2021), section 4.
 */
export function logEvidenceAbove(k: number, n: number, limit: number): number {
  if (n === 0 || limit >= 1) return 0;
  if (limit <= 0) return k > 0 ? Infinity : 0;
  const a = 1;
  const b = Math.max(1, (1 - limit) / (2 * limit));
  return (
    logUpperMass({ a: a + k, b: b + n - k }, limit) -
    logUpperMass({ a, b }, limit) -
    k * Math.log(limit) -
    (n - k) * Math.log1p(-limit)
  );
}

/** log of the integral of q^(a-1) (1-q)^(b-1) over q > limit. */
const logUpperMass = (shape: { a: number; b: number }, limit: number): number =>
  logBeta(shape.a, shape.b) + logIncompleteBeta(shape, limit).upper;
