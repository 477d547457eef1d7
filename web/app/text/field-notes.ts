import type { Input } from '../../../shared/contracts/declaration.ts';
import { quantityRange } from '../../../shared/core/quantity.ts';
import type { Result } from '../../../shared/core/result.ts';
import type { InvalidInput, ValidRow } from '../../../shared/use-case/validate-row.ts';

/** What to say under a field. An error forbids the answer, a warning does not. */
export type FieldNote = { error?: string; warning?: string };

/** Turns what validation found into a sentence for each field concerned. */
export function fieldNotes(
  inputs: readonly Input[],
  verdict: Result<ValidRow, InvalidInput>,
  unreadable: readonly string[],
): Record<string, FieldNote> {
  const notes: Record<string, FieldNote> = {};
  const byName = new Map(inputs.map((input) => [input.name, input]));
  const issues = verdict.ok ? [] : verdict.error.issues;
  for (const issue of issues) notes[issue.input] = { error: errorWords(byName.get(issue.input)) };
  for (const warning of verdict.ok ? verdict.value.warnings : [])
    notes[warning.input] = { warning: warningWords(byName.get(warning.input)) };
  for (const name of unreadable) notes[name] = { error: 'Please write this as a number.' };
  return notes;
}

function errorWords(input: Input | undefined): string {
  if (input?.type === 'category') return 'Please choose one.';
  return input?.unit ? `Please give a number in ${input.unit}.` : 'Please give a number.';
}

/** Out of range or unknown: it is answered, with less to stand on. */
export function warningWords(input: Input | undefined): string {
  if (input?.type !== 'number') return 'The model has not seen this value before.';
  return `Outside the usual ${quantityRange(input.range, input.unit)}: the answer is less certain.`;
}
