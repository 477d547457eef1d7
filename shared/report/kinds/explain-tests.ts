import type { Adjustment } from '../../stats/experiment/adjustment.ts';
import type { MetricFinding } from '../../stats/experiment/findings.ts';

const TESTS = {
  welch:
    "Welch's t test, for one look at the planned end: looking earlier and stopping at the first small p finds effects where there are none.",
  sequential:
    'Always-valid: the interval and p hold at every look, so one may stop whenever they settle. They are wider than those of a test with a fixed end.',
  bayesian:
    'Bayesian: the interval holds the effect with its level of chance, given the prior; the risk is what is lost on average by choosing wrongly.',
};

const ADJUSTED: Record<Adjustment, string> = {
  holm: 'With several metrics, p is adjusted by Holm: the chance that any of them is called moved when none did stays below alpha. Each interval is at the level that its p was held against.',
  bonferroni:
    'With several metrics, p is multiplied by their number (Bonferroni): the chance that any of them is called moved when none did stays below alpha. Intervals hold all at once.',
  'benjamini-hochberg':
    'With several metrics, p is adjusted by Benjamini and Hochberg: of those called moved, a share of alpha at most did not, on average. Intervals are widened to match.',
  'benjamini-yekutieli':
    'With several metrics, p is adjusted by Benjamini and Yekutieli: of those called moved, a share of alpha at most did not, on average, however they hang together. Intervals are widened to match.',
  none: 'p and intervals are not adjusted for there being several metrics: some will be called moved by chance.',
};

/** How the metrics of an experiment were judged, one paragraph a thing, only what applies. */
export function explainTests(
  findings: readonly MetricFinding[],
  adjustment: Adjustment = 'holm',
): string[] {
  const kinds = new Set(findings.map(({ question }) => question.test));
  const has = (wanted: (finding: MetricFinding) => boolean): boolean => findings.some(wanted);
  return [
    ...[...kinds].map((kind) => TESTS[kind]),
    ...(findings.length > 1 && (kinds.has('welch') || kinds.has('sequential'))
      ? [ADJUSTED[adjustment]]
      : []),
    ...(has(({ question }) => question.minEffect !== null)
      ? [
          'The decision follows the verdict: a broken split or shown harm stops; an interval that cannot hold an effect worth having stops; a shown effect ships; else it runs on until such an effect would be shown with chance 0.8.',
        ]
      : []),
    ...(has(({ question }) => typeof question.margin === 'number')
      ? [
          'Not worse: a one-sided test, at alpha, of being worse by the margin or more. What is borne is for those to say who answer for the metric, before they look.',
        ]
      : []),
    ...(has(({ question }) => (question.strata ?? []).length > 0)
      ? [
          'Post-stratified: means are those of the strata, weighed by their share of the units of both arms.',
        ]
      : []),
    ...(has(({ question }) => question.control.kind === 'ratio')
      ? ['Ratios: the variance is by the delta method, for users as the unit.']
      : []),
  ];
}
