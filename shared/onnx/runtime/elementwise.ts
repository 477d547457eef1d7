import { broadcastDims, sourceIndices } from './broadcast.ts';
import type { Operator } from './operator.ts';
import {
  emptyNumbers,
  invalid,
  type NumberTensor,
  type NumberType,
  numbers,
  sizeOf,
  type Tensor,
  unsupported,
} from './tensor.ts';

type Unary = (x: number) => number;
type Binary = (x: number, y: number) => number;

const logistic: Unary = (x) => 1 / (1 + Math.exp(-x));

const UNARY: Record<string, Unary> = {
  Abs: Math.abs,
  Ceil: Math.ceil,
  Exp: Math.exp,
  Floor: Math.floor,
  Log: Math.log,
  Neg: (x) => -x,
  Reciprocal: (x) => 1 / x,
  Relu: (x) => (x < 0 ? 0 : x),
  Sigmoid: logistic,
  Sign: Math.sign,
  Sqrt: Math.sqrt,
  Tanh: Math.tanh,
};

/** NaN where either is, as onnxruntime. */
const BINARY: Record<string, Binary> = {
  Add: (x, y) => x + y,
  Sub: (x, y) => x - y,
  Mul: (x, y) => x * y,
  Div: (x, y) => x / y,
  Pow: (x, y) => x ** y,
  Max: Math.max,
  Min: Math.min,
};

const COMPARISONS: Record<string, Binary> = {
  Equal: (x, y) => (x === y ? 1 : 0),
  Less: (x, y) => (x < y ? 1 : 0),
  LessOrEqual: (x, y) => (x <= y ? 1 : 0),
  Greater: (x, y) => (x > y ? 1 : 0),
  GreaterOrEqual: (x, y) => (x >= y ? 1 : 0),
  And: (x, y) => x & y,
  Or: (x, y) => x | y,
};

const unary = (name: string, apply: Unary, type?: NumberType): Operator => ({
  inputs: [1, 1],
  kernel:
    () =>
    ([tensor]) => {
      const { data, dims, type: own } = numbers(tensor, name);
      const answer = emptyNumbers(type ?? own, dims);
      for (let i = 0; i < data.length; i++) answer.data[i] = apply(data[i]);
      return answer;
    },
});

/** Max, Min and Sum take any number of tensors. */
const folded = (name: string, apply: Binary): Operator => ({
  inputs: [1, Number.POSITIVE_INFINITY],
  kernel: () => (inputs) =>
    inputs.reduce((a, b) => zip(numbers(a, name), numbers(b, name), { apply })),
});

const binary = (name: string, apply: Binary, type?: NumberType): Operator => ({
  inputs: [2, 2],
  kernel:
    () =>
    ([a, b]) => {
      if (a.type === 'string' && b.type === 'string' && name === 'Equal') return sameTexts(a, b);
      return zip(numbers(a, name), numbers(b, name), { apply, type });
    },
});

function zip(
  a: NumberTensor,
  b: NumberTensor,
  { apply, type = a.type }: { apply: Binary; type?: NumberType },
): NumberTensor {
  const dims = broadcastDims(a.dims, b.dims);
  const [fromA, fromB] = [sourceIndices(a.dims, dims), sourceIndices(b.dims, dims)];
  const answer = emptyNumbers(type, dims);
  for (let i = 0; i < answer.data.length; i++) {
    const value = apply(
      a.data[fromA === null ? i : fromA[i]],
      b.data[fromB === null ? i : fromB[i]],
    );
    answer.data[i] = type === 'int' ? Math.trunc(value) : value;
  }
  return answer;
}

function sameTexts(a: Tensor, b: Tensor): Tensor {
  const dims = broadcastDims(a.dims, b.dims);
  const [fromA, fromB] = [sourceIndices(a.dims, dims), sourceIndices(b.dims, dims)];
  const data = Uint8Array.from({ length: sizeOf(dims) }, (_, i) =>
    a.data[fromA?.[i] ?? i] === b.data[fromB?.[i] ?? i] ? 1 : 0,
  );
  return { type: 'bool', dims, data };
}

/** Where(condition, a, b): numbers of one type. */
const where: Operator = {
  inputs: [3, 3],
  kernel:
    () =>
    ([condition, first, second]) => {
      const [a, b] = [numbers(first, 'Where'), numbers(second, 'Where')];
      const dims = broadcastDims(condition.dims, broadcastDims(a.dims, b.dims));
      const [c, fromA, fromB] = [condition, a, b].map((tensor) => sourceIndices(tensor.dims, dims));
      const answer = emptyNumbers(a.type, dims);
      for (let i = 0; i < answer.data.length; i++)
        answer.data[i] = condition.data[c?.[i] ?? i]
          ? a.data[fromA?.[i] ?? i]
          : b.data[fromB?.[i] ?? i];
      return answer;
    },
};

