import type { Agreement, Profile } from '../../contracts/profile.ts';
import { DIFFERENCE_EDGES } from '../../contracts/profile.ts';
import type { ShadowEvent } from '../../contracts/telemetry.ts';
import { addNumber, createColumnProfile } from './column-profile.ts';
import { addBackend } from './traffic-profile.ts';

/**
 * Counts one answer of a challenger in the shadow, in place, in a profile that holds nothing else: what would have
 * been an answer is a model answer, what would have been a fallback is one, and where the champion answered the
 * same row too, how far apart the two were.
 * @param tolerance largest difference of two answers that agree, target units
 */
export function addShadow(profile: Profile, event: ShadowEvent, tolerance: number): void {
  profile.agreement ??= createAgreement();
  if (event.value === undefined) {
    profile.predictions.fallback++;
    const reason = event.reason ?? 'runtime';
    profile.reasons[reason] = (profile.reasons[reason] ?? 0) + 1;
    return;
  }
  profile.predictions.model++;
  addNumber(profile.latencyMs, event.latencyMs);
  if (event.backend) addBackend(profile, event.backend, event.latencyMs);
  if (profile.prediction) addNumber(profile.prediction, event.value);
  if (event.champion !== undefined)
    addDifference(profile.agreement, event.value - event.champion, tolerance);
}

export const createAgreement = (): Agreement => ({
  n: 0,
  agreeing: 0,
  sumDifference: 0,
  sumSquares: 0,
  absolute: createColumnProfile({ type: 'number', edges: DIFFERENCE_EDGES }),
});

function addDifference(agreement: Agreement, difference: number, tolerance: number): void {
  const absolute = Math.abs(difference);
  agreement.n++;
  if (absolute <= tolerance) agreement.agreeing++;
  agreement.sumDifference += difference;
  agreement.sumSquares += difference * difference;
  addNumber(agreement.absolute, absolute);
}
