import { type Attribute, type Constant, constantOf, type Node } from '../graph.ts';

/** A matrix [N, width] that some node computes. */
export type Columns = { tensor: string; width: number };

export type NodeToWrite = {
  opType: string;
  inputs: readonly string[];
  attributes?: Attribute[];
  /** Whether the operator is one of ai.onnx.ml; default: no. */
  isMl?: boolean;
  /** Default: a name that nothing else has. */
  output?: string;
  /** Outputs before and after that one, which nobody reads; default: 0. */
  unreadBefore?: number;
  unreadAfter?: number;
};

/** Collects the nodes and constants of a graph, in topological order. */
export type GraphWriter = {
  nodes: Node[];
  constants: Constant[];
  /** Appends a node, or finds the same one already written. @returns the name of its output */
  add(node: NodeToWrite): string;
  /** @returns the name of the constant */
  constant(values: Float32Array | Float64Array | BigInt64Array, dims: readonly number[]): string;
};

/** What is larger is not looked for among what has been written: the text of it would cost more. */
const LARGEST_SHARED = 20_000;

/** @param taken names of inputs and outputs, which no inner tensor gets */
export function createGraphWriter(taken: readonly string[]): GraphWriter {
  const names = new Set(taken);
  const written = new Map<string, string>();
  const nodes: Node[] = [];
  const constants: Constant[] = [];

  const freshName = (stem: string) => {
    let number = nodes.length + constants.length;
    while (names.has(`${stem}.${number}`)) number++;
    names.add(`${stem}.${number}`);
    return `${stem}.${number}`;
  };
  const once = (key: string | null, write: () => string): string => {
    const known = key === null ? undefined : written.get(key);
    if (known !== undefined) return known;
    const name = write();
    if (key !== null) written.set(key, name);
    return name;
  };

  return {
    nodes,
    constants,
    add({ opType, inputs, attributes = [], isMl = false, output, ...unread }) {
      const { unreadBefore = 0, unreadAfter = 0 } = unread;
      const isShared = output === undefined && sizeOf(attributes) <= LARGEST_SHARED;
      const key = isShared ? textOf([opType, inputs, attributes, unread]) : null;
      return once(key, () => {
        const name = output ?? freshName(opType);
        const before = Array.from({ length: unreadBefore }, () => freshName('unread'));
        const after = Array.from({ length: unreadAfter }, () => freshName('unread'));
        const domain = isMl ? { domain: 'ai.onnx.ml' } : {};
        nodes.push({
          ...{ opType, ...domain, input: [...inputs] },
          ...{ output: [...before, name, ...after], attribute: attributes },
        });
        return name;
      });
    },
    constant(values, dims) {
      const type = values.constructor.name;
      const isShared = values.length <= LARGEST_SHARED;
      return once(isShared ? textOf([type, dims, bitsOf(values)]) : null, () => {
        const name = freshName('constant');
        constants.push(constantOf(name, dims, values));
        return name;
      });
    },
  };
}

const sizeOf = (attributes: readonly Attribute[]): number =>
  attributes.reduce((sum, attribute) => {
    const { floats, strings } = attribute;
    return sum + (floats?.length ?? 0) + (strings?.length ?? 0) + packedBytes(attribute);
  }, 0);

/** Of integers, which are written as bytes. */
function packedBytes(attribute: Attribute): number {
  if (!('$unknown' in attribute)) return 0;
  return attribute.$unknown?.reduce((sum, { data }) => sum + data.length, 0) ?? 0;
}

/** Numbers that JSON would make one of (NaN, the infinities, -0) stay apart. */
const textOf = (parts: unknown): string =>
  JSON.stringify(parts, (_, value) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value !== 'number') return value;
    return Number.isFinite(value) && !Object.is(value, -0) ? value : `number ${1 / value} ${value}`;
  });

const bitsOf = (values: ArrayBufferView): number[] => [
  ...new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
];
