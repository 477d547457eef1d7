import { quantity, signedQuantity, unitAround } from '../../../shared/core/quantity.ts';
import { type BinaryTask, classAt } from '../../../shared/use-case/binary-task.ts';
import type { ClientUseCase } from '../../../shared/use-case/define-use-case.ts';
import { chance } from './chance.ts';

/** How a use case's answers, their differences and its outcomes are said. */
export type TargetWords = {
  /** What stands large, and what small beside it. */
  headline(value: number): { large: string; small: string };
  answer(value: number): string;
  /** An answer in a sentence that stands alone: of a classifier with its class. */
  spoken(value: number): string;
  change(difference: number): string;
  /** What changes are counted in; '' where that has no name. */
  changeUnit: string;
  /** An outcome against what had been predicted. */
  told(predicted: number, outcome: number): string;
};

/** @param threshold that of the version whose answers are said; else the declared one */
export const targetWords = (
  { task, target }: Pick<ClientUseCase, 'task' | 'target'>,
  threshold?: number,
) =>
  task.type === 'binary'
    ? probabilityWords({ ...task, threshold: threshold ?? task.threshold })
    : amountWords(target.unit);

function amountWords(unit: string): TargetWords {
  const answer = (value: number) => quantity(value, unit, 'estimate');
  const isBefore = unitAround(unit).before !== '';
  return {
    headline: (value) =>
      isBefore
        ? { large: answer(value), small: '' }
        : { large: quantity(value, '', 'estimate'), small: unit },
    answer,
    spoken: answer,
    change: (difference) => signedQuantity(difference, unit),
    changeUnit: unit === 'min' ? 'minutes' : unit,
    told(predicted, outcome) {
      const difference = outcome - predicted;
      if (answer(difference) === answer(0)) return `${answer(outcome)}: exactly as predicted.`;
      const size = answer(Math.abs(difference));
      return `${answer(outcome)}: ${size} ${difference > 0 ? 'more' : 'less'} than predicted.`;
    },
  };
}

function probabilityWords(task: BinaryTask): TargetWords {
  const answer = (value: number) => chance(value, task.threshold);
  return {
    headline: (value) => ({ large: answer(value).slice(0, -1), small: '%' }),
    answer,
    spoken: (value) => `${answer(value)}, taken as ${classAt(task, value).label}`,
    change: (difference) => signedQuantity(100 * difference, 'pts'),
    changeUnit: 'percentage points',
    told(predicted, outcome) {
      const happened = task.classes[outcome === 1 ? 1 : 0];
      const given = outcome === 1 ? answer(predicted) : chance(1 - predicted);
      const verdict =
        happened === classAt(task, predicted) ? 'as predicted' : 'not what was predicted';
      return `${happened.label}: ${verdict}, the answer had given it ${given}.`;
    },
  };
}
