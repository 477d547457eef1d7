import { murmur3 } from '../core/murmur3.ts';
import { utf8 } from '../core/utf8.ts';
import type { Column, Table } from '../table/table.ts';

/** Which rows a model has learnt from, and which it was measured on: what a fit that goes on must keep apart. */
export type KnownRows = {
  /** Ascending, each once. @see rowPrints */
  learnt: Uint32Array;
  heldOut: Uint32Array;
};

const MISSING = 0x9e3779b9;

/**
 * A number per row that equal rows have in common (MurmurHash3 over the cells' bits, categories by their
 * text). Two rows that differ have the same one with a chance of 2^-32.
 * @param isTargetIncluded false where the target is not learnt from
 * Cost: cells.
 */
export function rowPrints(
  { rows, columns, target }: Table,
  isTargetIncluded: boolean,
): Uint32Array {
  const prints = new Uint32Array(rows);
  for (const column of columns) mixColumn(prints, column);
  if (isTargetIncluded) {
    const halves = new Uint32Array(2);
    const double = new Float64Array(halves.buffer);
    for (let row = 0; row < rows; row++) {
      double[0] = target[row];
      prints[row] = mixed(mixed(prints[row], halves[0]), halves[1]);
    }
  }
  return prints;
}

function mixColumn(prints: Uint32Array, column: Column): void {
  if (column.type === 'category') {
    const printOf = Uint32Array.from(column.dictionary, (value) => murmur3(utf8(value)));
    for (let row = 0; row < prints.length; row++) {
      const code = column.codes[row];
      prints[row] = mixed(prints[row], code < 0 ? MISSING : printOf[code]);
    }
    return;
  }
  const { values } = column;
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let row = 0; row < prints.length; row++) {
    const value = values[row];
    // Not every NaN has the same bits, and -0 is 0.
    const known = value === 0 ? 0 : bits[row];
    prints[row] = mixed(prints[row], Number.isNaN(value) ? MISSING : known);
  }
}

/** One block of MurmurHash3 with its end mix, so that the order of columns matters. */
function mixed(print: number, block: number): number {
  let k = Math.imul(block, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  let h = print ^ k;
  h = (h << 13) | (h >>> 19);
  h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** What is in either, ascending, each once. */
export function joinPrints(...prints: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(prints.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const some of prints) {
    all.set(some, at);
    at += some.length;
  }
  all.sort();
  return all.filter((print, i) => i === 0 || print !== all[i - 1]);
}
