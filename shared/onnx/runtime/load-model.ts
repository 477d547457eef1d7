import type { Row } from '../../contracts/manifest.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { type Plan, planGraph, runStep } from './plan.ts';
import { type RawGraph, type RawSignature, readModel } from './read-model.ts';
import { type FloatTensor, invalid, ModelProblem, type Tensor, unsupported } from './tensor.ts';

export type LoadModelError = {
  reason: 'invalid_model' | 'unsupported_model';
  detail: string;
};

export type OnnxModel = {
  /** Raw inputs in the order of the graph; more than one column where the graph wants a matrix. */
  inputs: readonly { name: string; type: 'number' | 'category'; columns: number }[];
  /** All outputs, in the order of the graph. */
  outputs: readonly string[];
  /** The output that `predict` and `run` answer: `variable`, `probabilities`, or the first of numbers. */
  output: string;
  /** Predictions [rows, columns] of raw rows: null (or an absent key) is missing. */
  predict(rows: readonly Row[]): Float32Array;
  /**
   * Predictions of columns: float tensors with NaN, string tensors with '' for missing, [N, 1] each.
   * @throws ModelProblem when a tensor is absent or does not fit the graph
   */
  run(feeds: Readonly<Record<string, Tensor>>): Float32Array;
  /** Every output by name. @throws ModelProblem as `run` */
  runAll(feeds: Readonly<Record<string, Tensor>>): Record<string, Tensor>;
};

const FLOAT = 1;
const STRING = 8;

/**
 * Reads an ONNX file and prepares it to run here: the operators this repository exports and those of
 * the usual converters, in float32, so that answers agree with onnxruntime to 1e-5 away from split
 * thresholds.
 */
export function loadModel(bytes: Uint8Array): Result<OnnxModel, LoadModelError> {
  try {
    return ok(modelOf(readModel(bytes)));
  } catch (error) {
    if (error instanceof ModelProblem) return fail({ reason: error.reason, detail: error.message });
    // Shapes that no array can have.
    if (error instanceof RangeError)
      return fail({ reason: 'invalid_model', detail: error.message });
    throw error;
  }
}

/** Whether this runtime has all that the model needs; otherwise onnxruntime must run it. */
export const canRun = (bytes: Uint8Array): boolean => loadModel(bytes).ok;

function modelOf(graph: RawGraph): OnnxModel {
  const inputs = graph.inputs.filter(({ name }) => !graph.constants.has(name)).map(inputOf);
  const plan = planGraph(graph);
  for (const { name } of graph.outputs)
    if (!plan.numberOf.has(name)) throw invalid(`nothing computes ${name}`);
  const outputs = graph.outputs.map(({ name }) => name);
  const output = predictionOf(graph.outputs);
  const valuesOf = (feeds: Readonly<Record<string, Tensor>>) => runPlan(plan, inputs, feeds);
  const run = (feeds: Readonly<Record<string, Tensor>>) =>
    floatsOf(valuesOf(feeds)[plan.numberOf.get(output)!]);
  return {
    ...{ inputs, outputs, output, run },
    predict: (rows) => run(feedsOf(inputs, rows)),
    runAll(feeds) {
      const values = valuesOf(feeds);
      const named = outputs.map((name) => [name, values[plan.numberOf.get(name)!]]);
      return Object.fromEntries(named);
    },
  };
}

function predictionOf(outputs: readonly RawSignature[]): string {
  const named = ['variable', 'probabilities'].find((name) =>
    outputs.some((output) => output.name === name),
  );
  const first = outputs.find(({ elementType }) => elementType === FLOAT)?.name;
  if (named === undefined && first === undefined)
    throw unsupported('no output of numbers in float32');
  return named ?? first!;
}

function runPlan(
  { steps, known, numberOf }: Plan,
  inputs: OnnxModel['inputs'],
  feeds: Readonly<Record<string, Tensor>>,
): Plan['known'] {
  const values = known.slice();
  for (const { name } of inputs) {
    const feed = feeds[name];
    if (feed === undefined) throw invalid(`no tensor for input ${name}`);
    values[numberOf.get(name)!] = feed;
  }
  for (const step of steps) runStep(step, values);
  return values;
}

function floatsOf(answer: Tensor | undefined): FloatTensor['data'] {
  if (answer?.type === 'float') return answer.data;
  throw invalid('the output is no number');
}

function inputOf({ name, elementType, dims }: RawSignature): OnnxModel['inputs'][number] {
  if (elementType !== FLOAT && elementType !== STRING)
    throw unsupported(`input ${name}: expected float32 or string`);
  return { name, type: elementType === FLOAT ? 'number' : 'category', columns: dims[1] ?? 1 };
}

function feedsOf(inputs: OnnxModel['inputs'], rows: readonly Row[]): Record<string, Tensor> {
  const dims = [rows.length, 1];
  return Object.fromEntries(
    inputs.map(({ name, type, columns }): [string, Tensor] => {
      if (columns !== 1) throw unsupported(`input ${name} is a matrix: give it as a tensor`);
      return type === 'number'
        ? [
            name,
            { type: 'float', dims, data: Float32Array.from(rows, (row) => numberOf(row[name])) },
          ]
        : [name, { type: 'string', dims, data: rows.map((row) => textOf(row[name])) }];
    }),
  );
}

const numberOf = (value: Row[string] | undefined): number =>
  typeof value === 'number' ? value : Number.NaN;

const textOf = (value: Row[string] | undefined): string => (typeof value === 'string' ? value : '');
