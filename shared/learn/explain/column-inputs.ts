import { categoryWidth, type Encoding } from '../../prepare/encoding.ts';
import type { Preparation } from '../../prepare/preparation.ts';
import type { Step } from '../../prepare/step.ts';

/**
 * The raw input that each column of the prepared matrix comes from, by its place in `inputs`; null
 * where a column mixes several (products of two inputs, principal components, a flag of the row, gaps
 * filled from the other columns).
 */
export function columnInputs(
  { encoding, steps }: Preparation,
  inputs: readonly { name: string }[],
): Int32Array | null {
  const placeOf = new Map(inputs.map(({ name }, place) => [name, place]));
  let columns: number[] | null = encodedInputs(encoding, (name) => placeOf.get(name) ?? -1);
  for (const step of steps) columns = columns && afterStep(step, columns);
  return columns && Int32Array.from(columns);
}

const encodedInputs = ({ numbers, categories }: Encoding, placeOf: (name: string) => number) => [
  ...numbers.map(placeOf),
  ...categories.flatMap((category) =>
    Array<number>(categoryWidth(category)).fill(placeOf(category.name)),
  ),
];

function afterStep(step: Step, columns: readonly number[]): number[] | null {
  switch (step.type) {
    case 'indicators':
      return [...columns, ...step.columns.map((column) => columns[column])];
    case 'select':
      return Array.from(step.columns, (column) => columns[column]);
    case 'products': {
      const isMixed = step.terms.some((term) => new Set(term.map((c) => columns[c])).size > 1);
      return isMixed ? null : [...columns, ...step.terms.map(([first]) => columns[first])];
    }
    case 'flag':
    case 'project':
    case 'nearest-impute':
    case 'chained-impute':
      return null;
    default:
      return [...columns];
  }
}
