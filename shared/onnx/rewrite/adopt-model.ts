import { create } from '@bufbuild/protobuf';
import { fail, ok, type Result } from '../../core/result.ts';
import {
  columnInfo,
  ELEMENT_TYPE,
  intAttribute,
  type Node,
  tensorInfo,
  type ValueInfo,
} from '../graph.ts';
import { NodeProtoSchema, type ValueInfoProto, ValueInfoProtoSchema } from '../onnx-generated.ts';
import { closeModel, type NoModel, type OpenModel, openModel } from './read-onnx.ts';
import { cutZipMaps } from './remove-zip-map.ts';

export type NotAdoptable = NoModel | { reason: 'unsupported_signature'; detail: string };

/**
 * A model that was exported elsewhere, with the signature of our own: raw inputs one by one, outputs
 * `label` and `probabilities`, or `variable`. ZipMaps are cut off; integer labels become text; a
 * single input that is a matrix is put together from columns of those names.
 * @param columns names of the columns of a matrix input, in its order; not read where there is none
 */
export function adoptModel(
  bytes: Uint8Array,
  columns: readonly string[] = [],
): Result<Uint8Array, NotAdoptable> {
  const opened = openModel(bytes);
  if (!opened.ok) return opened;
  cutZipMaps(opened.value);
  const problem = nameColumns(opened.value, columns) ?? nameOutputs(opened.value);
  if (problem !== null) return fail({ reason: 'unsupported_signature', detail: problem });
  return ok(closeModel(opened.value));
}

const infoOf = (info: ValueInfo): ValueInfoProto => create(ValueInfoProtoSchema, info);
const nodeOf = (node: Node) => create(NodeProtoSchema, node);

/** @returns what is wrong, or null */
function nameColumns({ graph }: OpenModel, names: readonly string[]): string | null {
  const constants = new Set(graph.initializer.map(({ name }) => name));
  const inputs = graph.input.filter(({ name }) => !constants.has(name));
  const wide = inputs.find((input) => columnsOf(input) !== 1);
  if (wide === undefined) return null;
  const columns = columnsOf(wide);
  if (inputs.length > 1) return `it has ${inputs.length} inputs, one of them a matrix`;
  if (elementTypeOf(wide) !== ELEMENT_TYPE.float) return `${wide.name} is no matrix of float32`;
  if (columns !== null && columns !== names.length)
    return `${wide.name} has ${columns} columns, and ${names.length} names are given`;
  if (names.length === 0) return `${wide.name} is a matrix, and no names are given for its columns`;
  if (names.includes(wide.name)) return `a column is named as the matrix it is part of`;
  graph.input.splice(
    graph.input.indexOf(wide),
    1,
    ...names.map((name) => infoOf(columnInfo(name, 'float'))),
  );
  graph.node.unshift(
    nodeOf({
      opType: 'Concat',
      input: [...names],
      output: [wide.name],
      attribute: [intAttribute('axis', 1)],
    }),
  );
  return null;
}

function nameOutputs(opened: OpenModel): string | null {
  const { output } = opened.graph;
  const numbers = output.filter((info) => elementTypeOf(info) === ELEMENT_TYPE.float);
  const labels = output.filter(({ name }) => !numbers.some((info) => info.name === name));
  if (numbers.length !== 1 || labels.length > 1)
    return `it has ${numbers.length} outputs of numbers and ${labels.length} of labels`;
  const wanted = labels.length === 0 ? 'variable' : 'probabilities';
  const classes = columnsOf(numbers[0]);
  if (wanted === 'variable' && classes !== 1 && classes !== null)
    return `${numbers[0].name} has ${classes} columns`;
  if (labels.length > 0) renameLabel(opened, labels[0]);
  rename(opened, numbers[0], infoOf(tensorInfo(wanted, 'float', classes ?? 1)));
  return null;
}

function renameLabel(opened: OpenModel, label: ValueInfoProto): void {
  const info = infoOf(tensorInfo('label', 'string', null));
  if (elementTypeOf(label) === ELEMENT_TYPE.string) rename(opened, label, info);
  else rename(opened, label, info, [intAttribute('to', ELEMENT_TYPE.string)]);
}

/** @param cast attributes of a Cast, where the output is to be of another type */
function rename(
  { graph }: OpenModel,
  from: ValueInfoProto,
  to: ValueInfoProto,
  cast?: Node['attribute'],
): void {
  graph.output[graph.output.indexOf(from)] = to;
  const inner = from.name === to.name ? `${from.name}.before` : from.name;
  if (inner !== from.name)
    for (const node of graph.node) {
      node.input = node.input.map((name) => (name === from.name ? inner : name));
      node.output = node.output.map((name) => (name === from.name ? inner : name));
    }
  const attribute = cast ?? [];
  const opType = cast === undefined ? 'Identity' : 'Cast';
  graph.node.push(nodeOf({ opType, input: [inner], output: [to.name], attribute }));
}

function tensorOf({ type }: ValueInfoProto) {
  return type?.value.case === 'tensorType' ? type.value.value : null;
}

const elementTypeOf = (info: ValueInfoProto): number => tensorOf(info)?.elemType ?? 0;

/** null where the file does not say. */
function columnsOf(info: ValueInfoProto): number | null {
  const dim = tensorOf(info)?.shape?.dim[1]?.value;
  return dim?.case === 'dimValue' ? Number(dim.value) : null;
}
