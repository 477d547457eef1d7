import type { Profile } from '../contracts/profile.ts';
import type { DriftResult, Suggestion, VersionSummary } from '../contracts/registry.ts';
import { type Moments, pooledVariance } from './gate-verdict.ts';
import { type KnownLoss, LOSS_WORDS, type LossName, lossMoments, lossText } from './loss.ts';

/** Growth of the error over its test value that is worth a retraining. */
const DECAY = 1.2;
/** Shares of failures, and numbers of outcomes, worth a word. */
const FAILURE_SHARE = 0.02;
const MIN_OUTCOMES = 50;

/** Chance 0.001 that one look calls a model worse than its fallback that is not: one looks at every fold. */
const STANDARD_ERRORS = 3.09;

/** What is known of the champion's loss beside its summary. */
export type KnownOfLoss = {
  /** When it was trained. */
  tested: Pick<KnownLoss, 'loss' | 'mean'>;
  /** Of the window. */
  outcomes: Profile['outcomes'];
  /** Of the target. */
  unit: string;
  /** An input's label, as its declaration gives it. */
  labelOf: (input: string) => string;
};

/**
 * What an operator might do next about a champion, most pressing first; nothing when all is well. Each says its
 * numbers; a number that is not known (too little data) suggests nothing but to collect it.
 */
export function suggest(
  champion: VersionSummary,
  drift: readonly DriftResult[],
  known: KnownOfLoss,
): Suggestion[] {
  return [...aboutLoss(drift, known), ...aboutFailures(champion), ...aboutOutcomes(champion)];
}

function aboutLoss(
  drift: readonly DriftResult[],
  { tested, outcomes, unit, labelOf }: KnownOfLoss,
): Suggestion[] {
  const { loss } = tested;
  const show = (value: number): string => lossText(loss, value, unit);
  const model = lossMoments(loss, outcomes.model);
  const fallback = lossMoments(loss, outcomes.fallback);
  const drifted = drift.filter(({ verdict }) => verdict === 'drift');
  if (model.n < MIN_OUTCOMES) return aboutDrift(drifted, { loss, model, unit, labelOf });
  const mean = model.sum / model.n;
  const words = LOSS_WORDS[loss];
  if (isWorse(model, fallback)) {
    const other = fallback.sum / fallback.n;
    const sentence = `Turn the model off until it is retrained: its ${words} is ${show(mean)} over ${model.n} outcomes, the fallback's ${show(other)} over ${fallback.n}.`;
    const numbers = { [loss]: mean, [FALLBACK[loss]]: other, outcomes: model.n };
    return [{ action: 'use_fallback', sentence, numbers }];
  }
  if (mean <= DECAY * tested.mean) return aboutDrift(drifted, { loss, model, unit, labelOf });
  const because =
    drifted.length > 0
      ? `Inputs that moved: ${namesOf(drifted, labelOf)}.`
      : 'No input moved: the relation itself may have changed.';
  const sentence = `Retrain: ${words} is ${show(mean)} over ${model.n} outcomes, ${show(tested.mean)} when tested. ${because}`;
  const numbers = { [loss]: mean, [TESTED[loss]]: tested.mean, outcomes: model.n };
  return [{ action: 'retrain', sentence, numbers: { ...numbers, ...psiOf(drifted) } }];
}

/** A handful of fallback outcomes says nothing: is the model shown to be worse (Welch, normal)? */
function isWorse(model: Moments, fallback: Moments): boolean {
  if (fallback.n < MIN_OUTCOMES) return false;
  const difference = model.sum / model.n - fallback.sum / fallback.n;
  const variance = pooledVariance([model]) / model.n + pooledVariance([fallback]) / fallback.n;
  return difference > STANDARD_ERRORS * Math.sqrt(variance);
}

const FALLBACK = { mae: 'fallbackMae', brier: 'fallbackBrier' } as const;
const TESTED = { mae: 'testedMae', brier: 'testedBrier' } as const;

function aboutDrift(
  drifted: readonly DriftResult[],
  {
    loss,
    model,
    unit,
    labelOf,
  }: { loss: LossName; model: Moments } & Pick<KnownOfLoss, 'unit' | 'labelOf'>,
): Suggestion[] {
  if (drifted.length === 0) return [];
  const mean = model.n === 0 ? null : model.sum / model.n;
  const so =
    mean === null
      ? 'no outcomes tell yet whether it matters'
      : `${LOSS_WORDS[loss]} is still ${lossText(loss, mean, unit)}`;
  const sentence = `Watch ${namesOf(drifted, labelOf)}: moved from the reference, ${so}.`;
  const numbers = { ...psiOf(drifted), ...(mean === null ? {} : { [loss]: mean }) };
  return [{ action: 'watch', sentence, numbers: { ...numbers, outcomes: model.n } }];
}

const namesOf = (drifted: readonly DriftResult[], labelOf: KnownOfLoss['labelOf']): string =>
  drifted.map(({ input, psi }) => `${labelOf(input)} (PSI ${short(psi ?? 0)})`).join(', ');

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
