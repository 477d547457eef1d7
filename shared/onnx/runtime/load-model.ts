import { fromBinary } from '@bufbuild/protobuf';
import type { Row } from '../../contracts/manifest.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { ELEMENT_TYPE } from '../graph.ts';
import { type GraphProto, ModelProtoSchema, type ValueInfoProto } from '../onnx-generated.ts';
import { type Kernel, kernelOf } from './operators.ts';
import { ModelProblem, type Tensor } from './tensor.ts';

export type LoadModelError = {
  reason: 'invalid_model' | 'unsupported_model';
  detail: string;
};

export type OnnxModel = {
  /** Raw inputs in the order of the graph. */
  inputs: readonly { name: string; type: 'number' | 'category' }[];
  output: string;
  /** Predictions of raw rows: null (or an absent key) is missing. */
  predict(rows: readonly Row[]): Float32Array;
  /**
   * Predictions of columns: float tensors with NaN, string tensors with '' for missing, [N, 1] each.
   * @throws ModelProblem when a tensor is absent or does not fit the graph
   */
  run(feeds: Readonly<Record<string, Tensor>>): Float32Array;
};

type Step = { kernel: Kernel; inputs: readonly string[]; output: string };

/**
 * Reads an ONNX file and prepares it to run here: the operators this repository exports, in float32,
 * so that answers agree with onnxruntime to 1e-5 away from split thresholds.
 */
export function loadModel(bytes: Uint8Array): Result<OnnxModel, LoadModelError> {
  try {
    const { graph } = fromBinary(ModelProtoSchema, bytes);
    if (graph === undefined) throw new ModelProblem('invalid_model', 'the file holds no graph');
    return ok(modelOf(graph));
  } catch (error) {
    if (error instanceof ModelProblem) return fail({ reason: error.reason, detail: error.message });
    // What the protobuf reader throws on bytes that are no protobuf carries no type of its own.
    const detail = `not an ONNX file: ${error instanceof Error ? error.message : String(error)}`;
    return fail({ reason: 'invalid_model', detail });
  }
}

function modelOf(graph: GraphProto): OnnxModel {
  const inputs = graph.input.map(inputOf);
  if (graph.initializer.length > 0)
    throw new ModelProblem('unsupported_model', 'constants (initializers) are not supported');
  if (graph.output.length !== 1)
    throw new ModelProblem('unsupported_model', `expected 1 output, found ${graph.output.length}`);
  const output = graph.output[0].name;
  const steps = stepsOf(
    graph,
    inputs.map((input) => input.name),
    output,
  );
  const run = (feeds: Readonly<Record<string, Tensor>>) => runSteps(steps, feeds, output);
  return { inputs, output, run, predict: (rows) => run(feedsOf(inputs, rows)) };
}

/** Nodes stand in topological order in a sound file; anything else is refused here. */
function stepsOf(graph: GraphProto, inputs: string[], output: string): Step[] {
  const known = new Set(inputs);
  const steps = graph.node.map((node) => {
    const unknown = node.input.find((name) => !known.has(name));
    if (unknown !== undefined)
      throw new ModelProblem('invalid_model', `${node.opType}: nothing computes ${unknown}`);
    const step = { kernel: kernelOf(node), inputs: node.input, output: node.output[0] };
    known.add(step.output);
    return step;
  });
  if (!known.has(output)) throw new ModelProblem('invalid_model', `nothing computes ${output}`);
  return steps;
}

function runSteps(
  steps: readonly Step[],
  feeds: Readonly<Record<string, Tensor>>,
  output: string,
): Float32Array {
  const values = new Map(Object.entries(feeds));
  for (const { kernel, inputs, output: name } of steps) {
    const tensors = inputs.map((input) => values.get(input));
    const missing = tensors.indexOf(undefined);
    if (missing >= 0)
      throw new ModelProblem('invalid_model', `no tensor for input ${inputs[missing]}`);
    values.set(name, kernel(tensors as Tensor[]));
  }
  const answer = values.get(output);
  if (answer?.type !== 'float') throw new ModelProblem('invalid_model', 'the output is no number');
  return answer.data;
}

function inputOf(info: ValueInfoProto): OnnxModel['inputs'][number] {
  const value = info.type?.value;
  const element = value?.case === 'tensorType' ? value.value.elemType : undefined;
  if (element === ELEMENT_TYPE.float) return { name: info.name, type: 'number' };
  if (element === ELEMENT_TYPE.string) return { name: info.name, type: 'category' };
  throw new ModelProblem('unsupported_model', `input ${info.name}: expected float32 or string`);
}

function feedsOf(inputs: OnnxModel['inputs'], rows: readonly Row[]): Record<string, Tensor> {
  const dims = [rows.length, 1];
  return Object.fromEntries(
    inputs.map(({ name, type }): [string, Tensor] => [
      name,
      type === 'number'
        ? { type: 'float', dims, data: Float32Array.from(rows, (row) => numberOf(row[name])) }
        : { type: 'string', dims, data: rows.map((row) => textOf(row[name])) },
    ]),
  );
}

const numberOf = (value: Row[string] | undefined): number =>
  typeof value === 'number' ? value : Number.NaN;

const textOf = (value: Row[string] | undefined): string => (typeof value === 'string' ? value : '');
