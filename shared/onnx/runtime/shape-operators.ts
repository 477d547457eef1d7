import type { Attributes } from './attributes.ts';
import type { Kernel, Operator } from './operator.ts';
import {
  axisOf,
  columnsOf,
  emptyNumbers,
  invalid,
  numbers,
  sizeOf,
  type Tensor,
  unsupported,
} from './tensor.ts';

function concat(attributes: Attributes): Kernel {
  const axis = attributes.int('axis', 0);
  if (axis !== 1 && axis !== -1) throw unsupported('Concat: only axis 1 is supported');
  return (inputs) => {
    const blocks = inputs.map((input) => numbers(input, 'Concat'));
    const [{ dims, type }] = blocks;
    const rows = dims[0];
    if (blocks.some((block) => block.dims.length > 2 || block.dims[0] !== rows))
      throw invalid('Concat: only matrices of as many rows are joined');
    const width = blocks.reduce((sum, block) => sum + columnsOf(block), 0);
    const answer = emptyNumbers(type, [rows, width]);
    let offset = 0;
    for (const block of blocks) {
      const columns = columnsOf(block);
      copyColumns(block.data, answer.data, { rows, columns, width, offset });
      offset += columns;
    }
    return answer;
  };
}

type Numbers = Float32Array | Float64Array | Uint8Array;

function copyColumns(
  from: Numbers,
  into: Numbers,
  { rows, columns, width, offset }: Record<'rows' | 'columns' | 'width' | 'offset', number>,
): void {
  if (columns === 1) for (let i = 0; i < rows; i++) into[i * width + offset] = from[i];
  else
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) into[i * width + offset + j] = from[i * columns + j];
}

/** The same values in another shape. */
const reshaped = (tensor: Tensor, dims: readonly number[]): Tensor => {
  if (sizeOf(dims) === tensor.data.length) return { ...tensor, dims };
  throw invalid(`a tensor [${tensor.dims}] cannot become [${dims}]`);
};

function flatten(attributes: Attributes): Kernel {
  const axis = attributes.int('axis', 1);
  if (axis !== 1) throw unsupported('Flatten: only axis 1 is supported');
  return ([input]) => reshaped(input, [input.dims[0], columnsOf(input)]);
}

function reshape(attributes: Attributes): Kernel {
  attributes.expect('allowzero', 0);
  const shape = Array.from(attributes.ints('shape'));
  return ([input, wanted]) => {
    const asked = wanted === undefined ? shape : Array.from(numbers(wanted, 'Reshape').data);
    const dims = asked.map((size, i) => (size === 0 ? input.dims[i] : size));
    const open = dims.indexOf(-1);
    if (open >= 0) {
      dims[open] = 1;
      dims[open] = input.data.length / sizeOf(dims);
    }
    return reshaped(input, dims);
  };
}

/** The axes that a node names in its attribute (before opset 13) or its second input. */
export function axesOf(attributes: Attributes): (input: Tensor | undefined) => number[] {
  const given = Array.from(attributes.ints('axes'));
  return (input) => (input === undefined ? given : Array.from(numbers(input, 'axes').data));
}

function squeeze(attributes: Attributes): Kernel {
  const axes = axesOf(attributes);
  return ([input, named]) => {
    const rank = input.dims.length;
    const gone = axes(named).map((axis) => axisOf(axis, rank, 'Squeeze'));
    const isGone = (size: number, i: number) => (gone.length > 0 ? gone.includes(i) : size === 1);
    return reshaped(
      input,
      input.dims.filter((size, i) => !isGone(size, i)),
    );
  };
}

function unsqueeze(attributes: Attributes): Kernel {
  const axes = axesOf(attributes);
  return ([input, named]) => {
    const added = axes(named);
    const rank = input.dims.length + added.length;
    const places = new Set(added.map((axis) => axisOf(axis, rank, 'Unsqueeze')));
    let next = 0;
    const dims = Array.from({ length: rank }, (_, i) => (places.has(i) ? 1 : input.dims[next++]));
    return reshaped(input, dims);
  };
}

/** Slices of `axis` at the indices, whose shape takes the axis' place. */
function gather(attributes: Attributes): Kernel {
  const axis = attributes.int('axis', 0);
  return ([input, at]) => {
    const along = axisOf(axis, input.dims.length, 'Gather');
    const before = input.dims.slice(0, along);
    const after = input.dims.slice(along + 1);
    const indices = numbers(at, 'Gather');
    return take(input, indices.data, {
      dims: [...before, ...indices.dims, ...after],
      outer: sizeOf(before),
      size: input.dims[along],
      inner: sizeOf(after),
    });
  };
}

/** Columns of a matrix; a list counts as one row. */
function extractFeatures(): Kernel {
  return ([input, at]) => {
    const [size, outer] = [input.dims.at(-1) ?? 1, sizeOf(input.dims.slice(0, -1))];
    const indices = numbers(at, 'ArrayFeatureExtractor').data;
    const dims = [...(input.dims.length < 2 ? [1] : input.dims.slice(0, -1)), indices.length];
    return take(input, indices, { dims, outer, size, inner: 1 });
  };
}

type Taken = { dims: number[]; outer: number; size: number; inner: number };

function take(
  input: Tensor,
  indices: ArrayLike<number>,
  { dims, outer, size, inner }: Taken,
): Tensor {
  const from = new Int32Array(outer * indices.length * inner);
  let at = 0;
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i] < 0 ? indices[i] + size : indices[i];
      if (!(index >= 0 && index < size))
        throw invalid(`there is no index ${indices[i]} of ${size}`);
      for (let k = 0; k < inner; k++) from[at++] = (o * size + index) * inner + k;
    }
  if (input.type === 'string')
    return { type: 'string', dims, data: Array.from(from, (place) => input.data[place]) };
  const answer = emptyNumbers(input.type, dims);
  for (let i = 0; i < from.length; i++) answer.data[i] = input.data[from[i]];
  return answer;
}

function transpose(attributes: Attributes): Kernel {
  const order = attributes.ints('perm');
  if (order.length > 0 && order.join() !== '1,0') throw unsupported('Transpose: only of a matrix');
  return ([input]) => {
    const { type, dims, data } = numbers(input, 'Transpose');
    if (dims.length !== 2) throw unsupported('Transpose: only of a matrix');
    const answer = emptyNumbers(type, [dims[1], dims[0]]);
    for (let i = 0; i < dims[0]; i++)
      for (let j = 0; j < dims[1]; j++) answer.data[j * dims[0] + i] = data[i * dims[1] + j];
    return answer;
  };
}

function constant(attributes: Attributes): Kernel {
  const tensor = attributes.tensor('value');
  if (tensor === undefined) throw unsupported('Constant: only a tensor is supported');
  return () => tensor;
}

/** Operators that move values about. */
export const SHAPING: Record<string, Operator> = {
  Concat: { inputs: [1, Number.POSITIVE_INFINITY], kernel: concat },
  Constant: { inputs: [0, 0], kernel: constant },
  Flatten: { inputs: [1, 1], kernel: flatten },
  Gather: { inputs: [2, 2], kernel: gather },
  Identity: {
    inputs: [1, 1],
    kernel:
      () =>
      ([input]) =>
        input,
  },
  Reshape: { inputs: [1, 2], kernel: reshape },
  Squeeze: { inputs: [1, 2], kernel: squeeze },
  Transpose: { inputs: [1, 1], kernel: transpose },
  Unsqueeze: { inputs: [1, 2], kernel: unsqueeze },
  'ai.onnx.ml.ArrayFeatureExtractor': { inputs: [2, 2], kernel: extractFeatures },
};
