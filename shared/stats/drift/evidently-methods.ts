import { distinctOf } from './evidently-bins.ts';
import type { SamplePair } from './sample.ts';

/** Methods of Evidently 0.7.21 with the threshold each has by default and whether its score is a p value. */
export const EVIDENTLY_METHODS = {
  anderson: { threshold: 0.1, isPValue: true },
  chisquare: { threshold: 0.05, isPValue: true },
  cramer_von_mises: { threshold: 0.1, isPValue: true },
  ed: { threshold: 0.1, isPValue: false },
  empirical_mmd: { threshold: 0.1, isPValue: true },
  es: { threshold: 0.05, isPValue: true },
  fisher_exact: { threshold: 0.1, isPValue: true },
  g_test: { threshold: 0.1, isPValue: true },
  hellinger: { threshold: 0.1, isPValue: false },
  jensenshannon: { threshold: 0.1, isPValue: false },
  kl_div: { threshold: 0.1, isPValue: false },
  ks: { threshold: 0.05, isPValue: true },
  mannw: { threshold: 0.05, isPValue: true },
  psi: { threshold: 0.1, isPValue: false },
  t_test: { threshold: 0.05, isPValue: true },
  TVD: { threshold: 0.1, isPValue: true },
  wasserstein: { threshold: 0.1, isPValue: false },
  z: { threshold: 0.05, isPValue: true },
} as const;

export type EvidentlyMethod = keyof typeof EVIDENTLY_METHODS;

/**
 * The method that Evidently 0.7.21 picks for a column: by the number of REFERENCE rows and of distinct values
 * of both samples.
 */
export function evidentlyDefault(pair: SamplePair): EvidentlyMethod {
  const isSmall = pair.reference.values.length <= 1000;
  const distinct = distinctOf(pair).length;
  const isContinuous = pair.reference.type === 'number' && distinct > 5;
  if (isContinuous) return isSmall ? 'ks' : 'wasserstein';
  if (!isSmall) return 'jensenshannon';
  return distinct > 2 ? 'chisquare' : 'z';
}

/** Is a score of this method drift by Evidently's own rule? */
export function evidentlyVerdict(method: EvidentlyMethod, score: number): boolean {
  const { threshold, isPValue } = EVIDENTLY_METHODS[method];
  return isPValue ? score <= threshold : score >= threshold;
}
