import { create } from '@bufbuild/protobuf';
import { type Constant, constantOf, ELEMENT_TYPE, intAttribute, type Node } from '../graph.ts';
import { NodeProtoSchema, TensorProtoSchema } from '../onnx-generated.ts';
import { attributesOf } from '../runtime/attributes.ts';
import type { RawGraph, RawNode } from '../runtime/read-model.ts';
import { halfOf } from './half.ts';
import type { OpenModel } from './read-onnx.ts';

export type WeightType = 'float16' | 'int8';

/** Smaller ones would gain less than the nodes that read them cost. */
const LEAST_WEIGHTS = 128;
/** The first version of ai.onnx whose DequantizeLinear has a scale per column. */
const FIRST_OPSET = 13n;
const LARGEST_INT8 = 127;

type Weights = { dims: readonly number[]; values: Float32Array };

/**
 * Stores every dense weight matrix (of matrix products, lookups and linear regressions) smaller; a
 * Cast or DequantizeLinear makes it float32 again when the model is loaded. `float16` keeps 11
 * significant bits. `int8` keeps 255 steps per column, around 0. Weights that float16 cannot hold, and
 * models of an opset before 13, stay.
 */
export function shrinkWeights(opened: OpenModel, raw: RawGraph, type: WeightType): void {
  const { model, graph } = opened;
  const opset = model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  if ((opset?.version ?? 0n) < FIRST_OPSET) return;
  const names = new Set([...raw.constants.keys(), ...raw.inputs.map(({ name }) => name)]);
  for (const { outputs } of raw.nodes) for (const name of outputs) names.add(name);
  const store = createStore(type, names);
  graph.initializer = graph.initializer.filter(({ name }) => {
    const tensor = raw.constants.get(name);
    // A constant that is also an input is only a default.
    const isDefault = raw.inputs.some((input) => input.name === name);
    const isMatrix = tensor?.type === 'float' && tensor.dims.length > 1 && !isDefault;
    const dataType = graph.initializer.find((constant) => constant.name === name)?.dataType;
    if (!isMatrix || dataType !== ELEMENT_TYPE.float) return true;
    return !store.keep({ dims: tensor.dims, values: tensor.data }, name);
  });
  graph.node = graph.node.flatMap((node, i) => {
    const nodes = node.opType === 'LinearRegressor' ? linearNodes(raw.nodes[i], store) : null;
    return nodes === null ? [node] : nodes.map((each) => create(NodeProtoSchema, each));
  });
  graph.initializer.push(...store.constants.map((each) => create(TensorProtoSchema, each)));
  graph.node.unshift(...store.nodes.map((each) => create(NodeProtoSchema, each)));
}

type Store = {
  constants: Constant[];
  /** What makes float32 of the constants. */
  nodes: Node[];
  fresh(stem: string): string;
  /** Stores weights so that `name` is their float32. @returns false where they stay as they are */
  keep(weights: Weights, name: string): boolean;
};

function createStore(type: WeightType, names: Set<string>): Store {
  const constants: Constant[] = [];
  const nodes: Node[] = [];
  const fresh = (stem: string) => {
    let name = `${stem}.${type}`;
    while (names.has(name)) name += "'";
    names.add(name);
    return name;
  };
  const keepHalf = ({ dims, values }: Weights, name: string) => {
    const halves = Uint16Array.from(values, halfOf);
    if (values.some((value) => Math.abs(value) > 65_504)) return false;
    const stored = fresh(name);
    const rawData = new Uint8Array(halves.buffer);
    constants.push({
      ...{ name: stored, dims: dims.map(BigInt), dataType: ELEMENT_TYPE.float16, rawData },
    });
    const attribute = [intAttribute('to', ELEMENT_TYPE.float)];
    nodes.push({ opType: 'Cast', input: [stored], output: [name], attribute });
    return true;
  };
  const keepBytes = (weights: Weights, name: string) => {
    const { scales, bytes } = quantized(weights);
    const [stored, scale] = [fresh(name), fresh(`${name}.scale`)];
    constants.push(constantOf(stored, weights.dims, bytes));
    constants.push(constantOf(scale, [scales.length], scales));
    const attribute = [intAttribute('axis', weights.dims.length - 1)];
    nodes.push({ opType: 'DequantizeLinear', input: [stored, scale], output: [name], attribute });
    return true;
  };
  const keep: Store['keep'] = (weights, name) => {
    if (weights.values.length < LEAST_WEIGHTS) return false;
    return type === 'float16' ? keepHalf(weights, name) : keepBytes(weights, name);
  };
  return { constants, nodes, fresh, keep };
}

/** Per entry of the last axis: value = byte * scale. */
function quantized({ dims, values }: Weights): { scales: Float32Array; bytes: Int8Array } {
  const columns = dims[dims.length - 1];
  const scales = new Float32Array(columns);
  for (let i = 0; i < values.length; i++)
    scales[i % columns] = Math.max(scales[i % columns], Math.abs(values[i]) / LARGEST_INT8);
  const bytes = Int8Array.from(values, (value, i) => {
    const scale = scales[i % columns];
    return scale === 0 ? 0 : Math.round(value / scale);
  });
  return { scales, bytes };
}

/** A LinearRegressor as a product with stored weights; null where it stays. */
function linearNodes(node: RawNode, store: Store): Node[] | null {
  const attributes = attributesOf(node);
  const targets = attributes.int('targets', 1);
  const coefficients = attributes.floats('coefficients');
  if (attributes.string('post_transform', 'NONE') !== 'NONE') return null;
  const columns = coefficients.length / targets;
  const turned = Float32Array.from(
    coefficients,
    (_, i) => coefficients[(i % targets) * columns + Math.floor(i / targets)],
  );
  const [input] = node.inputs;
  const [output] = node.outputs;
  const weights = store.fresh(`${output}.weights`);
  if (!store.keep({ dims: [columns, targets], values: turned }, weights)) return null;
  const intercepts = store.fresh(`${output}.intercepts`);
  const added = attributes.floats('intercepts');
  const values = added.length > 0 ? added : new Float32Array(targets);
  store.constants.push(constantOf(intercepts, [1, targets], values));
  const product = store.fresh(`${output}.product`);
  return [
    { opType: 'MatMul', input: [input, weights], output: [product] },
    { opType: 'Add', input: [product, intercepts], output: [output] },
  ];
}
