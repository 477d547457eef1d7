import { invalid } from './tensor.ts';

/** The shape that two shapes are stretched to, as numpy does. @throws ModelProblem */
export function broadcastDims(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [x, y] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1];
    if (x !== y && x !== 1 && y !== 1) throw invalid(`shapes ${a} and ${b} do not fit`);
    return x === 1 ? y : x;
  });
}

/** Where each entry of the stretched shape comes from; null: from the same place. */
export function sourceIndices(from: readonly number[], to: readonly number[]): Int32Array | null {
  const missing = to.length - from.length;
  if (to.every((size, i) => size === (from[i - missing] ?? 1))) return null;
  let indices = Int32Array.of(0);
  let stride = from.reduce((a, b) => a * b, 1);
  to.forEach((size, i) => {
    const own = from[i - missing] ?? 1;
    stride /= own;
    const step = own === 1 ? 0 : stride;
    const next = new Int32Array(indices.length * size);
    for (let at = 0; at < indices.length; at++)
      for (let j = 0; j < size; j++) next[at * size + j] = indices[at] + j * step;
    indices = next;
  });
  return indices;
}
