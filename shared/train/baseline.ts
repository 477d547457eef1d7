import { medianOf } from '../prepare/median.ts';
import type { CategoryColumn, Table } from '../table/table.ts';

/**
 * The usual value of each input: median of a number, mode of a category (the first declared one of
 * several), missing values left out. An input that is always missing has none.
 */
export function baselineOf(table: Table): Record<string, number | string> {
  const baseline: Record<string, number | string> = {};
  for (const column of table.columns) {
    if (column.type === 'category') {
      const mode = modeOf(column);
      if (mode !== null) baseline[column.name] = mode;
    } else {
      const known = column.values.filter((value) => !Number.isNaN(value));
      if (known.length > 0) baseline[column.name] = shortestDecimal(Math.fround(medianOf(known)));
    }
  }
  return baseline;
}

function modeOf({ codes, dictionary, declared }: CategoryColumn): string | null {
  const counts = new Uint32Array(declared);
  for (const code of codes) if (code >= 0 && code < declared) counts[code]++;
  const highest = Math.max(...counts);
  return highest === 0 ? null : dictionary[counts.indexOf(highest)];
}

/** The shortest decimal whose float32 is `value`: 7.93, not 7.929999828338623. */
export function shortestDecimal(value: number): number {
  for (let digits = 6; digits <= 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return value;
}
