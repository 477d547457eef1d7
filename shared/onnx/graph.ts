import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { utf8 } from '../core/utf8.ts';
import {
  type AttributeProtoSchema,
  ModelProtoSchema,
  type NodeProtoSchema,
  type ValueInfoProtoSchema,
} from './onnx-generated.ts';

export type Node = MessageInitShape<typeof NodeProtoSchema>;
export type ValueInfo = MessageInitShape<typeof ValueInfoProtoSchema>;
type Attribute = MessageInitShape<typeof AttributeProtoSchema>;

/** AttributeProto.AttributeType of the public schema, as far as we write it. */
export const ATTRIBUTE_TYPE = { FLOAT: 1, INT: 2, STRING: 3, FLOATS: 6, INTS: 7, STRINGS: 8 };

/** TensorProto.DataType of the public schema, as far as our graphs hold it. */
export const ELEMENT_TYPE = { float: 1, string: 8 };

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

export const intsAttribute = (name: string, values: ArrayLike<number>): Attribute => ({
  name,
  type: ATTRIBUTE_TYPE.INTS,
  ints: Array.from(values, BigInt),
});

export const stringsAttribute = (name: string, values: readonly string[]): Attribute => ({
  name,
  type: ATTRIBUTE_TYPE.STRINGS,
  strings: values.map((value) => utf8(value) as Uint8Array<ArrayBuffer>),
});

/** A tensor [N, 1] of a graph's signature; N is the number of rows. */
export const columnInfo = (name: string, type: 'float' | 'string'): ValueInfo => ({
  name,
  type: {
    value: {
      case: 'tensorType',
      value: {
        elemType: ELEMENT_TYPE[type],
        shape: {
          dim: [
            { value: { case: 'dimParam', value: 'N' } },
            { value: { case: 'dimValue', value: 1n } },
          ],
        },
      },
    },
  },
});

/** The bytes of a model file. The same graph gives the same bytes. */
export function encodeModel(graph: {
  name: string;
  nodes: Node[];
  inputs: ValueInfo[];
  outputs: ValueInfo[];
}): Uint8Array<ArrayBuffer> {
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'edgewise',
    opsetImport: OPSETS,
    graph: { name: graph.name, node: graph.nodes, input: graph.inputs, output: graph.outputs },
  });
  return toBinary(ModelProtoSchema, model) as Uint8Array<ArrayBuffer>;
}
