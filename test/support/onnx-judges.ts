import { expect } from 'vitest';
import { loadModel } from '../../shared/onnx/runtime/load-model.ts';
import type { Tensor } from '../../shared/onnx/runtime/tensor.ts';
import type { Table } from '../../shared/table/table.ts';
import { runOnnxruntime } from './onnxruntime.ts';
import { feedsOf } from './table-feeds.ts';

type Judged = {
  table: Table;
  /** [rows, outputs], of the trainer. */
  expected: Float32Array;
  classes: readonly string[];
};

const TOLERANCE = 1e-5;

/** The graph's answers by onnxruntime and by our runtime are the trainer's. */
export async function expectSameAnswers(
  graph: Uint8Array,
  { table, expected, classes }: Judged,
): Promise<void> {
  const theirs = await runOnnxruntime(graph, table);
  const output = classes.length > 0 ? 'probabilities' : 'variable';
  const outputs = Math.max(1, classes.length);
  expect(theirs[output].dims).toEqual([table.rows, outputs]);
  expect(greatestError(theirs[output].data as Float32Array, expected)).toBeLessThan(TOLERANCE);
  if (classes.length > 0) {
    expect(theirs.label.dims).toEqual([table.rows]);
    expect(theirs.label.data).toEqual(labelsOf(theirs[output].data as Float32Array, classes));
  }
  const ours = runOwn(graph, table);
  for (const [name, { dims, data }] of Object.entries(theirs)) {
    expect(ours[name].dims).toEqual(dims);
    if (name !== output) expect(ours[name].data).toEqual(data);
  }
  expect(greatestError(ours[output].data as Float32Array, expected)).toBeLessThan(TOLERANCE);
}

/** What our runtime answers to the rows of a table, by the name of the output. */
export function runOwn(graph: Uint8Array, table: Table): Record<string, Tensor> {
  const loaded = loadModel(graph);
  if (!loaded.ok) throw new Error(loaded.error.detail);
  return loaded.value.runAll(feedsOf(table));
}

/** Relative above 1, absolute below. NaN where either is. */
export function greatestError(found: Float32Array, expected: Float32Array): number {
  let greatest = found.length === expected.length ? 0 : Number.NaN;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(found[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
    greatest = error <= greatest ? greatest : error;
  }
  return greatest;
}

/** The first of the likeliest classes of each row. */
export function labelsOf(probabilities: Float32Array, classes: readonly string[]): string[] {
  return Array.from({ length: probabilities.length / classes.length }, (_, row) => {
    const shares = [...probabilities.subarray(row * classes.length, (row + 1) * classes.length)];
    return classes[shares.indexOf(Math.max(...shares))];
  });
}
