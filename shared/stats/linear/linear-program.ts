/**
 * Least c x with A x <= b and x >= 0, where b may be negative only if the last variable can repair it: its
 * coefficients are -1 in every row whose b is negative (a slack that is paid for). Then a first step is at hand and
 * nothing is infeasible.
 *
 * Dense tableau simplex; Dantzig's choice of the column, Bland's once a step stops gaining, so that it ends.
 * @returns x, and the duals (>= 0) of the rows; null when there is no least value, or rounding keeps it from being found
 * Cost: O(rows x columns) a step. Source: Chvatal, Linear Programming (1983), chapters 2 and 3.
 */
export function minimise(
  c: readonly number[],
  a: readonly (readonly number[])[],
  b: readonly number[],
): { x: number[]; duals: number[]; value: number } | null {
  const [rows, columns] = [a.length, c.length];
  const table = a.map((row, i) => [...row, ...unit(rows, i), b[i]]);
  const cost = [...c, ...new Array<number>(rows).fill(0), 0];
  const basis = Array.from({ length: rows }, (_, i) => columns + i);
  const pivot = (row: number, column: number): void => pivotAt({ table, cost, basis }, row, column);
  const lowest = b.reduce((least, value, i) => (value < b[least] ? i : least), 0);
  if (rows > 0 && b[lowest] < 0) pivot(lowest, columns - 1);
  for (let step = 0; ; step++) {
    if (step > MOST_STEPS) return null;
    const column = enteringColumn(cost, step > STEPS_BEFORE_BLAND);
    if (column < 0) break;
    const row = leavingRow(table, basis, column);
    if (row < 0) return null;
    pivot(row, column);
  }
  const x = new Array<number>(columns).fill(0);
  basis.forEach((variable, i) => {
    if (variable < columns) x[variable] = table[i][columns + rows];
  });
  const duals = cost.slice(columns, columns + rows);
  return { x, duals, value: -cost[columns + rows] };
}

const STEPS_BEFORE_BLAND = 1000;
/** Bland's rule ends, but for rounding that turns it in a circle. */
const MOST_STEPS = 100_000;
const TINY = 1e-11;

type Tableau = { table: number[][]; cost: number[]; basis: number[] };

const unit = (size: number, at: number): number[] =>
  Array.from({ length: size }, (_, i) => (i === at ? 1 : 0));

function enteringColumn(cost: readonly number[], isFirst: boolean): number {
  let chosen = -1;
  for (let j = 0; j < cost.length - 1; j++) {
    if (cost[j] >= -TINY) continue;
    if (isFirst) return j;
    if (chosen < 0 || cost[j] < cost[chosen]) chosen = j;
  }
  return chosen;
}

function leavingRow(
  table: readonly (readonly number[])[],
  basis: readonly number[],
  column: number,
): number {
  let chosen = -1;
  let least = Infinity;
  table.forEach((row, i) => {
    if (row[column] <= TINY) return;
    const ratio = row[row.length - 1] / row[column];
    const isTie = ratio === least && basis[i] < basis[chosen];
    if (ratio < least || isTie) [least, chosen] = [ratio, i];
  });
  return chosen;
}

function pivotAt({ table, cost, basis }: Tableau, row: number, column: number): void {
  const chosen = table[row];
  const factor = chosen[column];
  for (let j = 0; j < chosen.length; j++) chosen[j] /= factor;
  for (const other of [...table, cost]) {
    const share = other[column];
    if (other === chosen || share === 0) continue;
    for (let j = 0; j < other.length; j++) other[j] -= share * chosen[j];
  }
  basis[row] = column;
}
