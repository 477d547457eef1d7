import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import type { Table } from '../../table/table.ts';
import { createTableBuilder } from '../../table/table-builder.ts';
import { treeAt } from './binned-forest.ts';
import { toTreeEnsemble } from './binned-tree.ts';
import { binCount, binTable, MAX_BINS, thresholdsOf } from './binning.ts';
import { type BoostingData, type BoostingState, boost, startBoosting } from './boosting.ts';
import { predictTrees } from './tree-ensemble.ts';

const inputs = [
  { name: 'x', type: 'number', missing: 'impute' },
  {
    name: 'kind',
    type: 'category',
    missing: 'impute',
    categories: [{ value: 'a' }, { value: 'b' }],
  },
] as const;

const options = { maxLeaves: 8, minSamplesLeaf: 5, l2: 0, learningRate: 0.3 };

/** y = step of x, another level for kind b, and 50 where x is missing. */
function stepTable(seed: number, rows: number): Table {
  const rng = createRng(seed);
  const builder = createTableBuilder(inputs);
  for (let i = 0; i < rows; i++) {
    const x = rng() < 0.1 ? Number.NaN : normal(rng);
    const kind = rng() < 0.5 ? 'a' : 'b';
    builder.begin();
    builder.setNumber(0, x);
    builder.setCategory(1, kind);
    builder.commit((Number.isNaN(x) ? 50 : x > 0.5 ? 10 : 0) + (kind === 'b' ? 5 : 0), 0);
  }
  return builder.build();
}

function dataOf(table: Table, isTrained = (_row: number) => true) {
  const { matrix, encoding } = binTable(table);
  const rows = Uint32Array.from({ length: table.rows }, (_, i) => i);
  const data: BoostingData = {
    matrix,
    target: table.target,
    train: rows.filter(isTrained),
    validation: rows.filter((row) => !isTrained(row)),
  };
  return { data, encoding };
}

test('a value falls in the bin whose thresholds hold it, in float32', () => {
  const number = fc.oneof(
    fc.float({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, 1),
  );
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 600 }), (values) => {
      const builder = createTableBuilder(inputs.slice(0, 1));
      for (const value of values) {
        builder.begin();
        builder.setNumber(0, value);
        builder.commit(0, 0);
      }
      const { matrix } = binTable(builder.build());
      const bins = matrix.features[0];
      const thresholds = bins.type === 'number' ? bins.thresholds : new Float32Array();
      expect(binCount(bins)).toBeLessThanOrEqual(MAX_BINS + 1);
      values.forEach((value, row) => {
        const bin = matrix.codes[0][row];
        expect(bin === 0 || thresholds[bin - 1] < value).toBe(true);
        expect(bin === thresholds.length || value <= thresholds[bin]).toBe(true);
      });
    }),
  );
});

const cutsOf = (values: Float32Array) => thresholdsOf(values, new Float32Array(values.length));

test('few distinct values have a bin each, many have bins of about equal count', () => {
  expect([...cutsOf(Float32Array.of(3, 1, 2, 2, Number.NaN))]).toEqual([1.5, 2.5]);
  expect(cutsOf(Float32Array.of(Number.NaN))).toHaveLength(0);
  const rng = createRng(1);
  const values = Float32Array.from({ length: 50_000 }, () => normal(rng) ** 3);
  const thresholds = cutsOf(values);
  expect(thresholds).toHaveLength(MAX_BINS - 1);
  const counts = new Uint32Array(MAX_BINS);
  for (const value of values) counts[thresholds.filter((cut) => cut < value).length]++;
  expect(Math.min(...counts)).toBeGreaterThan(150);
  expect(Math.max(...counts)).toBeLessThan(250);
});

test('boosting learns a step, a category and what a missing value means', () => {
  const table = stepTable(1, 250);
  const { data, encoding } = dataOf(table);
  const state = startBoosting(data);
  boost(state, data, { rounds: 60, tree: options });
  const model = toTreeEnsemble(state.forest, { matrix: data.matrix, encoding, base: state.base });
  const predictions = predictTrees(model, table, null);
  for (let row = 0; row < table.rows; row++)
    expect(Math.abs(predictions[row] - table.target[row])).toBeLessThan(0.1);
});

test('the scores kept while training are the exported trees’ own answers, for unseen rows too', () => {
  fc.assert(
    fc.property(fc.nat(1000), (seed) => {
      const table = stepTable(seed, 300);
      const { data, encoding } = dataOf(table, (row) => row % 3 !== 0);
      const state = startBoosting(data);
      boost(state, data, { rounds: 12, tree: options });
      const { base } = state;
      const model = toTreeEnsemble(state.forest, { matrix: data.matrix, encoding, base });
      const predictions = predictTrees(model, table, null);
      for (let row = 0; row < table.rows; row++)
        expect(predictions[row]).toBe(Math.fround(state.scores[row] + state.base));
    }),
    { numRuns: 20 },
  );
});

test('forty rounds are the same trees at once or in two pieces', () => {
  const { data } = dataOf(stepTable(2, 400));
  const once = startBoosting(data);
  boost(once, data, { rounds: 40, tree: options });
  const twice = startBoosting(data);
  boost(twice, data, { rounds: 15, tree: options });
  boost(twice, data, { rounds: 25, tree: options });
  expect(twice).toEqual(once);
});

test('training error never grows from round to round', () => {
  const table = stepTable(3, 300);
  const { data } = dataOf(table);
  const errors: number[] = [];
  const onRound = ({ base, scores }: BoostingState) => {
    errors.push(table.target.reduce((sum, y, row) => sum + (y - base - scores[row]) ** 2, 0));
    return false;
  };
  boost(startBoosting(data), data, { rounds: 30, tree: options, onRound });
  errors.forEach((error, i) => {
    if (i > 0) expect(error).toBeLessThanOrEqual(errors[i - 1] * (1 + 1e-6));
  });
});

test('a tree has at most the leaves allowed, and each leaf the rows asked for', () => {
  const { data } = dataOf(stepTable(4, 500));
  const state = startBoosting(data);
  boost(state, data, { rounds: 1, tree: { ...options, maxLeaves: 5, minSamplesLeaf: 60 } });
  const leaves = treeAt(state.forest, 0).feature.filter((feature) => feature < 0);
  expect(leaves.length).toBeLessThanOrEqual(5);
  const reached = new Map<number, number>();
  for (const score of state.scores) reached.set(score, (reached.get(score) ?? 0) + 1);
  for (const count of reached.values()) expect(count).toBeGreaterThanOrEqual(60);
});

test('the callback ends the boosting', () => {
  const { data } = dataOf(stepTable(5, 200));
  const state = startBoosting(data);
  boost(state, data, {
    rounds: 100,
    tree: options,
    onRound: ({ forest }) => forest.trees === 7,
  });
  expect(state.forest.trees).toBe(7);
});
