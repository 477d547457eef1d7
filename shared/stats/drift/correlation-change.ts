import { normalSurvival } from '../distributions/normal.ts';
import { benjaminiHochberg } from '../multiple-testing.ts';
import { type CoMoments, correlationOf } from '../sketch/running-moments.ts';

export type CorrelationChange = {
  pair: string;
  reference: number;
  current: number;
  pValue: number;
  /** Over the pairs (Benjamini and Hochberg). */
  adjustedPValue: number;
};

/** Pairs of values on each side before a change is judged. */
const MIN_PAIRS = 10;

/**
 * Have columns changed how they move together, though each may be distributed as before? Fisher's z of each pair's
 * correlation in both samples, adjusted over the pairs. Assumes roughly normal columns: p is approximate for others.
 * Pairs that are constant or have fewer than 10 values on a side are left out.
 * @param pairs co-moments by pair name, of the reference and of now
 * Source: Fisher (1921).
 */
export function correlationChanges(
  pairs: Readonly<Record<string, { reference: CoMoments; current: CoMoments }>>,
): CorrelationChange[] {
  const changes = Object.entries(pairs).flatMap(([pair, { reference, current }]) => {
    const before = correlationOf(reference);
    const now = correlationOf(current);
    const isKnown = reference.n >= MIN_PAIRS && current.n >= MIN_PAIRS;
    if (before === null || now === null || !isKnown) return [];
    const deviation = Math.sqrt(1 / (reference.n - 3) + 1 / (current.n - 3));
    const z = (fisherZ(now) - fisherZ(before)) / deviation;
    return [{ pair, reference: before, current: now, pValue: 2 * normalSurvival(Math.abs(z)) }];
  });
  const adjusted = benjaminiHochberg(changes.map(({ pValue }) => pValue));
  return changes.map((change, i) => ({ ...change, adjustedPValue: adjusted[i] }));
}

/** atanh, kept finite for correlations of 1 and -1. */
const fisherZ = (r: number): number => Math.atanh(Math.max(-1 + 1e-15, Math.min(1 - 1e-15, r)));
