import { normal, type Rng } from '../core/rng.ts';
import { coordinateOf, type Domain, parametersFromUnits, toUnit } from '../learn/search/domain.ts';
import type { Parameters } from '../learn/search/space.ts';

/** Standard deviation of a change, in widths of the domain (the logarithm's where it is one). */
const CHANGE = 0.2;
const CATEGORY_CHANGES = 0.2;

/**
 * Parameters near the given ones: each number moved by a normal step, which beyond an end stays at it, a
 * category drawn anew once in five times.
 */
export function nearbyParameters(
  domains: readonly Domain[],
  parameters: Parameters,
  rng: Rng,
): Parameters {
  const units = domains.map((domain) => {
    const unit = toUnit(domain, coordinateOf(domain, parameters[domain.name]));
    if (!Number.isFinite(unit)) return rng();
    if (domain.choices !== null) return rng() < CATEGORY_CHANGES ? rng() : unit;
    return Math.min(1, Math.max(0, unit + CHANGE * normal(rng)));
  });
  return parametersFromUnits(domains, units);
}
