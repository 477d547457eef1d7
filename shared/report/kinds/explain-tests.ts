import type { MetricFinding } from '../../stats/experiment/findings.ts';

const TESTS = {
  welch:
    "Welch's t test, for one look at the planned end: looking earlier and stopping at the first small p finds effects where there are none.",
  sequential:
    'Always-valid: the interval and p hold at every look, so one may stop whenever they settle. They are wider than those of a test with a fixed end.',
  bayesian:
    'Bayesian: the interval holds the effect with its level of chance, given the prior; the risk is what is lost on average by choosing wrongly.',
};

/** How the metrics of an experiment were judged, one paragraph a thing, only what applies. */
export function explainTests(findings: readonly MetricFinding[]): string[] {
  const kinds = new Set(findings.map(({ question }) => question.test));
  const has = (wanted: (finding: MetricFinding) => boolean): boolean => findings.some(wanted);
  return [
    ...[...kinds].map((kind) => TESTS[kind]),
    ...(findings.length > 1 && (kinds.has('welch') || kinds.has('sequential'))
      ? [
          'With several metrics, p is adjusted by Holm: the chance that any of them is called moved when none did stays below alpha. Intervals are not adjusted.',
        ]
      : []),
    ...(has(({ question }) => question.minEffect !== null)
      ? [
          'The decision: a broken split or an interval of harm stops; an interval above 0 ships; one that cannot hold an effect worth having stops; else it runs on until such an effect would be found with chance 0.8.',
        ]
      : []),
    ...(has(({ question }) => question.control.kind === 'ratio')
      ? ['Ratios: the variance is by the delta method, for users as the unit.']
      : []),
  ];
}
