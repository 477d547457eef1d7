import { ModelProblem, type Tensor, unsupported } from './tensor.ts';
import { type FieldValue, readFields, readFloats, readPackedVarints, readText } from './wire.ts';

export type RawAttribute = {
  name: string;
  float?: number;
  int?: number;
  text?: Uint8Array;
  tensor?: Tensor;
  floats: Float32Array;
  ints: Float64Array;
  /** Equal texts may share an array. */
  texts: Uint8Array[];
};

export type RawNode = {
  opType: string;
  /** '' for the operators of ai.onnx itself. */
  domain: string;
  inputs: string[];
  outputs: string[];
  attributes: RawAttribute[];
};

/** A tensor of the graph's signature; a dimension is null where it is not a number. */
export type RawSignature = { name: string; elementType: number; dims: (number | null)[] };

export type RawGraph = {
  nodes: RawNode[];
  constants: Map<string, Tensor>;
  inputs: RawSignature[];
  outputs: RawSignature[];
};

/** The graph of an ONNX file, as far as our operators need it. @throws ModelProblem */
export function readModel(bytes: Uint8Array): RawGraph {
  let graph: RawGraph | null = null;
  readFields(bytes, (field, value) => {
    if (field === 7) graph = readGraph(bytesOf(value));
  });
  if (graph === null) throw new ModelProblem('invalid_model', 'the file holds no graph');
  return graph;
}

const bytesOf = (value: FieldValue): Uint8Array => {
  if (typeof value !== 'number') return value;
  throw new ModelProblem('invalid_model', 'not an ONNX file: a number where a message belongs');
};

const textOf = (value: FieldValue): string => readText(bytesOf(value));

function readGraph(bytes: Uint8Array): RawGraph {
  const graph: RawGraph = { nodes: [], constants: new Map(), inputs: [], outputs: [] };
  readFields(bytes, (field, value) => {
    if (field === 1) graph.nodes.push(readNode(bytesOf(value)));
    else if (field === 5) {
      const { name, tensor } = readTensor(bytesOf(value));
      graph.constants.set(name, tensor);
    } else if (field === 11) graph.inputs.push(readSignature(bytesOf(value)));
    else if (field === 12) graph.outputs.push(readSignature(bytesOf(value)));
    else if (field === 15) throw unsupported('sparse constants are not supported');
  });
  return graph;
}

function readNode(bytes: Uint8Array): RawNode {
  const node: RawNode = { opType: '', domain: '', inputs: [], outputs: [], attributes: [] };
  readFields(bytes, (field, value) => {
    if (field === 1) node.inputs.push(textOf(value));
    else if (field === 2) node.outputs.push(textOf(value));
    else if (field === 4) node.opType = textOf(value);
    else if (field === 5) node.attributes.push(readAttribute(bytesOf(value)));
    else if (field === 7) node.domain = textOf(value);
  });
  return node;
}

function readAttribute(bytes: Uint8Array): RawAttribute {
  const floats: ArrayLike<number>[] = [];
  const ints: ArrayLike<number>[] = [];
  const addText = sharingTexts();
  const none = { floats: new Float32Array(0), ints: new Float64Array(0) };
  const attribute: RawAttribute = { name: '', ...none, texts: [] };
  readFields(bytes, (field, value) => {
    if (field === 1) attribute.name = textOf(value);
    else if (field === 2) attribute.float = readFloats(bytesOf(value))[0];
    else if (field === 3) attribute.int = Number(value);
    else if (field === 4) attribute.text = bytesOf(value);
    else if (field === 5) attribute.tensor = readTensor(bytesOf(value)).tensor;
    else if (field === 7) floats.push(readFloats(bytesOf(value)));
    else if (field === 8) ints.push(typeof value === 'number' ? [value] : readPackedVarints(value));
    else if (field === 9) addText(attribute.texts, bytesOf(value));
  });
  attribute.floats = joined(floats, (length) => new Float32Array(length));
  attribute.ints = joined(ints, (length) => new Float64Array(length));
  return attribute;
}

