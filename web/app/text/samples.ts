import type { ModelSummary } from '../../../shared/contracts/registry.ts';
import { MINUTE_MS } from '../../../shared/core/time.ts';

export type Sample = { atMs: number; predictionsPerMinute: number };

/** Ten minutes of points, two seconds apart. */
export const MOST_SAMPLES = 300;

/**
 * Adds the present rate. A summary is only published when something was folded, so one older than
 * a minute means that nothing came in that minute.
 */
export function appendSample(
  samples: readonly Sample[],
  summary: Pick<ModelSummary, 'foldedAt' | 'predictionsPerMinute'>,
  nowMs: number,
): Sample[] {
  const isStale = nowMs - Date.parse(summary.foldedAt) > MINUTE_MS;
  const predictionsPerMinute = isStale ? 0 : summary.predictionsPerMinute;
  return [...samples, { atMs: nowMs, predictionsPerMinute }].slice(-MOST_SAMPLES);
}
