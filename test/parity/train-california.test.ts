import { expect, test } from 'vitest';
import { toTreeEnsemble } from '../../shared/learn/boosting/binned-tree.ts';
import { binTable } from '../../shared/learn/boosting/binning.ts';
import { boost, startBoosting } from '../../shared/learn/boosting/boosting.ts';
import { predictFitted } from '../../shared/learn/fitted-model.ts';
import { regressionMetrics } from '../../shared/learn/metrics/regression.ts';
import type { Table } from '../../shared/table/table.ts';
import { createTableBuilder } from '../../shared/table/table-builder.ts';
import { readReference, splitReference } from './reference-data.ts';

const NAMES = [
  ...['MedInc', 'HouseAge', 'AveRooms', 'AveBedrms'],
  ...['Population', 'AveOccup', 'Latitude', 'Longitude'],
];

/** The eight columns that conformance/README.md derives from the 1990 census file. */
function californiaTable(): Table {
  const [header, ...lines] = readReference('data/california-housing/housing.csv')
    .trim()
    .split('\n');
  const names = header.split(',');
  const cells = lines.map((line) => line.split(','));
  const at = (row: string[], name: string) => Number(row[names.indexOf(name)]);
  const bedrooms = cells.map((row) => row[names.indexOf('total_bedrooms')]);
  const known = bedrooms.filter((text) => text !== '').map(Number);
  known.sort((a, b) => a - b);
  const median = (known[(known.length - 1) >> 1] + known[known.length >> 1]) / 2;
  const specs = NAMES.map((name) => ({ name, type: 'number', missing: 'impute' }) as const);
  const builder = createTableBuilder(specs);
  cells.forEach((row, i) => {
    const households = at(row, 'households');
    builder.begin();
    [
      at(row, 'median_income'),
      at(row, 'housing_median_age'),
      at(row, 'total_rooms') / households,
      (bedrooms[i] === '' ? median : Number(bedrooms[i])) / households,
      at(row, 'population'),
      at(row, 'population') / households,
      at(row, 'latitude'),
      at(row, 'longitude'),
    ].forEach((value, column) => {
      builder.setNumber(column, value);
    });
    builder.commit(at(row, 'median_house_value') / 1e5, 0);
  });
  return builder.build();
}

/** conformance/tabular-peers.json: HistGB(500,lr.05,31) and LightGBM on the eight columns. */
const peers: { data: string; model: string; rmse: number }[] = JSON.parse(
  readReference('conformance/tabular-peers.json'),
);
const rmseOf = (model: string) =>
  peers.find((peer) => peer.data.includes('8 cols') && peer.model === model)!.rmse;

test('500 rounds of 31 leaves on California Housing err as scikit-learn does, within 1 % of LightGBM', () => {
  const { training, test: held } = splitReference('california-housing', californiaTable());
  const { matrix, encoding } = binTable(training);
  const train = Uint32Array.from({ length: training.rows }, (_, row) => row);
  const data = { matrix, target: training.target, train, validation: new Uint32Array(0) };
  const state = startBoosting(data);
  const tree = { maxLeaves: 31, minSamplesLeaf: 20, l2: 0, learningRate: 0.05 };
  boost(state, data, { rounds: 500, tree });
  const model = toTreeEnsemble(state.forest, { matrix, encoding, base: state.base });
  const { rmse, rows } = regressionMetrics(held.target, predictFitted(model, held));
  expect(rows).toBe(4128);
  // The same algorithm on the same bins; ours keeps thresholds and scores in float32.
  expect(Math.abs(rmse - rmseOf('HistGB(500,lr.05,31)'))).toBeLessThan(1e-4);
  expect(rmse).toBeLessThan(1.01 * rmseOf('LightGBM(500,lr.05,31)'));
});
