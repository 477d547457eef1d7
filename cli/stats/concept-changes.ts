import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
import type { ErrorChanges } from '../../shared/report/kinds/error-changes.ts';
import {
  type Changes,
  DETECTORS,
  type Detector,
  detectChanges,
} from '../../shared/stats/concept/detect-changes.ts';
import type { Answers } from '../../shared/stats/performance/model-performance.ts';
import { type CliFailure, failed } from '../failure.ts';

/** KSWIN draws from this: the same file gives the same answer. */
const SEED = 20_261_121;

/** Where the detectors asked for say that the error changed; "all" are those that fit the answers; null: none was. */
export function conceptChanges(
  answers: Answers,
  names: string | undefined,
): Result<ErrorChanges | null, CliFailure> {
  if (names === undefined) return ok(null);
  const errors = errorsOf(answers);
  const isQuantity = answers.task === 'regression';
  const found: Changes[] = [];
  for (const name of names.split(',').map((one) => one.trim())) {
    const detectors = DETECTORS.filter((detector) => name === 'all' || detector === name);
    if (detectors.length === 0)
      return failed('wrong_usage', `There is no detector "${name}".`, [
        `Detectors: all, ${DETECTORS.join(', ')}`,
      ]);
    for (const detector of detectors) {
      const changes = detectChanges(errors, detector, { isQuantity, rng: createRng(SEED) });
      if (changes) found.push(changes);
      else if (name !== 'all') return notOfQuantities(detector);
    }
  }
  return ok({ found, errors, isQuantity });
}

const notOfQuantities = (detector: Detector): Result<never, CliFailure> =>
  failed('wrong_usage', `"${detector}" needs answers that are right or wrong, not quantities.`);

/** 1 where the answer was wrong; of quantities how far off it was. */
function errorsOf(answers: Answers): Float64Array {
  if (answers.task === 'regression')
    return Float64Array.from(answers.truth, (value, i) => Math.abs(value - answers.predicted[i]));
  if (answers.task === 'probability')
    return Float64Array.from(answers.truth, (label, i) =>
      answers.probabilities[i] >= answers.threshold === (label === 1) ? 0 : 1,
    );
  const { predicted } = answers;
  return Float64Array.from<string | boolean>(answers.truth, (value, i) =>
    value === predicted[i] ? 0 : 1,
  );
}

export const describeChanges = (found: readonly Changes[]): string[] =>
  found.map(({ detector, drifts }) =>
    drifts.length === 0
      ? `${detector}: no change of the error.`
      : `${detector}: the error changed at row ${drifts.join(', ')}.`,
  );
