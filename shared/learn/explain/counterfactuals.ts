import { type Rng, shuffle } from '../../core/rng.ts';
import { type Column, type Table, takeRows } from '../../table/table.ts';
import { type Predictor, predictModel } from '../ensemble/fitted-ensemble.ts';
import { outputsOf } from '../task.ts';

export type CounterfactualOptions = {
  /** Which output must reach the range, and the range, both ends included. */
  output: number;
  range: readonly [number, number];
  /** Rows that occurred: values are taken from them, so that no answer is impossible by itself. */
  donors: Table;
  /** Inputs that nobody can change. */
  fixed: readonly string[];
  /** Answers at most. */
  count: number;
  rng: Rng;
};

/** A row like the asked one that the model answers as wanted. */
export type Counterfactual = {
  /** Inputs that differ, with their new values; null is missing. */
  changes: Record<string, number | string | null>;
  prediction: number;
  /** Sum over the changed inputs: share of the donors' spread for a number, 1 for a category. */
  distance: number;
};

/** Donors that are looked at, and of those answered as wanted the nearest that are made sparse. */
const MOST_DONORS = 400;
const NEAREST_DONORS = 40;

/**
 * The smallest changes to one row that bring its prediction into a range: each donor that the model
 * answers as wanted lends its values, then gives them back one by one, the most distant first, as
 * long as the answer holds (nearest instance counterfactuals, Keane and Smyth 2020, made sparse as in
 * Wachter, Mittelstadt and Russell 2017). Every value in an answer occurred in a row; the changed row
 * itself may not have. Answers differ in which inputs they change; fewest distance first; none when no
 * donor is answered as wanted.
 * Cost: 400 donors, and inputs^2 predictions for each of the nearest 40.
 */
export function findCounterfactuals(
  model: Predictor,
  { table, row }: { table: Table; row: number },
  options: CounterfactualOptions,
): Counterfactual[] {
  const { donors, output, range, fixed, rng, count } = options;
  const free = table.columns.flatMap(({ name }, c) => (fixed.includes(name) ? [] : [c]));
  const order = shuffle(
    Uint32Array.from({ length: donors.rows }, (_, donor) => donor),
    rng,
  ).slice(0, MOST_DONORS);
  const pool = takeRows(donors, order);
  const asked: Asked = { model, table, row, pool, output, range };
  const spreads = pool.columns.map(spreadOf);
  const starts = Array.from({ length: pool.rows }, (_, donor) => ({ donor, lent: new Set(free) }));
  const found = new Map<string, Counterfactual>();
  for (const start of nearest(asked, keepWanted(asked, starts), spreads)) {
    const answer = makeSparse(asked, start, spreads);
    const key = Object.keys(answer.changes).join('\n');
    const known = found.get(key);
    if (known === undefined || answer.distance < known.distance) found.set(key, answer);
  }
  return [...found.values()].sort((a, b) => a.distance - b.distance).slice(0, count);
}

type Asked = {
  model: Predictor;
  table: Table;
  row: number;
  pool: Table;
  output: number;
  range: readonly [number, number];
};

/** The asked row with the columns in `lent` from a donor. */
type Start = { donor: number; lent: ReadonlySet<number> };

function keepWanted(asked: Asked, starts: readonly Start[]): Start[] {
  const predictions = predict(asked, starts);
  const [low, high] = asked.range;
  return starts.filter((_, i) => predictions[i] >= low && predictions[i] <= high);
}

function predict({ model, table, row, pool, output }: Asked, starts: readonly Start[]): number[] {
  const outputs = outputsOf(model.task, model.classes.length);
  const columns = table.columns.map((column, c) =>
    mixed(column, pool.columns[c], { row, starts, c }),
  );
  const mixedRows = { ...table, rows: starts.length, columns };
  const predictions = predictModel(model, mixedRows);
  return starts.map((_, i) => predictions[i * outputs + output]);
}

function nearest(asked: Asked, starts: readonly Start[], spreads: readonly number[]): Start[] {
  const far = new Map(
    starts.map((start) => {
      const distances = [...start.lent].map((c) => distanceOf(asked, start.donor, c, spreads));
      return [start, distances.reduce((sum, distance) => sum + distance, 0)];
    }),
  );
  const distanceTo = (start: Start): number => far.get(start) ?? 0;
  return [...starts]
    .sort((a, b) => distanceTo(a) - distanceTo(b) || a.donor - b.donor)
    .slice(0, NEAREST_DONORS);
}

type MixedColumn = { row: number; starts: readonly Start[]; c: number };

function mixed(own: Column, other: Column, { row, starts, c }: MixedColumn): Column {
  if (own.type === 'number' && other.type === 'number') {
    const values = Float32Array.from(starts, ({ donor, lent }) =>
      lent.has(c) ? other.values[donor] : own.values[row],
    );
    return { ...own, values };
  }
  if (own.type !== 'category' || other.type !== 'category')
    throw new Error(`Broken invariant: ${own.name} is of another type among the donors`);
  const codes = Int32Array.from(starts, ({ donor, lent }) =>
    lent.has(c) ? other.codes[donor] : own.codes[row],
  );
  return { ...own, codes };
}

function makeSparse(asked: Asked, start: Start, spreads: readonly number[]): Counterfactual {
  let lent = new Set([...start.lent].filter((c) => distanceOf(asked, start.donor, c, spreads) > 0));
  for (;;) {
    const fewer = [...lent]
      .map((c) => ({
        ...{ donor: start.donor, given: c },
        lent: new Set([...lent].filter((other) => other !== c)),
      }))
      .sort(
        (a, b) =>
          distanceOf(asked, start.donor, b.given, spreads) -
          distanceOf(asked, start.donor, a.given, spreads),
      );
    const kept = keepWanted(asked, fewer);
    if (kept.length === 0) break;
    lent = new Set(kept[0].lent);
  }
  const [prediction] = predict(asked, [{ donor: start.donor, lent }]);
  let distance = 0;
  const changes: Counterfactual['changes'] = {};
  for (const c of [...lent].sort((a, b) => a - b)) {
    distance += distanceOf(asked, start.donor, c, spreads);
    changes[asked.table.columns[c].name] = cellOf(asked.pool.columns[c], start.donor);
  }
  return { changes, prediction, distance };
}

function cellOf(column: Column, row: number): number | string | null {
  if (column.type === 'category')
    return column.codes[row] < 0 ? null : column.dictionary[column.codes[row]];
  return Number.isNaN(column.values[row]) ? null : column.values[row];
}

function distanceOf(
  { table, row, pool }: Asked,
  donor: number,
  c: number,
  spreads: readonly number[],
): number {
  const own = cellOf(table.columns[c], row);
  const other = cellOf(pool.columns[c], donor);
  if (own === other) return 0;
  if (typeof own !== 'number' || typeof other !== 'number') return 1;
  return Math.abs(own - other) / spreads[c];
}

/** Difference of the 95 % and the 5 % quantile; 1 where a column has none. */
function spreadOf(column: Column): number {
  if (column.type === 'category') return 1;
  const known = column.values.filter((value) => !Number.isNaN(value)).sort();
  const at = (level: number) => known[Math.round(level * (known.length - 1))] ?? 0;
  return at(0.95) - at(0.05) || 1;
}
