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

/** Plausible values from the declaration alone, to try the form without typing; what is folded away stays empty. */
export function exampleForm(inputs: readonly Input[]): FieldTexts {
  const texts = emptyForm(inputs);
  for (const input of splitInputs(inputs).first)
    texts[input.name] =
      input.type === 'number' ? String(lowerThird(input)) : input.categories[0].value;
  return texts;
}

/** The grid of a number input: its declared step, or a hundredth of its range. */
export function stepOf(input: NumberInput): number {
  return input.step || (input.range[1] - input.range[0]) / 100;
}

/** More steps than this are a range with a long tail: what is usual lies near its start. */
const LONG_RANGE_STEPS = 1000;

function lowerThird(input: NumberInput): number {
  const step = stepOf(input);
  const allSteps = (input.range[1] - input.range[0]) / step;
  const steps = Math.round(allSteps / (allSteps > LONG_RANGE_STEPS ? 10 : 3));
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
