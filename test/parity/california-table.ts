import type { Table } from '../../shared/table/table.ts';
import { createTableBuilder } from '../../shared/table/table-builder.ts';
import { readReference } from './reference-data.ts';

const NAMES = [
  ...['MedInc', 'HouseAge', 'AveRooms', 'AveBedrms'],
  ...['Population', 'AveOccup', 'Latitude', 'Longitude'],
];

/** The eight columns that conformance/README.md derives from the 1990 census file. */
export function californiaTable(): Table {
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
