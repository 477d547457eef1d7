import type { RawNode } from './read-model.ts';
import { type Tensor, unsupported } from './tensor.ts';
import { readText } from './wire.ts';

/** Reads a node's attributes by name and type; what was never read is an error at the end. */
export type Attributes = {
  has(name: string): boolean;
  float(name: string, fallback: number): number;
  int(name: string, fallback: number): number;
  string(name: string, fallback: string): string;
  tensor(name: string): Tensor | undefined;
  floats(name: string): Float32Array;
  ints(name: string): Float64Array;
  strings(name: string): string[];
  /** @throws ModelProblem when the attribute is given and says something else */
  expect(name: string, supported: string | number): void;
  /** @throws ModelProblem when the node carries an attribute that nobody read */
  finish(): void;
};

export function attributesOf(node: RawNode): Attributes {
  const byName = new Map(node.attributes.map((attribute) => [attribute.name, attribute]));
  const unread = new Set(byName.keys());
  const find = (name: string) => {
    unread.delete(name);
    return byName.get(name);
  };
  return {
    has: (name) => byName.has(name),
    float: (name, fallback) => find(name)?.float ?? fallback,
    int: (name, fallback) => find(name)?.int ?? fallback,
    string: (name, fallback) => textOf(find(name)?.text, fallback),
    tensor: (name) => find(name)?.tensor,
    floats: (name) => find(name)?.floats ?? new Float32Array(0),
    ints: (name) => find(name)?.ints ?? new Float64Array(0),
    strings: (name) => textsOf(find(name)?.texts ?? []),
    expect(name, supported) {
      const given = find(name);
      if (given === undefined) return;
      const found = typeof supported === 'number' ? given.int : textOf(given.text, '');
      if (found !== supported)
        throw unsupported(`${node.opType}: ${name} ${found} is not supported`);
    },
    finish() {
      if (unread.size === 0) return;
      const names = [...unread].join(', ');
      throw unsupported(`${node.opType}: attribute ${names} is not supported`);
    },
  };
}

const textOf = (bytes: Uint8Array | undefined, fallback: string): string =>
  bytes === undefined ? fallback : readText(bytes);

/** Arrays that are shared are read once. */
function textsOf(texts: readonly Uint8Array[]): string[] {
  const read = new Map<Uint8Array, string>();
  return texts.map((bytes) => {
    const text = read.get(bytes) ?? readText(bytes);
    read.set(bytes, text);
    return text;
  });
}
