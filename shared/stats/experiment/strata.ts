import { fail, ok, type Result } from '../../core/result.ts';
import { type Arm, type ArmError, armsOf } from './arm.ts';
import type { Part } from './parts.ts';

export type StrataError =
  | { reason: 'bad_stratum'; stratum: string; because: ArmError }
  | { reason: 'strata_do_not_add_up'; arm: 'control' | 'treatment'; n: number; inStrata: number };

/**
 * Both arms post-stratified: each mean is that of the strata, weighed by their share of the units of both arms, which
 * takes out what chance put into one arm of a stratum and the spread between strata. Any test can then be asked.
 * @param strata at least one, each with both arms; a covariate adjusts within its stratum
 * @param units of both arms, which the strata must add up to
 * Source: Miratrix, Sekhon and Yu, Adjusting treatment effect estimates by post-stratification (2013).
 */
export function stratifiedArms(
  strata: readonly Part[],
  units: { control: number; treatment: number },
): Result<{ control: Arm; treatment: Arm }, StrataError> {
  const parts: { weight: number; control: Arm; treatment: Arm }[] = [];
  for (const { name, control, treatment } of strata) {
    const arms = armsOf(control, treatment);
    if (!arms.ok) return fail({ reason: 'bad_stratum', stratum: name, because: arms.error });
    parts.push({ weight: control.n + treatment.n, ...arms.value });
  }
  for (const arm of ['control', 'treatment'] as const) {
    const inStrata = parts.reduce((sum, part) => sum + part[arm].n, 0);
    if (inStrata !== units[arm])
      return fail({ reason: 'strata_do_not_add_up', arm, n: units[arm], inStrata });
  }
  const total = units.control + units.treatment;
  const sideOf = (side: 'control' | 'treatment'): Arm =>
    weighed(
      units[side],
      parts.map((part) => ({ share: part.weight / total, arm: part[side] })),
    );
  return ok({ control: sideOf('control'), treatment: sideOf('treatment') });
}

/** `variance` is such that variance / n is that of the weighed mean. */
function weighed(n: number, parts: readonly { share: number; arm: Arm }[]): Arm {
  const sum = (of: (arm: Arm) => number): number =>
    parts.reduce((total, { share, arm }) => total + share * of(arm), 0);
  return {
    n,
    mean: sum(({ mean }) => mean),
    base: sum(({ base }) => base),
    variance: (r) =>
      n *
      parts.reduce((total, { share, arm }) => total + (share * share * arm.variance(r)) / arm.n, 0),
  };
}
