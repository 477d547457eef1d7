import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import type { NumberColumn, Table } from '../../table/table.ts';
import { createTableBuilder } from '../../table/table-builder.ts';
import { permutationImportance } from './permutation-importance.ts';

const names = ['strong', 'weak', 'idle'];

function table(): Table {
  const rng = createRng(1);
  const specs = names.map((name) => ({ name, type: 'number', missing: 'impute' }) as const);
  const builder = createTableBuilder(specs);
  for (let i = 0; i < 2000; i++) {
    const values = names.map(() => normal(rng));
    builder.begin();
    values.forEach((value, column) => {
      builder.setNumber(column, value);
    });
    builder.commit(3 * values[0] + values[1], 0);
  }
  return builder.build();
}

/** Squared error of the model 3 strong + weak. */
function errorOf({ columns, target, rows }: Table): number {
  const [strong, weak] = columns.map((column) => (column as NumberColumn).values);
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += (target[i] - 3 * strong[i] - weak[i]) ** 2;
  return sum / rows;
}

test('shares follow how much the model leans on an input, and sum to 1', async () => {
  const shares = await permutationImportance(table(), errorOf, {
    rng: createRng(2),
    maxRows: 1000,
  });
  // Shuffling doubles the variance each term explains: 9 to 1.
  expect(shares['strong']).toBeCloseTo(0.9, 1);
  expect(shares['weak']).toBeCloseTo(0.1, 1);
  expect(shares['idle']).toBe(0);
  expect(shares['strong'] + shares['weak']).toBeCloseTo(1, 12);
});

test('the same seed gives the same shares and leaves the table as it was', async () => {
  const rows = table();
  const before = structuredClone(rows);
  const options = () => ({ rng: createRng(5), maxRows: 300 });
  const first = await permutationImportance(rows, errorOf, options());
  expect(await permutationImportance(rows, errorOf, options())).toEqual(first);
  expect(rows).toEqual(before);
});

test('a model that leans on nothing gives no shares instead of dividing by zero', async () => {
  const shares = await permutationImportance(table(), () => 1, { rng: createRng(1), maxRows: 10 });
  expect(shares).toEqual({ strong: 0, weak: 0, idle: 0 });
});