const clip: Operator = {
  inputs: [1, 3],
  kernel: (attributes) => {
    const low = attributes.float('min', Number.NEGATIVE_INFINITY);
    const high = attributes.float('max', Number.POSITIVE_INFINITY);
    return (inputs) => {
      const [least, most] = [Number(inputs[1]?.data[0] ?? low), Number(inputs[2]?.data[0] ?? high)];
      const { type, dims, data } = numbers(inputs[0], 'Clip');
      const answer = emptyNumbers(type, dims);
      for (let i = 0; i < data.length; i++)
        answer.data[i] = Math.min(most, Math.max(least, data[i]));
      return answer;
    };
  },
};

/** TensorProto.DataType to what holds it here. */
const CAST_TO: Record<number, NumberType> = {
  1: 'float',
  3: 'int',
  6: 'int',
  7: 'int',
  9: 'bool',
  11: 'double',
};
const STRING = 8;

const cast: Operator = {
  inputs: [1, 1],
  kernel: (attributes) => {
    const to = attributes.int('to', 0);
    if (to === STRING) return ([input]) => textsOf(input);
    const type = CAST_TO[to];
    if (type === undefined) throw unsupported(`Cast: to ${to} is not supported`);
    return ([input]) => {
      const { data, dims } = numbers(input, 'Cast');
      const answer = emptyNumbers(type, dims);
      for (let i = 0; i < data.length; i++) answer.data[i] = castNumber(data[i], type);
      return answer;
    };
  },
};

function castNumber(value: number, type: NumberType): number {
  if (type === 'bool') return value === 0 ? 0 : 1;
  return type === 'int' ? Math.trunc(value) : value;
}

function textsOf(input: Tensor): Tensor {
  if (input.type === 'string') return input;
  if (input.type !== 'int') throw unsupported('Cast: only integers become text');
  return { type: 'string', dims: input.dims, data: Array.from(input.data, String) };
}

const elu: Operator = {
  inputs: [1, 1],
  kernel: (attributes) => {
    const alpha = attributes.float('alpha', 1);
    return unary('Elu', (x) => (x < 0 ? alpha * Math.expm1(x) : x)).kernel(attributes);
  },
};

/** (x - zero) * scale, with one scale for all or one per entry of `axis`. */
const dequantize: Operator = {
  inputs: [2, 3],
  kernel: (attributes) => {
    const axis = attributes.int('axis', 1);
    return ([input, scale, zero]) => {
      const { data, dims } = numbers(input, 'DequantizeLinear');
      const inner = dims
        .slice(axis < 0 ? axis + dims.length + 1 : axis + 1)
        .reduce((a, b) => a * b, 1);
      const scales = numbers(scale, 'DequantizeLinear').data;
      if (scales.length !== 1 && scales.length !== dims.at(axis))
        throw invalid('DequantizeLinear: scales do not fit the axis');
      const answer = new Float32Array(data.length);
      for (let i = 0; i < data.length; i++) {
        const at = scales.length === 1 ? 0 : Math.floor(i / inner) % scales.length;
        answer[i] = (data[i] - Number(zero?.data[at] ?? 0)) * scales[at];
      }
      return { type: 'float', dims, data: answer };
    };
  },
};

const entries = <T>(of: Record<string, T>, operator: (name: string, apply: T) => Operator) =>
  Object.fromEntries(Object.entries(of).map(([name, apply]) => [name, operator(name, apply)]));

/** Operators that look at one place of each tensor at a time. */
export const ELEMENTWISE: Record<string, Operator> = {
  ...entries(UNARY, unary),
  ...entries(BINARY, binary),
  ...entries(COMPARISONS, (name, apply) => binary(name, apply, 'bool')),
  Max: folded('Max', Math.max),
  Min: folded('Min', Math.min),
  Sum: folded('Sum', BINARY.Add),
  IsNaN: unary('IsNaN', (x) => (Number.isNaN(x) ? 1 : 0), 'bool'),
  Not: unary('Not', (x) => 1 - x, 'bool'),
  Where: where,
  Clip: clip,
  Cast: cast,
  DequantizeLinear: dequantize,
  Elu: elu,
};
