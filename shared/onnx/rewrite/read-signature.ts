import { ok, type Result } from '../../core/result.ts';
import { ELEMENT_TYPE } from '../graph.ts';
import type { GraphProto, ValueInfoProto } from '../onnx-generated.ts';
import { type NoModel, openModel } from './read-onnx.ts';

export type ModelSignature = {
  /** The program that wrote the file, and its version. */
  producer: string;
  /** What must be given; `columns` null where the file does not say. */
  inputs: { name: string; type: 'number' | 'category' | 'other'; columns: number | null }[];
};

/** What a file says of itself, whether or not anything here can run it. */
export function readSignature(bytes: Uint8Array): Result<ModelSignature, NoModel> {
  const opened = openModel(bytes);
  if (!opened.ok) return opened;
  const { producerName, producerVersion } = opened.value.model;
  const inputs = inputsOf(opened.value.graph).map((info) => ({
    ...{ name: info.name, type: typeOf(info), columns: columnsOf(info) },
  }));
  return ok({ producer: `${producerName} ${producerVersion}`.trim(), inputs });
}

/** Inputs that are no constants. */
export function inputsOf(graph: GraphProto): ValueInfoProto[] {
  const constants = new Set(graph.initializer.map(({ name }) => name));
  return graph.input.filter(({ name }) => !constants.has(name));
}

const NUMERIC: readonly number[] = [
  ELEMENT_TYPE.float,
  ELEMENT_TYPE.int32,
  ELEMENT_TYPE.int64,
  ELEMENT_TYPE.bool,
  ELEMENT_TYPE.double,
];

export const isNumeric = (input: ValueInfoProto): boolean => NUMERIC.includes(elementTypeOf(input));

function typeOf(info: ValueInfoProto): ModelSignature['inputs'][number]['type'] {
  if (isNumeric(info)) return 'number';
  return elementTypeOf(info) === ELEMENT_TYPE.string ? 'category' : 'other';
}

function tensorOf({ type }: ValueInfoProto) {
  return type?.value.case === 'tensorType' ? type.value.value : null;
}

export const elementTypeOf = (info: ValueInfoProto): number => tensorOf(info)?.elemType ?? 0;

/** null where the file does not say. */
export function columnsOf(info: ValueInfoProto): number | null {
  const dim = tensorOf(info)?.shape?.dim[1]?.value;
  return dim?.case === 'dimValue' ? Number(dim.value) : null;
}
