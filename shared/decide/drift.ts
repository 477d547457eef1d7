import type { Monitors } from '../contracts/declaration.ts';
import type { ColumnProfile, Profile, ReferenceProfile } from '../contracts/profile.ts';
import type { DriftResult, OutcomeRate } from '../contracts/registry.ts';
import { psiOfProfiles } from '../stats/drift/column-effects.ts';
import { compareProfiles } from '../stats/drift/compare-profiles.ts';
import { benjaminiHochberg } from '../stats/multiple-testing.ts';
import { positiveShareOf } from '../stats/performance/score-figures.ts';
import { countOf } from '../stats/profile/column-profile.ts';
import { meanOfProfile } from '../stats/profile/profile-quantile.ts';

export type DriftPolicy = Omit<Monitors['drift'], 'windowMs'>;

/**
 * Has any input drifted from the reference? One result per input of the reference, in its order.
 *
 * Each input is tested in the reference's bins (`compareProfiles`: numbers for location, scale, shape and
 * missing values in one p; categories by a two-sample chi-square); p values are adjusted over the inputs (Benjamini and Hochberg). Drift is said only when the adjusted
 * p is at most `alpha` AND the population stability index, less what chance gives it at these sizes, is at
 * least `minPsi`: it is there, and it matters (`psiOfProfiles`; that index is the one told).
 * Fewer than `minSamples` values, missing ones among them, is `insufficient_data`.
 *
 * Cost: bins x inputs, whatever the number of events.
 */
export function judgeDrift(
  reference: ReferenceProfile,
  profile: Profile,
  policy: DriftPolicy,
): DriftResult[] {
  const results = Object.entries(reference.inputs).map(([input, column]) =>
    compareInput(input, { reference: column, current: profile.inputs[input] }, policy),
  );
  const tested = results.filter((result) => result.pValue !== null);
  const adjusted = benjaminiHochberg(tested.map((result) => result.pValue ?? 1));
  tested.forEach((result, i) => {
    result.adjustedPValue = adjusted[i];
    const isDrift = adjusted[i] <= policy.alpha && (result.psi ?? 0) >= policy.minPsi;
    result.verdict = isDrift ? 'drift' : 'no_drift';
  });
  return results;
}

/** Name under which the drift of a model's own answers is told. */
export const PREDICTION = 'prediction';

/**
 * Prior drift: has the distribution of the model's answers moved from its out-of-fold predictions? One test, so no
 * adjustment. Told apart from data drift: inputs may move without the answers, and the answers without any one input.
 */
export function judgePredictionDrift(
  reference: ReferenceProfile,
  profile: Profile,
  policy: DriftPolicy,
): DriftResult {
  const current = profile.prediction ?? undefined;
  const result = compareInput(PREDICTION, { reference: reference.prediction, current }, policy);
  if (result.pValue === null) return result;
  const isDrift = result.pValue <= policy.alpha && (result.psi ?? 0) >= policy.minPsi;
  return { ...result, adjustedPValue: result.pValue, verdict: isDrift ? 'drift' : 'no_drift' };
}

/**
 * How often what a classifier predicts happened, beside how often it did where it was trained: moves with its answers
 * where the world moved, and not where the model did. Null of a regression.
 */
export function outcomeRateOf(reference: ReferenceProfile, profile: Profile): OutcomeRate | null {
  const { scores } = profile;
  if (!scores) return null;
  const trained = meanOfProfile(reference.target) ?? 0;
  return { now: positiveShareOf(scores), n: scores.logLoss.n, reference: trained };
}

type Pair = { reference: ColumnProfile; current: ColumnProfile | undefined };

/** Everything but the adjusted p and the verdict that needs it. */
function compareInput(input: string, pair: Pair, policy: DriftPolicy): DriftResult {
  const { reference, current } = pair;
  const n = current ? countOf(current) + current.missing : 0;
  const untested: DriftResult = {
    input,
    verdict: 'insufficient_data',
    n,
    needed: policy.minSamples,
    psi: null,
    statistic: null,
    pValue: null,
    adjustedPValue: null,
    test: reference.type === 'number' ? 'combined' : 'chi-square',
  };
  if (!current || n < policy.minSamples) return untested;
  const psi = psiOfProfiles({ reference, current })?.value ?? null;
  if (countOf(reference) + reference.missing === 0) return untested;
  const test = compareProfiles(reference, current);
  if (!test) return { ...untested, psi, pValue: 1, statistic: 0 };
  return { ...untested, psi, statistic: test.statistic, pValue: test.pValue };
}
