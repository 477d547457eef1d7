import type { DriftResult, Suggestion, VersionSummary } from '../contracts/registry.ts';
import { type KnownLoss, LOSS_WORDS, summarisedLoss } from './loss.ts';

/** Growth of the error over its test value that is worth a retraining. */
const DECAY = 1.2;
/** Shares of failures, and numbers of outcomes, worth a word. */
const FAILURE_SHARE = 0.02;
const MIN_OUTCOMES = 50;

/**
 * What an operator might do next about a champion, most pressing first; nothing when all is well. Each says its
 * numbers; a number that is not known (too little data) suggests nothing but to collect it.
 * @param expected the champion's loss when it was trained
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

type Expectation = Pick<KnownLoss, 'loss' | 'mean'>;

function aboutError(
  champion: VersionSummary,
  drift: readonly DriftResult[],
  expected: Expectation,
): Suggestion[] {
  const { loss } = expected;
  const { outcomes } = champion;
  const { model, fallback } = summarisedLoss(loss, champion);
  const drifted = drift.filter(({ verdict }) => verdict === 'drift');
  if (model === null || outcomes < MIN_OUTCOMES)
    return aboutDrift(drifted, { loss, model, outcomes });
  const words = LOSS_WORDS[loss];
  if (fallback !== null && model > fallback) {
    const sentence = `Turn the model off until it is retrained: its ${words} is ${short(model)}, the fallback's ${short(fallback)}.`;
    const numbers = { [loss]: model, [FALLBACK[loss]]: fallback, outcomes };
    return [{ action: 'use_fallback', sentence, numbers }];
  }
  if (model <= DECAY * expected.mean) return aboutDrift(drifted, { loss, model, outcomes });
  const because =
    drifted.length > 0
      ? `Inputs that moved: ${namesOf(drifted)}.`
      : 'No input moved: the relation itself may have changed.';
  const sentence = `Retrain: ${words} is ${short(model)} over ${outcomes} outcomes, ${short(expected.mean)} when tested. ${because}`;
  const numbers = { [loss]: model, [TESTED[loss]]: expected.mean, outcomes, ...psiOf(drifted) };
  return [{ action: 'retrain', sentence, numbers }];
}

const FALLBACK = { mae: 'fallbackMae', brier: 'fallbackBrier' } as const;
const TESTED = { mae: 'testedMae', brier: 'testedBrier' } as const;

function aboutDrift(
  drifted: readonly DriftResult[],
  { loss, model, outcomes }: Pick<KnownLoss, 'loss'> & { model: number | null; outcomes: number },
): Suggestion[] {
  if (drifted.length === 0) return [];
  const so =
    model === null
      ? 'no outcomes tell yet whether it matters'
      : `${LOSS_WORDS[loss]} is still ${short(model)}`;
  const sentence = `Watch ${namesOf(drifted)}: moved from the reference, ${so}.`;
  const numbers = { ...psiOf(drifted), ...(model === null ? {} : { [loss]: model }), outcomes };
  return [{ action: 'watch', sentence, numbers }];
}

const namesOf = (drifted: readonly DriftResult[]): string =>
  drifted.map(({ input, psi }) => `${input} (PSI ${short(psi ?? 0)})`).join(', ');

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
