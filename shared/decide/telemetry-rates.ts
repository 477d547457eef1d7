import type { Profile } from '../contracts/profile.ts';
import { BLAMED_REASONS } from '../contracts/telemetry.ts';
import { countOf } from '../stats/profile/column-profile.ts';

/** Events of a kind among the answers in which they could have happened. */
export type Rate = { events: number; n: number };

/** Answers that the model gave or is to blame for not giving: the base of both rates. */
export function blamedAnswers(profile: Profile): number {
  return profile.predictions.model + blamedFallbacks(profile);
}

function blamedFallbacks(profile: Profile): number {
  return BLAMED_REASONS.reduce((sum, reason) => sum + (profile.reasons[reason] ?? 0), 0);
}

/** Deadline, integrity and runtime fallbacks among the answers the model gave or is to blame for. */
export function fallbackRateOf(profile: Profile): Rate {
  return { events: blamedFallbacks(profile), n: blamedAnswers(profile) };
}

/** Integrity and runtime fallbacks alone, a missed deadline not among them, on the same base. */
export function errorRateOf(profile: Profile): Rate {
  const events = (profile.reasons['integrity'] ?? 0) + (profile.reasons['runtime'] ?? 0);
  return { events, n: blamedAnswers(profile) };
}

/**
 * Model answers slower than `limitMs`, counting only bins that lie wholly above it: a lower bound.
 */
export function slowerThan(profile: Profile, limitMs: number): Rate {
  const { edges, counts } = profile.latencyMs;
  let events = 0;
  for (let i = 1; i < counts.length; i++) if (edges[i - 1] >= limitMs) events += counts[i];
  return { events, n: countOf(profile.latencyMs) };
}