/** Values that came in pieces: all at once, or one by one. */
function joined<T extends Float32Array | Float64Array>(
  pieces: readonly ArrayLike<number>[],
  create: (length: number) => T,
): T {
  const all = create(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** The modes of a forest's nodes are millions of texts, but few different ones. */
function sharingTexts(): (texts: Uint8Array[], bytes: Uint8Array) => void {
  const lastOfLength = new Map<number, Uint8Array>();
  return (texts, bytes) => {
    const last = lastOfLength.get(bytes.length);
    const isSame = last?.every((byte, i) => byte === bytes[i]) ?? false;
    if (!isSame) lastOfLength.set(bytes.length, bytes);
    texts.push(isSame ? last! : bytes);
  };
}

function pushFloats(into: number[], value: FieldValue): void {
  for (const number of readFloats(bytesOf(value))) into.push(number);
}

/** One integer, or many in a row. */
function pushInts(into: number[], value: FieldValue): void {
  if (typeof value === 'number') into.push(value);
  else for (const number of readPackedVarints(value)) into.push(number);
}

function readSignature(bytes: Uint8Array): RawSignature {
  const signature: RawSignature = { name: '', elementType: 0, dims: [] };
  const onDimension = (field: number, value: FieldValue) => {
    if (field !== 1) return;
    let size: number | null = null;
    readFields(bytesOf(value), (part, number) => {
      if (part === 1) size = Number(number);
    });
    signature.dims.push(size);
  };
  const onTensor = (field: number, value: FieldValue) => {
    if (field === 1) signature.elementType = Number(value);
    else if (field === 2) readFields(bytesOf(value), onDimension);
  };
  readFields(bytes, (field, value) => {
    if (field === 1) signature.name = textOf(value);
    else if (field === 2)
      readFields(bytesOf(value), (kind, tensor) => {
        if (kind === 1) readFields(bytesOf(tensor), onTensor);
      });
  });
  return signature;
}

type RawTensor = {
  dims: number[];
  dataType: number;
  floats: number[];
  ints: number[];
  texts: Uint8Array[];
  raw: Uint8Array | null;
};

function readTensor(bytes: Uint8Array): { name: string; tensor: Tensor } {
  const found: RawTensor = { dims: [], dataType: 0, floats: [], ints: [], texts: [], raw: null };
  let name = '';
  readFields(bytes, (field, value) => {
    if (field === 1) pushInts(found.dims, value);
    else if (field === 2) found.dataType = Number(value);
    else if (field === 4) pushFloats(found.floats, value);
    else if (field === 5 || field === 7) pushInts(found.ints, value);
    else if (field === 6) found.texts.push(bytesOf(value));
    else if (field === 8) name = textOf(value);
    else if (field === 9) found.raw = bytesOf(value);
    else if (field === 10) throw unsupported('constants of 64-bit floats must be raw');
    else if (field === 13 || field === 14) throw unsupported('constants in other files');
  });
  const tensor = tensorOf(found);
  if (tensor.data.length === found.dims.reduce((a, b) => a * b, 1)) return { name, tensor };
  throw new ModelProblem('invalid_model', `constant ${name}: its values do not fill its shape`);
}

function tensorOf({ dims, dataType, floats, ints, texts, raw }: RawTensor): Tensor {
  const buffer = raw ? new Uint8Array(raw).buffer : undefined;
  switch (dataType) {
    case 1:
      return { type: 'float', dims, data: raw ? readFloats(raw) : Float32Array.from(floats) };
    case 11:
      return { type: 'double', dims, data: new Float64Array(buffer ?? new ArrayBuffer(0)) };
    case 8:
      return { type: 'string', dims, data: texts.map(readText) };
    case 9:
      return { type: 'bool', dims, data: Uint8Array.from(raw ?? ints) };
    case 10:
      return { type: 'float', dims, data: Float32Array.from(halvesOf(raw, ints), floatOfHalf) };
    case 3:
    case 6:
    case 7:
      return { type: 'int', dims, data: integersOf(dataType, buffer, ints) };
    default:
      throw unsupported(`constants of element type ${dataType} are not supported`);
  }
}

function integersOf(type: 3 | 6 | 7, buffer: ArrayBufferLike | undefined, ints: number[]) {
  if (buffer === undefined) return Float64Array.from(ints);
  if (type === 7) return Float64Array.from(new BigInt64Array(buffer), Number);
  return Float64Array.from(type === 3 ? new Int8Array(buffer) : new Int32Array(buffer));
}

const halvesOf = (raw: Uint8Array | null, ints: number[]): ArrayLike<number> =>
  raw ? new Uint16Array(new Uint8Array(raw).buffer, 0, raw.length >> 1) : ints;

/** IEEE 754 binary16: 1 sign bit, 5 of exponent, 10 of fraction. */
function floatOfHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction > 0 ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
