import { createRng, normal } from '../../shared/core/rng.ts';
import type { ColumnSpec, Table } from '../../shared/table/table.ts';
import { createTableBuilder } from '../../shared/table/table-builder.ts';

export const AWKWARD_INPUTS: readonly ColumnSpec[] = [
  { name: 'age', type: 'number', missing: 'impute' },
  {
    name: 'colour',
    type: 'category',
    missing: 'impute',
    categories: [{ value: 'red' }, { value: 'grün' }, { value: 'blue' }],
  },
  { name: 'income.net', type: 'number', missing: 'impute' },
  { name: 'Concat.1', type: 'number', missing: 'impute' },
];

export const CLASSES_OF = { binary: ['no', 'yes'], multiclass: ['a', 'b', 'ç'] };

const GREATEST_FLOAT32 = 3.4028234663852886e38;
const EXTREMES = [3e38, -3e38, GREATEST_FLOAT32, -GREATEST_FLOAT32, 1e-40, -1e-45, 0, 1e30, -1e12];

/** Rows of the ends of float32 and of its subnormal numbers, between gaps. */
export function extremeTable(rows: number, seed = 3): Table {
  const rng = createRng(seed);
  const builder = createTableBuilder(AWKWARD_INPUTS);
  for (let i = 0; i < rows; i++) {
    builder.begin();
    for (const column of [0, 2, 3])
      if (rng() > 0.1) builder.setNumber(column, EXTREMES[Math.floor(rng() * EXTREMES.length)]);
    builder.setCategory(1, ['red', 'mauve'][i % 2]);
    builder.commit(0, 0);
  }
  return builder.build();
}

/**
 * Rows with missing numbers, missing categories, a category that was not declared, far outliers and
 * names that a graph might use itself. The target depends on age and colour.
 */
export function awkwardTable(rows: number, classes: number, seed = 7): Table {
  const rng = createRng(seed);
  const builder = createTableBuilder(AWKWARD_INPUTS);
  for (let i = 0; i < rows; i++) {
    builder.begin();
    const age = 20 + 50 * rng();
    const colour = ['red', 'grün', 'blue', 'mauve'][Math.floor(4 * rng() ** 2)];
    if (i % 10 !== 0) builder.setNumber(0, age);
    if (i % 7 !== 0) builder.setCategory(1, colour);
    if (i % 4 !== 0) builder.setNumber(2, Math.exp(8 + 2 * normal(rng)));
    builder.setNumber(3, normal(rng));
    const signal = age + (colour === 'red' ? 6 : 0) + 4 * rng();
    builder.commit(classes > 0 ? Math.floor(((signal - 20) / 60.1) * classes) : signal, 0);
  }
  return builder.build();
}
