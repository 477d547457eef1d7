import { type Rng, shuffle } from '../../core/rng.ts';
import { type Column, type Table, takeRows } from '../../table/table.ts';

/**
 * Meaning: by how much the error grows when one input's values are shuffled among the rows.
 * Definition: permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019, equation 3 as a
 * difference), decreases taken as 0, divided by the sum over inputs. One shuffle each.
 * @param errorOf mean error of the model on a table
 * @param maxRows rows sampled from the table, so that the cost is bounded
 * @returns shares by input that sum to 1; all 0 when no shuffle makes the error grow
 * Cost: (inputs + 1) evaluations of at most `maxRows` rows.
 */
export async function permutationImportance(
  table: Table,
  errorOf: (table: Table) => number | Promise<number>,
  { rng, maxRows }: { rng: Rng; maxRows: number },
): Promise<Record<string, number>> {
  const all = shuffle(
    Uint32Array.from({ length: table.rows }, (_, row) => row),
    rng,
  );
  const sample = takeRows(table, all.subarray(0, Math.min(maxRows, table.rows)));
  const error = await errorOf(sample);
  const growths: number[] = [];
  for (const column of sample.columns) {
    const columns = sample.columns.map((c) => (c === column ? shuffledColumn(c, rng) : c));
    growths.push(Math.max(0, (await errorOf({ ...sample, columns })) - error));
  }
  const sum = growths.reduce((a, b) => a + b, 0);
  return Object.fromEntries(
    sample.columns.map(({ name }, i) => [name, sum > 0 ? growths[i] / sum : 0]),
  );
}

const shuffledColumn = (column: Column, rng: Rng): Column =>
  column.type === 'number'
    ? { ...column, values: shuffle(column.values.slice(), rng) }
    : { ...column, codes: shuffle(column.codes.slice(), rng) };
