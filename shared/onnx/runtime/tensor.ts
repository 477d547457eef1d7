/** Row-major values of shape `dims`. */
export type Tensor =
  | { type: 'float'; dims: readonly number[]; data: Float32Array }
  | { type: 'string'; dims: readonly number[]; data: readonly string[] };

export type FloatTensor = Extract<Tensor, { type: 'float' }>;
export type StringTensor = Extract<Tensor, { type: 'string' }>;

/** Why a file cannot be run here: it is not a sound model, or it uses what this runtime lacks. */
export class ModelProblem extends Error {
  readonly reason: 'invalid_model' | 'unsupported_model';
  constructor(reason: 'invalid_model' | 'unsupported_model', detail: string) {
    super(detail);
    this.reason = reason;
  }
}

export function floats(tensor: Tensor, operator: string): FloatTensor {
  if (tensor.type === 'float') return tensor;
  throw new ModelProblem('invalid_model', `${operator}: expected numbers, found text`);
}

export function strings(tensor: Tensor, operator: string): StringTensor {
  if (tensor.type === 'string') return tensor;
  throw new ModelProblem('invalid_model', `${operator}: expected text, found numbers`);
}

/** Columns of a matrix [N, columns]. */
export const columnsOf = (tensor: Tensor): number =>
  tensor.dims.slice(1).reduce((a, b) => a * b, 1);
