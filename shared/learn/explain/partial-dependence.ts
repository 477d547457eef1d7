import type { Column, NumberColumn, Table } from '../../table/table.ts';
import { type Predictor, predictModel } from '../ensemble/fitted-ensemble.ts';
import { outputsOf } from '../task.ts';

/** One input's effect: `values` are numbers, or a category's values. */
export type Effect = {
  input: string;
  values: (number | string)[];
  /** Mean prediction at each value (partial dependence), or its change from the mean (ALE). */
  effects: number[];
  /** Rows near each value: where there are few, the effect is a guess. */
  rows: number[];
};

export type EffectOptions = {
  input: string;
  /** Which output of a classification; 0 otherwise. */
  output: number;
  /** Points of a number's grid. */
  points: number;
};

/**
 * Mean prediction of the rows when the input has each value and the others stay as they are (Friedman
 * 2001, section 8.2); at quantiles of a number, at each value of a category. It asks the model about
 * rows that may not exist where inputs go together: prefer `accumulatedEffects` then. Reference:
 * scikit-learn 1.2's partial_dependence(method='brute').
 * @param table at least one row with a known value of the input
 * Cost: points x rows predictions.
 */
export function partialDependence(model: Predictor, table: Table, options: EffectOptions): Effect {
  const column = columnOf(table, options.input);
  const outputs = outputsOf(model.task, model.classes.length);
  const meanWith = (changed: Column) => {
    const columns = table.columns.map((other) => (other === column ? changed : other));
    const predictions = predictModel(model, { ...table, columns });
    let sum = 0;
    for (let at = options.output; at < predictions.length; at += outputs) sum += predictions[at];
    return sum / table.rows;
  };
  if (column.type === 'category') {
    const codes = Array.from({ length: column.declared }, (_, code) => code);
    return {
      input: column.name,
      values: codes.map((code) => column.dictionary[code]),
      effects: codes.map((code) =>
        meanWith({ ...column, codes: new Int32Array(table.rows).fill(code) }),
      ),
      rows: codes.map((code) => column.codes.filter((own) => own === code).length),
    };
  }
  const grid = quantileGrid(column, options.points);
  return {
    input: column.name,
    values: [...grid],
    effects: Array.from(grid, (value) =>
      meanWith({ ...column, values: new Float32Array(table.rows).fill(value) }),
    ),
    rows: rowsNear(column, grid),
  };
}

/**
 * Accumulated local effects of a number (Apley and Zhu 2020): within each interval between quantiles
 * its own rows move from one end to the other, and the mean changes are added up and centred. Unlike
 * partial dependence it never asks about rows far from any that were seen. The zero is the mean over
 * the rows. @param table at least two different known values of the input
 * Cost: 2 x rows predictions. Reference: equation 16.
 */
export function accumulatedEffects(model: Predictor, table: Table, options: EffectOptions): Effect {
  const column = columnOf(table, options.input);
  if (column.type !== 'number') throw new Error(`${column.name} is no number: it has no order`);
  const grid = quantileGrid(column, options.points);
  const intervalOf = column.values.map((value) => intervalAt(grid, value));
  const changes = endChanges(model, table, { column, grid, intervalOf, output: options.output });
  const effects = [0];
  for (let i = 1; i < grid.length; i++) effects.push(effects[i - 1] + changes.means[i]);
  const known = changes.counts.reduce((sum, count) => sum + count, 0);
  let centre = 0;
  for (let i = 1; i < grid.length; i++)
    centre += ((effects[i - 1] + effects[i]) / 2) * (changes.counts[i] / known);
  return {
    input: column.name,
    values: [...grid],
    effects: effects.map((effect) => effect - centre),
    rows: rowsNear(column, grid),
  };
}

type Ends = {
  column: NumberColumn;
  grid: Float32Array;
  /** By row; 0 where the value is missing. */
  intervalOf: Float32Array;
  output: number;
};

function endChanges(
  model: Predictor,
  table: Table,
  { column, grid, intervalOf, output }: Ends,
): { means: Float64Array; counts: Float64Array } {
  const outputs = outputsOf(model.task, model.classes.length);
  const at = (end: 0 | 1) => {
    const values = column.values.map((value, row) =>
      intervalOf[row] === 0 ? value : grid[intervalOf[row] - 1 + end],
    );
    const columns = table.columns.map((other) =>
      other === column ? { ...column, values } : other,
    );
    return predictModel(model, { ...table, columns });
  };
  const [low, high] = [at(0), at(1)];
  const sums = new Float64Array(grid.length);
  const counts = new Float64Array(grid.length);
  intervalOf.forEach((interval, row) => {
    if (interval === 0) return;
    sums[interval] += high[row * outputs + output] - low[row * outputs + output];
    counts[interval]++;
  });
  return { means: sums.map((sum, i) => (counts[i] > 0 ? sum / counts[i] : 0)), counts };
}

/** Interval i lies between grid[i - 1] and grid[i]; the first value belongs to interval 1, missing to 0. */
function intervalAt(grid: Float32Array, value: number): number {
  if (Number.isNaN(value)) return 0;
  let interval = 1;
  while (interval < grid.length - 1 && value > grid[interval]) interval++;
  return interval;
}

function columnOf(table: Table, input: string): Column {
  const column = table.columns.find(({ name }) => name === input);
  if (column === undefined) throw new Error(`There is no input "${input}"`);
  return column;
}

/** Different quantiles of the known values, ascending. */
function quantileGrid({ values }: NumberColumn, points: number): Float32Array {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const grid = Array.from(
    { length: points },
    (_, i) => known[Math.round((i / Math.max(1, points - 1)) * (known.length - 1))],
  );
  return Float32Array.from(new Set(grid));
}

function rowsNear({ values }: NumberColumn, grid: Float32Array): number[] {
  const counts = Array<number>(grid.length).fill(0);
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    let nearest = 0;
    for (let i = 1; i < grid.length; i++)
      if (Math.abs(grid[i] - value) < Math.abs(grid[nearest] - value)) nearest = i;
    counts[nearest]++;
  }
  return counts;
}
