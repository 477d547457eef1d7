import type { Input, NumberInput } from '../../../shared/contracts/declaration.ts';
import type { Row } from '../../../shared/contracts/manifest.ts';

/** What stands in the form's fields: text as typed, '' for nothing. */
export type FieldTexts = Record<string, string>;

export type ReadForm = {
  row: Row;
  /** Fields whose text is not a number: they have no place in a row. */
  unreadable: string[];
};

export const emptyForm = (inputs: readonly Input[]): FieldTexts =>
  Object.fromEntries(inputs.map((input) => [input.name, '']));

/** The row that the fields spell; nothing typed is null, which the input's own policy judges. */
export function readForm(inputs: readonly Input[], texts: FieldTexts): ReadForm {
  const row: Row = {};
  const unreadable: string[] = [];
  for (const input of inputs) {
    const text = (texts[input.name] ?? '').trim();
    if (text === '') row[input.name] = null;
    else if (input.type === 'category') row[input.name] = text;
    else {
      const value = Number(text.replace(',', '.'));
      row[input.name] = Number.isFinite(value) ? value : null;
      if (!Number.isFinite(value)) unreadable.push(input.name);
    }
  }
  return { row, unreadable };
}

/** Values in the middle of what the declaration allows, to try the form without typing. */
export function exampleForm(inputs: readonly Input[]): FieldTexts {
  return Object.fromEntries(
    inputs.map((input) => [
      input.name,
      input.type === 'number' ? String(middleOf(input)) : input.categories[0].value,
    ]),
  );
}

/** The grid of a number input: its declared step, or a hundredth of its range. */
export function stepOf(input: NumberInput): number {
  return input.step || (input.range[1] - input.range[0]) / 100;
}

function middleOf(input: NumberInput): number {
  const step = stepOf(input);
  const steps = Math.round((input.range[1] - input.range[0]) / 3 / step);
  return Number((input.range[0] + steps * step).toPrecision(12));
}

/** Inputs beyond this many are folded away where they are optional. */
const MOST_AT_ONCE = 8;

/** Declared order, with optional inputs beyond the first few set apart. */
export function splitInputs(inputs: readonly Input[]): { first: Input[]; more: Input[] } {
  if (inputs.length <= MOST_AT_ONCE) return { first: [...inputs], more: [] };
  const isFirst = (input: Input, index: number) =>
    input.missing === 'reject' || index < MOST_AT_ONCE - 2;
  return {
    first: inputs.filter(isFirst),
    more: inputs.filter((input, index) => !isFirst(input, index)),
  };
}
