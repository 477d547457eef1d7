import { chiSquareSurvival } from '../distributions/chi-square.ts';
import { normalSurvival } from '../distributions/normal.ts';
import { holm } from '../multiple-testing.ts';

/** An effect in one segment (platform, country): absolute, with its standard error and units. */
export type SegmentEffect = { segment: string; estimate: number; standardError: number; n: number };

export type Heterogeneity = {
  /** Cochran's Q: p of one effect in all segments. */
  pValue: number;
  /** Segments whose effect differs from that of the others together; p adjusted over segments (Holm). */
  segments: { segment: string; difference: number; adjustedPValue: number }[];
};

/** Does the effect differ between segments, and where? Null for fewer than two with a standard error above 0. */
export function judgeSegments(given: readonly SegmentEffect[]): Heterogeneity | null {
  const segments = given.filter(({ standardError }) => standardError > 0);
  if (segments.length < 2) return null;
  const pooled = poolOf(segments);
  const q = segments.reduce(
    (sum, { estimate, standardError }) => sum + ((estimate - pooled.estimate) / standardError) ** 2,
    0,
  );
  const compared = segments.map((segment) => {
    const others = poolOf(segments.filter((other) => other !== segment));
    const difference = segment.estimate - others.estimate;
    const z = difference / Math.hypot(segment.standardError, others.standardError);
    return { segment: segment.segment, difference, pValue: 2 * normalSurvival(Math.abs(z)) };
  });
  const adjusted = holm(compared.map(({ pValue }) => pValue));
  return {
    pValue: chiSquareSurvival(q, segments.length - 1),
    segments: compared.map(({ segment, difference }, i) => ({
      segment,
      difference,
      adjustedPValue: adjusted[i],
    })),
  };
}

/** Mean weighed by precision. */
function poolOf(segments: readonly SegmentEffect[]): { estimate: number; standardError: number } {
  let weights = 0;
  let sum = 0;
  for (const { estimate, standardError } of segments) {
    const weight = 1 / standardError ** 2;
    weights += weight;
    sum += weight * estimate;
  }
  return { estimate: sum / weights, standardError: 1 / Math.sqrt(weights) };
}
