import type { DriftResult, Suggestion, VersionSummary } from '../contracts/registry.ts';

/** The test error of the champion when it was trained, target units. */
export type Expectation = { mae: number | null };

/** Growth of the error over its test value that is worth a retraining. */
const DECAY = 1.2;
/** Shares of failures, and numbers of outcomes, worth a word. */
const FAILURE_SHARE = 0.02;
const MIN_OUTCOMES = 50;

/**
 * What an operator might do next about a champion, most pressing first; nothing when all is well. Each says its
 * numbers; a number that is not known (too little data) suggests nothing but to collect it.
 */
export function suggest(
  champion: VersionSummary,
  drift: readonly DriftResult[],
  expected: Expectation,
): Suggestion[] {
  return [
    ...aboutError(champion, drift, expected),
    ...aboutFailures(champion),
    ...aboutOutcomes(champion),
  ];
}

function aboutError(
  champion: VersionSummary,
  drift: readonly DriftResult[],
  expected: Expectation,
): Suggestion[] {
  const drifted = drift.filter(({ verdict }) => verdict === 'drift');
  const names = drifted.map(({ input, psi }) => `${input} (PSI ${short(psi ?? 0)})`).join(', ');
  const { mae, fallbackMae, outcomes } = champion;
  if (mae !== null && fallbackMae !== null && outcomes >= MIN_OUTCOMES && mae > fallbackMae)
    return [
      {
        action: 'use_fallback',
        sentence: `Turn the model off until it is retrained: its MAE is ${short(mae)}, the fallback's ${short(fallbackMae)}.`,
        numbers: { mae, fallbackMae, outcomes },
      },
    ];
  const isDecayed =
    mae !== null && expected.mae !== null && outcomes >= MIN_OUTCOMES && mae > DECAY * expected.mae;
  if (isDecayed) {
    const because = names
      ? ` Inputs that moved: ${names}.`
      : ' No input moved: the relation itself may have changed.';
    return [
      {
        action: 'retrain',
        sentence: `Retrain: MAE is ${short(mae)} over ${outcomes} outcomes, ${short(expected.mae!)} when tested.${because}`,
        numbers: { mae, testedMae: expected.mae!, outcomes, ...psiOf(drifted) },
      },
    ];
  }
  if (!names) return [];
  const so =
    mae === null ? 'no outcomes tell yet whether it matters' : `MAE is still ${short(mae)}`;
  const sentence = `Watch ${names}: moved from the reference, ${so}.`;
  const numbers = { ...psiOf(drifted), ...(mae === null ? {} : { mae }), outcomes };
  return [{ action: 'watch', sentence, numbers }];
}

const psiOf = (drifted: readonly DriftResult[]): Record<string, number> =>
  Object.fromEntries(drifted.map(({ input, psi }) => [`psi:${input}`, psi ?? 0]));

function aboutFailures({ byReason, bySource, fallbackRate }: VersionSummary): Suggestion[] {
  if (fallbackRate === null || fallbackRate <= FAILURE_SHARE) return [];
  const deadline = byReason.deadline ?? 0;
  const integrity = byReason.integrity ?? 0;
  const total = bySource.model + bySource.fallback;
  const suggestions: Suggestion[] = [];
  if (deadline > FAILURE_SHARE * total)
    suggestions.push({
      action: 'lighter_model',
      sentence: `Make the model lighter or the deadline longer: ${deadline} of ${total} answers missed it.`,
      numbers: { deadline, answers: total },
    });
  if (integrity > FAILURE_SHARE * total)
    suggestions.push({
      action: 'check_delivery',
      sentence: `Check what is served: ${integrity} of ${total} answers had no model that passed its checks.`,
      numbers: { integrity, answers: total },
    });
  return suggestions;
}

function aboutOutcomes({ predictions, outcomes }: VersionSummary): Suggestion[] {
  if (predictions < 1000 || outcomes >= MIN_OUTCOMES) return [];
  const sentence = `Send outcomes: ${outcomes} for ${predictions} predictions, so the error is not known.`;
  return [{ action: 'collect_outcomes', sentence, numbers: { outcomes, predictions } }];
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
