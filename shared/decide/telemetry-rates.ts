import type { NumberProfile, Profile } from '../contracts/profile.ts';
import { BLAMED_REASONS } from '../contracts/telemetry.ts';
import { confusionAt } from '../stats/performance/score-figures.ts';
import { countOf } from '../stats/profile/column-profile.ts';

/** Events of a kind among the answers in which they could have happened. */
export type Rate = { events: number; n: number };

/** Answers that the model gave or is to blame for not giving. */
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

/**
 * Download, integrity and runtime failures, a missed deadline not among them: the fallbacks they caused, and the
 * incidents. Where an earlier version goes on answering, the incident is all that a version leaves
 * which cannot be loaded: without it a challenger that no device can run would never be rolled back.
 */
export function errorRateOf(profile: Profile): Rate {
  const refusals = failuresIn(profile.incidents);
  const events = failuresIn(profile.reasons) + refusals;
  return { events, n: blamedAnswers(profile) + refusals };
}

const failuresIn = (counts: Record<string, number>): number =>
  (counts['integrity'] ?? 0) + (counts['runtime'] ?? 0) + (counts['download'] ?? 0);

/** Incidents of one kind among the answers of the version and those incidents. */
export function incidentRateOf(profile: Profile, kind: 'integrity' | 'download'): Rate {
  const events = profile.incidents[kind] ?? 0;
  return { events, n: blamedAnswers(profile) + events };
}

/** Outcomes outside the interval that their answer came with. */
export const intervalMissRateOf = ({ intervals }: Profile): Rate => ({
  events: intervals.missed,
  n: intervals.n,
});

/** Shadow answers within the tolerance of the champion's to the same row. */
export const agreementRateOf = ({ agreement }: Profile): Rate => ({
  events: agreement?.agreeing ?? 0,
  n: agreement?.n ?? 0,
});

/**
 * Right decisions of a classifier: among all outcomes (accuracy), among what was decided to be positive (precision),
 * among what was positive (recall).
 */
export function decisionRateOf(
  { scores }: Profile,
  metric: 'accuracy' | 'precision' | 'recall',
  threshold: number,
): Rate {
  if (!scores) return { events: 0, n: 0 };
  const { tp, fp, fn, tn } = confusionAt(scores, threshold);
  switch (metric) {
    case 'accuracy':
      return { events: tp + tn, n: tp + fp + fn + tn };
    case 'precision':
      return { events: tp, n: tp + fp };
    case 'recall':
      return { events: tp, n: tp + fn };
  }
}

/**
 * Model answers slower than `limitMs`, counting only bins that lie wholly above it: a lower bound.
 */
export function slowerThan(latencyMs: NumberProfile, limitMs: number): Rate {
  const { edges, counts } = latencyMs;
  let events = 0;
  for (let i = 1; i < counts.length; i++) if (edges[i - 1] >= limitMs) events += counts[i];
  return { events, n: countOf(latencyMs) };
}
