import type { NumberColumn, Table } from '../table/table.ts';

/**
 * Features of a number over time. `lag`: its value `steps` rows before. `rolling`: mean, deviation, least
 * or greatest of the `window` rows before (the row itself is not among them). `season`: sine and cosine of
 * the time's place in a period, `harmonics` times as fast (Fourier terms).
 */
export type TimeFeature =
  | { type: 'lag'; column: string; steps: number }
  | { type: 'rolling'; column: string; window: number; of: 'mean' | 'std' | 'min' | 'max' }
  | { type: 'season'; period: number; harmonics: number };

/**
 * The table with a column per feature (two per harmonic). No feature looks at its own row or a later one,
 * so that what is learnt can be known in time; where there is no row before, it is missing. Rows stay in
 * their order; "before" is by `order`, ties by row.
 * @param table with an order, in units of `period` for seasons
 * @param groups lags stay within rows of equal numbers (a shop, a sensor); null: one series
 * Cost: rows x (features + windows).
 */
export function addTimeFeatures(
  table: Table,
  features: readonly TimeFeature[],
  groups: ArrayLike<number> | null = null,
): Table {
  const { order } = table;
  if (order === null) throw new Error('Time features need a table with an order');
  const series = seriesOf(order, groups);
  const columns = features.flatMap((feature) =>
    feature.type === 'season'
      ? seasonColumns(order, feature)
      : [pastColumn(table, series, feature)],
  );
  return { ...table, columns: [...table.columns, ...columns] };
}

/** Rows of each group, oldest first. */
function seriesOf(order: Float64Array, groups: ArrayLike<number> | null): number[][] {
  const rows = Array.from(order.keys()).sort((a, b) => order[a] - order[b] || a - b);
  const byGroup = new Map<number, number[]>();
  for (const row of rows) {
    const group = groups === null ? 0 : groups[row];
    const own = byGroup.get(group);
    if (own) own.push(row);
    else byGroup.set(group, [row]);
  }
  return [...byGroup.values()];
}

function seasonColumns(
  order: Float64Array,
  { period, harmonics }: Extract<TimeFeature, { type: 'season' }>,
): NumberColumn[] {
  return Array.from({ length: harmonics }, (_, i) => i + 1).flatMap((k) =>
    (['sin', 'cos'] as const).map((wave) => ({
      type: 'number' as const,
      name: `${wave} ${k} of ${period}`,
      values: Float32Array.from(order, (time) => Math[wave]((2 * Math.PI * k * time) / period)),
    })),
  );
}

function pastColumn(
  table: Table,
  series: readonly number[][],
  feature: Exclude<TimeFeature, { type: 'season' }>,
): NumberColumn {
  const source = table.columns.find(({ name }) => name === feature.column);
  if (source?.type !== 'number') throw new Error(`"${feature.column}" is no number column`);
  const values = new Float32Array(table.rows).fill(Number.NaN);
  for (const rows of series)
    rows.forEach((row, at) => {
      if (feature.type === 'lag') {
        if (at >= feature.steps) values[row] = source.values[rows[at - feature.steps]];
        return;
      }
      const before = rows.slice(Math.max(0, at - feature.window), at);
      const known = before.map((r) => source.values[r]).filter((value) => !Number.isNaN(value));
      if (known.length > 0) values[row] = SUMMARIES[feature.of](known);
    });
  const name =
    feature.type === 'lag'
      ? `${feature.column} ${feature.steps} before`
      : `${feature.of} of ${feature.window} ${feature.column} before`;
  return { type: 'number', name, values };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** `std` is the population's, 0 for one value. */
const SUMMARIES = {
  mean: meanOf,
  std: (values: readonly number[]) => {
    const mean = meanOf(values);
    return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
  },
  min: (values: readonly number[]) => Math.min(...values),
  max: (values: readonly number[]) => Math.max(...values),
};
