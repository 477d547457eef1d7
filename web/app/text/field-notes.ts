import type { Input } from '../../../shared/contracts/declaration.ts';
import type { Row } from '../../../shared/contracts/manifest.ts';
import { quantityRange } from '../../../shared/core/quantity.ts';
import { validateRow } from '../../../shared/use-case/validate-row.ts';

/** What to say under a field. An error forbids the answer, a warning does not. */
export type FieldNote = { error?: string; warning?: string };

/** What validation finds, as a sentence for each field concerned: also while others are still empty. */
export function fieldNotes(
  inputs: readonly Input[],
  row: Row,
  unreadable: readonly string[],
): Record<string, FieldNote> {
  const notes: Record<string, FieldNote> = {};
  for (const input of inputs) {
    const verdict = validateRow([input], { [input.name]: row[input.name] });
    if (!verdict.ok) notes[input.name] = { error: errorWords(input) };
    else if (verdict.value.warnings.length > 0)
      notes[input.name] = { warning: warningWords(input) };
  }
  for (const name of unreadable) notes[name] = { error: 'Please write this as a number.' };
  return notes;
}

function errorWords(input: Input): string {
  if (input.type === 'category') return 'Please choose one.';
  return input.unit ? `Please give a number in ${input.unit}.` : 'Please give a number.';
}

/** Out of range or unknown: it is answered, with less to stand on. */
function warningWords(input: Input): string {
  if (input.type !== 'number') return 'The model has not seen this value before.';
  return `Outside the usual ${quantityRange(input.range, input.unit)}: the answer is less certain.`;
}
