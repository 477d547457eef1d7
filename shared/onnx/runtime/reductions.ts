import type { Attributes } from './attributes.ts';
import type { Kernel, Operator } from './operator.ts';
import { axesOf } from './shape-operators.ts';
import {
  axisOf,
  emptyNumbers,
  invalid,
  type NumberTensor,
  numbers,
  sizeOf,
  unsupported,
} from './tensor.ts';

/** A tensor seen as [outer, size, inner] around one of its axes. */
type Around = { outer: number; size: number; inner: number; kept: number[]; dropped: number[] };

function around({ dims }: NumberTensor, axis: number, operator: string): Around {
  const at = axisOf(axis, dims.length, operator);
  const [before, after] = [dims.slice(0, at), dims.slice(at + 1)];
  return {
    ...{ outer: sizeOf(before), size: dims[at], inner: sizeOf(after) },
    ...{ kept: [...before, 1, ...after], dropped: [...before, ...after] },
  };
}

/** One value of the values along an axis: `start`, then `step` for each, then `end`. */
type Reduction = {
  start: number;
  step(total: number, value: number): number;
  end?(total: number, size: number): number;
};

const REDUCTIONS: Record<string, Reduction> = {
  ReduceMax: { start: Number.NEGATIVE_INFINITY, step: Math.max },
  ReduceMean: { start: 0, step: (total, x) => total + x, end: (total, size) => total / size },
  ReduceMin: { start: Number.POSITIVE_INFINITY, step: Math.min },
  ReduceL2: { start: 0, step: (total, x) => total + x * x, end: Math.sqrt },
  ReduceSum: { start: 0, step: (total, x) => total + x },
  ReduceSumSquare: { start: 0, step: (total, x) => total + x * x },
};

const reduction = (name: string, { start, step, end }: Reduction): Operator => ({
  inputs: [1, 2],
  kernel: (attributes) => {
    const isKept = attributes.int('keepdims', 1) === 1;
    const axes = axesOf(attributes);
    return ([tensor, named]) => {
      const input = numbers(tensor, name);
      const chosen = axes(named);
      if (chosen.length !== 1) throw unsupported(`${name}: only along one axis`);
      const { outer, size, inner, kept, dropped } = around(input, chosen[0], name);
      const answer = emptyNumbers(input.type, isKept ? kept : dropped);
      for (let o = 0; o < outer; o++)
        for (let i = 0; i < inner; i++) {
          let total = start;
          for (let k = 0; k < size; k++)
            total = step(total, input.data[(o * size + k) * inner + i]);
          answer.data[o * inner + i] = end === undefined ? total : end(total, size);
        }
      return answer;
    };
  },
});

/** The first place of the greatest (or least) value along an axis. */
const arg = (name: string, sign: 1 | -1): Operator => ({
  inputs: [1, 1],
  kernel: (attributes) => {
    attributes.expect('select_last_index', 0);
    const axis = attributes.int('axis', 0);
    const isKept = attributes.int('keepdims', 1) === 1;
    return ([tensor]) => {
      const input = numbers(tensor, name);
      const { outer, size, inner, kept, dropped } = around(input, axis, name);
      const data = new Float64Array(outer * inner);
      for (let o = 0; o < outer; o++)
        for (let i = 0; i < inner; i++) {
          let best = 0;
          const signed = (k: number) => sign * input.data[(o * size + k) * inner + i];
          for (let k = 1; k < size; k++) if (signed(k) > signed(best)) best = k;
          data[o * inner + i] = best;
        }
      return { type: 'int', dims: isKept ? kept : dropped, data };
    };
  },
});

/** Shares of each row that sum to 1, in place. */
export function softmaxRows(scores: Float32Array, columns: number): void {
  for (let at = 0; at < scores.length; at += columns) {
    let highest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < columns; k++) highest = Math.max(highest, scores[at + k]);
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += Math.exp(scores[at + k] - highest);
    for (let k = 0; k < columns; k++) scores[at + k] = Math.exp(scores[at + k] - highest) / sum;
  }
}

function softmax(attributes: Attributes): Kernel {
  const axis = attributes.int('axis', -1);
  return ([tensor]) => {
    const { dims, data } = numbers(tensor, 'Softmax');
    if (axisOf(axis, dims.length, 'Softmax') !== dims.length - 1)
      throw unsupported('Softmax: only along the last axis');
    const answer = Float32Array.from(data);
    softmaxRows(answer, dims[dims.length - 1]);
    return { type: 'float', dims, data: answer };
  };
}

/** The k greatest or least values of each row and their places; of equal ones the first. */
function topK(attributes: Attributes): Kernel {
  const axis = attributes.int('axis', -1);
  const sign = attributes.int('largest', 1) === 1 ? -1 : 1;
  attributes.int('sorted', 1);
  return ([tensor, count]) => {
    const input = numbers(tensor, 'TopK');
    const { dims } = input;
    if (axisOf(axis, dims.length, 'TopK') !== dims.length - 1)
      throw unsupported('TopK: only along the last axis');
    const size = dims[dims.length - 1];
    const k = Number(count.data[0]);
    if (!(k >= 0 && k <= size)) throw invalid(`TopK: ${k} of ${size}`);
    const kept = [...dims.slice(0, -1), k];
    const values = emptyNumbers(input.type, kept);
    const places = new Float64Array(values.data.length);
    for (let row = 0; row * size < input.data.length; row++)
      insertLeast(
        input.data,
        { from: row * size, size, sign },
        places.subarray(row * k, (row + 1) * k),
      );
    for (let i = 0; i < places.length; i++)
      values.data[i] = input.data[Math.floor(i / k) * size + places[i]];
    return [values, { type: 'int', dims: kept, data: places }];
  };
}

/** Places of the least of sign x value, ascending. */
function insertLeast(
  data: ArrayLike<number>,
  { from, size, sign }: { from: number; size: number; sign: number },
  places: Float64Array,
): void {
  const k = places.length;
  for (let at = 0; at < size; at++) {
    const value = sign * data[from + at];
    let to = Math.min(at, k);
    while (to > 0 && sign * data[from + places[to - 1]] > value) {
      if (to < k) places[to] = places[to - 1];
      to--;
    }
    if (to < k) places[to] = at;
  }
}

/** Operators that make one value, or shares, of the values along an axis. */
export const REDUCING: Record<string, Operator> = {
  ...Object.fromEntries(
    Object.entries(REDUCTIONS).map(([name, how]) => [name, reduction(name, how)]),
  ),
  ArgMax: arg('ArgMax', 1),
  ArgMin: arg('ArgMin', -1),
  Softmax: { inputs: [1, 1], kernel: softmax },
  TopK: { inputs: [2, 2], outputs: 2, kernel: topK },
};
