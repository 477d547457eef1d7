import { expect, test } from 'vitest';
import { createRng, normal, type Rng } from '../../core/rng.ts';
import type { Table } from '../../table/table.ts';
import { createTableBuilder } from '../../table/table-builder.ts';
import { domainClassifier } from './domain-classifier.ts';

const inputs = [
  { name: 'x', type: 'number', missing: 'impute' },
  { name: 'y', type: 'number', missing: 'impute' },
  { name: 'kind', type: 'category', missing: 'impute', categories: [{ value: 'a' }] },
] as const;

/** x and y standard normal with correlation r; `fresh` is a value that no one declared. */
function tableOf(rows: number, rng: Rng, { r = 0.8, fresh = 0 } = {}): Table {
  const builder = createTableBuilder(inputs);
  for (let i = 0; i < rows; i++) {
    const x = normal(rng);
    builder.begin();
    builder.setNumber(0, x);
    builder.setNumber(1, r * x + Math.sqrt(1 - r * r) * normal(rng));
    builder.setCategory(2, rng() < fresh ? 'fresh' : 'a');
    builder.commit(0, 0);
  }
  return builder.build();
}

test('a relation that turns is found though each column is as before, and so is a new category', () => {
  const rng = createRng(1);
  const reference = tableOf(400, rng);
  const turned = domainClassifier({ reference, current: tableOf(400, rng, { r: -0.8 }) }, rng)!;
  expect(turned.rocAuc).toBeGreaterThan(0.75);
  expect(turned.pValue).toBeLessThan(1e-6);
  const fresh = domainClassifier({ reference, current: tableOf(400, rng, { fresh: 0.3 }) }, rng)!;
  expect(fresh.pValue).toBeLessThan(1e-6);
});

test('without a change it alarms no more often than it says', () => {
  const rng = createRng(2);
  const ps = Array.from({ length: 40 }, () => {
    const tables = { reference: tableOf(120, rng), current: tableOf(60, rng) };
    return domainClassifier(tables, rng)!.pValue;
  });
  // Of 40, expected 2 and 8; four standard errors above.
  expect(ps.filter((p) => p <= 0.05).length).toBeLessThanOrEqual(7);
  expect(ps.filter((p) => p <= 0.2).length).toBeLessThanOrEqual(18);
});

test('constant columns tell nothing apart, and few rows are too little data', () => {
  const rng = createRng(3);
  const constant = (rows: number): Table => ({
    rows,
    columns: [{ type: 'number', name: 'x', values: new Float32Array(rows).fill(4) }],
    target: new Float64Array(rows),
    order: null,
  });
  const same = domainClassifier({ reference: constant(80), current: constant(60) }, rng)!;
  expect(same.rocAuc).toBe(0.5);
  expect(same.pValue).toBe(0.5);
  const few = { reference: tableOf(400, rng), current: tableOf(49, rng) };
  expect(domainClassifier(few, rng)).toBeNull();
});
