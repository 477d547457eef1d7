import type { Attributes } from './attributes.ts';
import { softmaxRows } from './reductions.ts';
import { type Tensor, unsupported } from './tensor.ts';

/** The labels of a classifier: text or integers. */
export type ClassLabels = { count: number; labelsOf(classes: ArrayLike<number>): Tensor };

export function classLabels(
  attributes: Attributes,
  { texts, integers }: { texts: string; integers: string },
): ClassLabels {
  const names = attributes.strings(texts);
  const numbers = attributes.ints(integers);
  if (names.length > 0)
    return {
      count: names.length,
      labelsOf: (classes) => ({
        type: 'string',
        dims: [classes.length],
        data: Array.from(classes, (k) => names[k]),
      }),
    };
  return {
    count: numbers.length,
    labelsOf: (classes) => ({
      type: 'int',
      dims: [classes.length],
      data: Float64Array.from(classes, (k) => numbers[k]),
    }),
  };
}

/** The first of the greatest scores of each row. */
export function greatestOf(scores: Float32Array, columns: number): Int32Array {
  const best = new Int32Array(scores.length / columns);
  for (let row = 0; row < best.length; row++)
    for (let k = 1; k < columns; k++)
      if (scores[row * columns + k] > scores[row * columns + best[row]]) best[row] = k;
  return best;
}

/** Applies `post_transform` to scores [rows, columns], in place. */
export function postTransform(
  attributes: Attributes,
  operator: string,
): { name: string; apply(scores: Float32Array, columns: number): void } {
  const name = attributes.string('post_transform', 'NONE');
  if (name === 'NONE') return { name, apply: () => undefined };
  if (name === 'SOFTMAX') return { name, apply: softmaxRows };
  if (name !== 'LOGISTIC')
    throw unsupported(`${operator}: post_transform ${name} is not supported`);
  return {
    name,
    apply(scores) {
      for (let i = 0; i < scores.length; i++) scores[i] = 1 / (1 + Math.exp(-scores[i]));
    },
  };
}
