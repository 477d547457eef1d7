import { LARGEST_VALUE } from '../../../shared/contracts/telemetry.ts';
import { outcomeOf } from '../../../shared/use-case/binary-task.ts';
import type { ClientUseCase } from '../../../shared/use-case/define-use-case.ts';
import { nameOf } from '../../../shared/use-case/validate-row.ts';
import { InputError } from '../errors.ts';

/**
 * An outcome as its event carries it: a number in target units, or of a binary use case 0 or 1.
 * @throws TypeError for what is no finite number; InputError for what is neither class of a binary use case
 */
export function outcomeValue(
  { task, target }: Pick<ClientUseCase, 'task' | 'target'>,
  told: unknown,
): number {
  if (task.type === 'binary') {
    const value = outcomeOf(task, told);
    if (value !== null) return value;
    const [negative, positive] = task.classes.map((named) => JSON.stringify(named.value));
    const message = `expected 0 or ${negative}, or 1 or ${positive}, found ${nameOf(told)}`;
    throw new InputError([{ input: target.name, message }]);
  }
  if (typeof told === 'number' && Math.abs(told) <= LARGEST_VALUE) return told;
  throw new TypeError(`An outcome is a finite number, not ${nameOf(told)}`);
}
