/** Row-major values of shape `dims`. `int` holds every integer type, exact up to 2^53. */
export type Tensor =
  | { type: 'float'; dims: readonly number[]; data: Float32Array }
  | { type: 'double'; dims: readonly number[]; data: Float64Array }
  | { type: 'int'; dims: readonly number[]; data: Float64Array }
  | { type: 'bool'; dims: readonly number[]; data: Uint8Array }
  | { type: 'string'; dims: readonly number[]; data: readonly string[] };

export type FloatTensor = Extract<Tensor, { type: 'float' }>;
export type DoubleTensor = Extract<Tensor, { type: 'double' }>;
export type StringTensor = Extract<Tensor, { type: 'string' }>;
export type NumberTensor = Exclude<Tensor, StringTensor>;
export type NumberType = NumberTensor['type'];

/** Why a file cannot be run here: it is not a sound model, or it uses what this runtime lacks. */
export class ModelProblem extends Error {
  readonly reason: 'invalid_model' | 'unsupported_model';
  constructor(reason: 'invalid_model' | 'unsupported_model', detail: string) {
    super(detail);
    this.reason = reason;
  }
}

export const unsupported = (detail: string) => new ModelProblem('unsupported_model', detail);
export const invalid = (detail: string) => new ModelProblem('invalid_model', detail);

/** A new tensor of numbers, all 0. */
export function emptyNumbers(type: NumberType, dims: readonly number[]): NumberTensor {
  const size = sizeOf(dims);
  if (type === 'float') return { type, dims, data: new Float32Array(size) };
  if (type === 'bool') return { type, dims, data: new Uint8Array(size) };
  return { type, dims, data: new Float64Array(size) };
}

export function numbers(tensor: Tensor, operator: string): NumberTensor {
  if (tensor.type !== 'string') return tensor;
  throw invalid(`${operator}: expected numbers, found text`);
}

/** The tensor as float32, as the operators of ai.onnx.ml compute. */
export function floats(tensor: Tensor, operator: string): FloatTensor {
  if (tensor.type === 'float') return tensor;
  const { dims, data } = numbers(tensor, operator);
  return { type: 'float', dims, data: Float32Array.from(data) };
}

export function strings(tensor: Tensor, operator: string): StringTensor {
  if (tensor.type === 'string') return tensor;
  throw invalid(`${operator}: expected text, found numbers`);
}

export const sizeOf = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/** Columns of a matrix [N, columns]; all that follows the first dimension counts as one. */
export const columnsOf = (tensor: Tensor): number => sizeOf(tensor.dims.slice(1));

/** The dimension that a possibly negative axis names. */
export function axisOf(axis: number, rank: number, operator: string): number {
  const at = axis < 0 ? axis + rank : axis;
  if (at >= 0 && at < rank) return at;
  throw invalid(`${operator}: no axis ${axis} among ${rank}`);
}
