import type { ArmError, ArmStatistics, Sums } from './arm.ts';

/** Sums of n squares may fall short of what they must be by this share of them: they were rounded. */
const ROUNDING = 1e-9;

/** What is wrong with the sums of an arm, null where nothing is. No unit's values could give sums that are refused. */
export function checkArm(arm: ArmStatistics): ArmError | null {
  const { n, sum } = arm;
  if (!Number.isInteger(n) || n < 0) return { reason: 'not_a_count', field: 'n', value: n };
  if (n < 2) return { reason: 'too_few_units', n, needed: 2 };
  if (!Number.isFinite(sum)) return { reason: 'not_a_count', field: 'sum', value: sum };
  if (arm.kind === 'proportion')
    return sum < 0 || sum > n ? { reason: 'not_a_count', field: 'sum', value: sum } : null;
  if (!isPossible(arm, n))
    return { reason: 'not_a_count', field: 'sumSquares', value: arm.sumSquares };
  if (arm.kind === 'mean') return arm.covariate ? checkBeside(arm, n, 'covariate') : null;
  return arm.denominator.sum === 0
    ? { reason: 'denominator_is_zero' }
    : checkBeside(arm, n, 'denominator');
}

/** A second variable of the same units: its own sums, and its products with the first (Cauchy and Schwarz). */
function checkBeside(
  arm: Extract<ArmStatistics, { kind: 'mean' | 'ratio' }>,
  n: number,
  name: 'covariate' | 'denominator',
): ArmError | null {
  const beside = arm.kind === 'mean' ? arm.covariate : arm.denominator;
  if (!beside) return null;
  if (!isPossible(beside, n))
    return { reason: 'not_a_count', field: `${name}.sumSquares`, value: beside.sumSquares };
  const sumProducts = arm.kind === 'mean' ? (arm.covariate?.sumProducts ?? 0) : arm.sumProducts;
  const most = Math.sqrt(mostSpread(arm, n) * mostSpread(beside, n));
  const shared = Math.abs(sumProducts - (arm.sum * beside.sum) / n);
  const field = arm.kind === 'mean' ? 'covariate.sumProducts' : 'sumProducts';
  return shared <= most ? null : { reason: 'not_a_count', field, value: sumProducts };
}

const isPossible = (sums: Sums, n: number): boolean =>
  Number.isFinite(sums.sumSquares) && mostSpread(sums, n) >= 0;

/** n times the variance, and what rounding may have taken from it. */
const mostSpread = ({ sum, sumSquares }: Sums, n: number): number =>
  sumSquares - (sum * sum) / n + ROUNDING * Math.abs(sumSquares);
