import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { encodedWidth, encodeRows, encodingOf } from '../../prepare/encoding.ts';
import { fitStandardisation } from '../../prepare/standardise.ts';
import { solveCholesky } from '../../stats/linear/cholesky.ts';
import type { Table } from '../../table/table.ts';
import { createTableBuilder } from '../../table/table-builder.ts';
import { predictLinear } from './linear-model.ts';
import { fitRidge, ridgeMoments } from './ridge.ts';

const inputs = [
  { name: 'a', type: 'number', missing: 'impute' },
  { name: 'b', type: 'number', missing: 'impute' },
  { name: 'c', type: 'category', missing: 'impute', categories: [{ value: 'x' }, { value: 'y' }] },
] as const;

function randomTable(seed: number, rows: number): Table {
  const rng = createRng(seed);
  const builder = createTableBuilder(inputs);
  for (let i = 0; i < rows; i++) {
    const [a, b, isY] = [normal(rng), 1000 + 50 * normal(rng), rng() < 0.3];
    builder.begin();
    builder.setNumber(0, a);
    if (rng() < 0.9) builder.setNumber(1, b);
    builder.setCategory(2, isY ? 'y' : 'x');
    builder.commit(3 * a - 0.1 * b + (isY ? 20 : 0) + normal(rng), 0);
  }
  return builder.build();
}

const allRows = (table: Table) => Uint32Array.from({ length: table.rows }, (_, i) => i);

function fitOn(table: Table, alpha: number) {
  const encoding = encodingOf(table, fitStandardisation(table, allRows(table)));
  return fitRidge(ridgeMoments(encoding, table, allRows(table)), alpha);
}

test('the solution is where the gradient of the penalised squares vanishes', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.double({ min: 0.01, max: 1000, noNaN: true }), (seed, alpha) => {
      const table = randomTable(seed, 80);
      const model = fitOn(table, alpha);
      const width = encodedWidth(model.encoding);
      const x = new Float32Array(table.rows * width);
      encodeRows(model.encoding, table, { order: null, from: 0, to: table.rows, into: x });
      const gradient = new Float64Array(width + 1);
      for (let i = 0; i < table.rows; i++) {
        let error = model.intercept - table.target[i];
        for (let j = 0; j < width; j++) error += x[i * width + j] * model.coefficients[j];
        for (let j = 0; j < width; j++) gradient[j] += error * x[i * width + j];
        gradient[width] += error;
      }
      for (let j = 0; j < width; j++) gradient[j] += alpha * model.coefficients[j];
      // Coefficients are rounded to float32: 1e-7 of about 30, times 80 rows.
      for (const slope of gradient) expect(Math.abs(slope)).toBeLessThan(2e-3);
    }),
    { numRuns: 30 },
  );
});

test('one standardised column has the closed-form coefficient n r / (n + alpha)', () => {
  const builder = createTableBuilder(inputs.slice(0, 1));
  for (const [x, y] of [
    [1, 2],
    [2, 5],
    [3, 5],
    [4, 9],
  ]) {
    builder.begin();
    builder.setNumber(0, x);
    builder.commit(y, 0);
  }
  const model = fitOn(builder.build(), 2);
  // sum of z y with z = (x - 2.5) / sqrt(1.25) is 10.5 / sqrt(1.25); n + alpha = 6.
  expect(model.coefficients[0]).toBeCloseTo(10.5 / Math.sqrt(1.25) / 6, 6);
  expect(model.intercept).toBeCloseTo(5.25, 6);
});

test('a great alpha leaves the mean, a small one recovers how the rows were made', () => {
  const table = randomTable(1, 2000);
  const mean = table.target.reduce((a, b) => a + b, 0) / table.rows;
  for (const prediction of predictLinear(fitOn(table, 1e12), table, null).slice(0, 20))
    expect(Math.abs(prediction - mean)).toBeLessThan(1e-3);
  const { coefficients } = fitOn(table, 1e-3);
  expect(coefficients[3] - coefficients[2]).toBeCloseTo(20, 0);
});

test('a matrix that is not positive definite has no Cholesky solution', () => {
  expect(solveCholesky(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1))).toBeNull();
});

test('the Cholesky solution solves the system', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.integer({ min: 1, max: 12 }), (seed, n) => {
      const rng = createRng(seed);
      const root = Float64Array.from({ length: n * n }, () => normal(rng));
      const a = new Float64Array(n * n);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++)
          for (let k = 0; k < n; k++)
            a[i * n + j] += root[i * n + k] * root[j * n + k] + (i === j ? 0.1 : 0);
      const b = Float64Array.from({ length: n }, () => normal(rng));
      const x = solveCholesky(a, b)!;
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += a[i * n + j] * x[j];
        expect(Math.abs(sum - b[i])).toBeLessThan(1e-8);
      }
    }),
  );
});
