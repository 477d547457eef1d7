import type { Matrix } from '../../prepare/matrix.ts';
import { type Kernel, kernelRow } from './kernel.ts';

/** Rows of the kernel matrix in float32, as LIBSVM keeps them, computed when asked for; the least recently asked for makes room. */
export type KernelCache = {
  /** Valid until the next call but one. */
  row(i: number): Float32Array;
  /** Rows of the matrix. */
  rows: number;
  /** kernel(i, i) by row. */
  diagonal: Float64Array;
};

const CACHE_BYTES = 64 * 1024 * 1024;
const BYTES_PER_VALUE = 4;

export function createKernelCache(kernel: Kernel, matrix: Matrix): KernelCache {
  const capacity = Math.max(2, Math.floor(CACHE_BYTES / (BYTES_PER_VALUE * matrix.rows)));
  // A Map keeps the order of insertion: the first key is the least recently used.
  const rows = new Map<number, Float32Array>();
  const diagonal = new Float64Array(matrix.rows);
  const one = { ...matrix, rows: 1 };
  const width = matrix.names.length;
  for (let i = 0; i < matrix.rows; i++) {
    const own = { ...one, data: matrix.data.subarray(i * width, (i + 1) * width) };
    kernelRow(kernel, { matrix, row: i }, { against: own, into: diagonal.subarray(i, i + 1) });
  }
  const values = new Float64Array(matrix.rows);
  return {
    rows: matrix.rows,
    diagonal,
    row(i) {
      const known = rows.get(i);
      if (known !== undefined) {
        rows.delete(i);
        rows.set(i, known);
        return known;
      }
      let into: Float32Array | undefined;
      if (rows.size >= capacity) {
        const [oldest, freed] = rows.entries().next().value!;
        rows.delete(oldest);
        into = freed;
      }
      into ??= new Float32Array(matrix.rows);
      kernelRow(kernel, { matrix, row: i }, { against: matrix, into: values });
      into.set(values);
      rows.set(i, into);
      return into;
    },
  };
}
