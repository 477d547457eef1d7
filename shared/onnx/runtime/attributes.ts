import { getTextEncoding } from '@bufbuild/protobuf/wire';
import type { AttributeProto, NodeProto } from '../onnx-generated.ts';
import { ModelProblem } from './tensor.ts';

/** Reads a node's attributes by name and type; what was never read is an error at the end. */
export type Attributes = {
  float(name: string, fallback: number): number;
  int(name: string, fallback: number): number;
  string(name: string, fallback: string): string;
  floats(name: string): Float32Array;
  ints(name: string): number[];
  strings(name: string): string[];
  /** @throws ModelProblem when the node carries an attribute that nobody read */
  finish(): void;
};

export function attributesOf(node: NodeProto): Attributes {
  const byName = new Map(node.attribute.map((attribute) => [attribute.name, attribute]));
  const unread = new Set(byName.keys());
  const find = (name: string): AttributeProto | undefined => {
    unread.delete(name);
    return byName.get(name);
  };
  return {
    float: (name, fallback) => find(name)?.f ?? fallback,
    int: (name, fallback) => Number(find(name)?.i ?? fallback),
    string: (name, fallback) => textOf(find(name)?.s, fallback),
    floats: (name) => Float32Array.from(find(name)?.floats ?? []),
    ints: (name) => (find(name)?.ints ?? []).map(Number),
    strings: (name) => (find(name)?.strings ?? []).map((bytes) => textOf(bytes, '')),
    finish() {
      if (unread.size === 0) return;
      const names = [...unread].join(', ');
      throw new ModelProblem(
        'unsupported_model',
        `${node.opType}: attribute ${names} is not supported`,
      );
    },
  };
}

const textOf = (bytes: Uint8Array | undefined, fallback: string): string =>
  bytes === undefined ? fallback : getTextEncoding().decodeUtf8(bytes);
