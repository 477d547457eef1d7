import type { Matrix } from '../../prepare/matrix.ts';
import { type Kernel, kernelRow } from './kernel.ts';

/** Rows of the kernel matrix, computed when asked for; the least recently asked for makes room. */
export type KernelCache = {
  /** Valid until the next call but one. */
  row(i: number): Float64Array;
  /** kernel(i, i) by row. */
  diagonal: Float64Array;
};

const CACHE_BYTES = 64 * 1024 * 1024;
const BYTES_PER_VALUE = 8;

export function createKernelCache(kernel: Kernel, matrix: Matrix): KernelCache {
  const capacity = Math.max(2, Math.floor(CACHE_BYTES / (BYTES_PER_VALUE * matrix.rows)));
  // A Map keeps the order of insertion: the first key is the least recently used.
  const rows = new Map<number, Float64Array>();
  const diagonal = new Float64Array(matrix.rows);
  const one = { ...matrix, rows: 1 };
  const width = matrix.names.length;
  for (let i = 0; i < matrix.rows; i++) {
    const own = { ...one, data: matrix.data.subarray(i * width, (i + 1) * width) };
    kernelRow(kernel, { matrix, row: i }, { against: own, into: diagonal.subarray(i, i + 1) });
  }
  return {
    diagonal,
    row(i) {
      const known = rows.get(i);
      if (known !== undefined) {
        rows.delete(i);
        rows.set(i, known);
        return known;
      }
      let into: Float64Array | undefined;
      if (rows.size >= capacity) {
        const [oldest, values] = rows.entries().next().value!;
        rows.delete(oldest);
        into = values;
      }
      into ??= new Float64Array(matrix.rows);
      kernelRow(kernel, { matrix, row: i }, { against: matrix, into });
      rows.set(i, into);
      return into;
    },
  };
}
