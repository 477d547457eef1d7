import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { utf8 } from '../core/utf8.ts';
import {
  AttributeProtoSchema,
  ModelProtoSchema,
  type NodeProtoSchema,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from './onnx-generated.ts';
import { packIntegers } from './pack-integers.ts';

export type Node = MessageInitShape<typeof NodeProtoSchema>;
export type ValueInfo = MessageInitShape<typeof ValueInfoProtoSchema>;
export type Constant = MessageInitShape<typeof TensorProtoSchema>;
export type Attribute = MessageInitShape<typeof AttributeProtoSchema>;

/** AttributeProto.AttributeType of the public schema, as far as we write it. */
export const ATTRIBUTE_TYPE = { FLOAT: 1, INT: 2, STRING: 3, FLOATS: 6, INTS: 7, STRINGS: 8 };

/** TensorProto.DataType of the public schema, as far as our graphs hold it. */
export const ELEMENT_TYPE = {
  float: 1,
  int8: 3,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  double: 11,
};

/** IR 8 and opset 17: what onnxruntime-web 1.30 and every onnxruntime since 1.13 run. */
const IR_VERSION = 8n;
const OPSETS = [
  { domain: '', version: 17n },
  { domain: 'ai.onnx.ml', version: 3n },
];

export const intAttribute = (name: string, value: number): Attribute => ({
  name,
  type: ATTRIBUTE_TYPE.INT,
  i: BigInt(value),
});

export const stringAttribute = (name: string, value: string): Attribute => ({
  name,
  type: ATTRIBUTE_TYPE.STRING,
  s: utf8(value) as Uint8Array<ArrayBuffer>,
});

export const floatsAttribute = (name: string, values: ArrayLike<number>): Attribute => ({
  name,
  type: ATTRIBUTE_TYPE.FLOATS,
  floats: Array.from(values),
});

export const floatAttribute = (name: string, value: number): Attribute => ({
  name,
  type: ATTRIBUTE_TYPE.FLOAT,
  f: value,
});

/** Field of AttributeProto, and how it is written: packed, with its length. */
const INTS = { no: 8, wireType: 2 };

/** Packed here: a forest has millions, and each would be a bigint on its way. */
export function intsAttribute(name: string, values: ArrayLike<number>): Attribute {
  const attribute = create(AttributeProtoSchema, { name, type: ATTRIBUTE_TYPE.INTS });
  attribute.$unknown = [{ ...INTS, data: packIntegers(values) }];
  return attribute;
}

export function stringsAttribute(name: string, values: readonly string[]): Attribute {
  const known = new Map<string, Uint8Array<ArrayBuffer>>();
  const strings = values.map((value) => {
    const bytes = known.get(value) ?? (utf8(value) as Uint8Array<ArrayBuffer>);
    known.set(value, bytes);
    return bytes;
  });
  return { name, type: ATTRIBUTE_TYPE.STRINGS, strings };
}

/** A constant of a graph; numbers travel as little-endian bytes. */
export function constantOf(
  name: string,
  dims: readonly number[],
  values: Float32Array | Float64Array | BigInt64Array | Int8Array,
): Constant {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, dims: dims.map(BigInt), dataType: elementTypeOf(values), rawData: bytes.slice() };
}

function elementTypeOf(values: ArrayBufferView): number {
  if (values instanceof Float32Array) return ELEMENT_TYPE.float;
  if (values instanceof Float64Array) return ELEMENT_TYPE.double;
  return values instanceof Int8Array ? ELEMENT_TYPE.int8 : ELEMENT_TYPE.int64;
}

/**
 * A tensor of a graph's signature: [N, columns], or [N] where `columns` is null; N is the number of
 * rows.
 */
export function tensorInfo(
  name: string,
  type: keyof typeof ELEMENT_TYPE,
  columns: number | null,
): ValueInfo {
  const rows = { value: { case: 'dimParam', value: 'N' } } as const;
  const dim =
    columns === null
      ? [rows]
      : [rows, { value: { case: 'dimValue', value: BigInt(columns) } } as const];
  const tensorType = { elemType: ELEMENT_TYPE[type], shape: { dim } };
  return { name, type: { value: { case: 'tensorType', value: tensorType } } };
}

/** A tensor [N, 1] of a graph's signature. */
export const columnInfo = (name: string, type: 'float' | 'string'): ValueInfo =>
  tensorInfo(name, type, 1);

export type Graph = {
  name: string;
  nodes: Node[];
  constants?: Constant[];
  inputs: ValueInfo[];
  outputs: ValueInfo[];
};

/** The bytes of a model file. The same graph gives the same bytes. */
export function encodeModel({
  name,
  nodes,
  constants = [],
  inputs,
  outputs,
}: Graph): Uint8Array<ArrayBuffer> {
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'edgewise',
    opsetImport: OPSETS,
    graph: { name, node: nodes, initializer: constants, input: inputs, output: outputs },
  });
  return toBinary(ModelProtoSchema, model) as Uint8Array<ArrayBuffer>;
}
