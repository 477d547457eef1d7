import { expect, test } from 'vitest';
import { createRng, normal, type Rng } from '../../core/rng.ts';
import { createTableBuilder } from '../../table/table-builder.ts';
import { type AnsweredRows, estimateLoss, fitLossModel } from './loss-model.ts';

const inputs = [{ name: 'x', type: 'number', missing: 'impute' }] as const;

/** y = 2 x + noise whose size grows with x; the model answers 2 x. `from` to `to` is where x lies. */
function answered(rows: number, rng: Rng, { from = 0, to = 4, noise = (x: number) => x } = {}) {
  const builder = createTableBuilder(inputs);
  const predictions = new Float64Array(rows);
  let loss = 0;
  for (let i = 0; i < rows; i++) {
    const x = from + (to - from) * rng();
    const error = noise(x) * normal(rng);
    predictions[i] = 2 * x;
    loss += Math.abs(error) / rows;
    builder.begin();
    builder.setNumber(0, x);
    builder.commit(2 * x + error, 0);
  }
  return { rows: { table: builder.build(), predictions } satisfies AnsweredRows, loss };
}

test('without outcomes the error is estimated where the inputs went, harder or easier', () => {
  const rng = createRng(1);
  const model = fitLossModel(answered(4000, rng).rows, rng)!;
  expect(model.explained).toBeGreaterThan(0.1);
  for (const [from, to] of [
    [0, 4],
    [3, 4],
    [0, 1],
  ]) {
    const chunk = answered(2000, rng, { from, to });
    const estimate = estimateLoss(model, chunk.rows)!;
    expect(Math.abs(estimate.mae - chunk.loss)).toBeLessThan(4 * estimate.standardError);
    expect(estimate.doubts).toEqual([]);
  }
});

test('it says when not to believe it: nothing learned, or rows beyond the reference', () => {
  const rng = createRng(2);
  const flat = fitLossModel(answered(800, rng, { noise: () => 1 }).rows, rng)!;
  expect(flat.explained).toBeLessThanOrEqual(0);
  expect(estimateLoss(flat, answered(50, rng).rows)!.doubts).toEqual(['nothing_learned']);
  const model = fitLossModel(answered(4000, rng).rows, rng)!;
  const beyond = estimateLoss(model, answered(500, rng, { from: 3, to: 6 }).rows)!;
  expect(beyond.doubts).toEqual(['beyond_reference']);
  expect(beyond.beyondReference).toBeGreaterThan(0.5);
});

test('no rows have no error, a few teach nothing, and a model without error is estimated so', () => {
  const rng = createRng(3);
  expect(fitLossModel(answered(99, rng).rows, rng)).toBeNull();
  const exact = fitLossModel(answered(200, rng, { noise: () => 0 }).rows, rng)!;
  expect(estimateLoss(exact, answered(0, rng).rows)).toBeNull();
  expect(estimateLoss(exact, answered(10, rng).rows)).toMatchObject({ mae: 0, standardError: 0 });
});
