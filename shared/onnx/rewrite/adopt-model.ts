import { create } from '@bufbuild/protobuf';
import { fail, ok, type Result } from '../../core/result.ts';
import {
  columnInfo,
  constantOf,
  ELEMENT_TYPE,
  intAttribute,
  type Node,
  tensorInfo,
  type ValueInfo,
} from '../graph.ts';
import {
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../onnx-generated.ts';
import { closeModel, type NoModel, type OpenModel, openModel } from './read-onnx.ts';
import { columnsOf, elementTypeOf, inputsOf, isNumeric } from './read-signature.ts';
import { cutZipMaps } from './remove-zip-map.ts';

export type NotAdoptable = NoModel | { reason: 'unsupported_signature'; detail: string };

export type AdoptOptions = {
  /** Names of the columns of a matrix input, in its order; not read where there is none. */
  columns?: readonly string[];
  /** The answer is a probability of two classes: one that comes alone is completed by its complement. */
  isBinary?: boolean;
  /** The probability comes alone, though the shape of the output does not say so. */
  isAlone?: boolean;
  /** The first of the file's two classes is the positive one: probabilities change places. */
  isTurned?: boolean;
};

/**
 * A model that was exported elsewhere, with the signature of our own: raw inputs one by one, outputs
 * `label` and `probabilities`, or `variable`. ZipMaps are cut off; integer labels become text; a
 * single input that is a matrix is put together from columns of those names; inputs of other numbers
 * (int64, int32, double, bool) are given as float32 and cast.
 */
export function adoptModel(
  bytes: Uint8Array,
  options: AdoptOptions = {},
): Result<Uint8Array<ArrayBuffer>, NotAdoptable> {
  const opened = openModel(bytes);
  if (!opened.ok) return opened;
  const before = closeModel(opened.value);
  cutZipMaps(opened.value);
  importOpset(opened.value);
  const problem =
    nameColumns(opened.value, options.columns ?? []) ?? nameOutputs(opened.value, options);
  if (problem !== null) return fail({ reason: 'unsupported_signature', detail: problem });
  const after = closeModel(opened.value);
  // A file that is as ours keeps its bytes, and so its name.
  return ok(isSame(before, after) ? new Uint8Array(bytes) : after);
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at]);

const infoOf = (info: ValueInfo): ValueInfoProto => create(ValueInfoProtoSchema, info);
const nodeOf = (node: Node) => create(NodeProtoSchema, node);

/** What is added here are operators of ai.onnx, which a file of trees alone may not import. */
function importOpset({ model }: OpenModel): void {
  if (model.opsetImport.some(({ domain }) => domain === '' || domain === 'ai.onnx')) return;
  model.opsetImport.push(create(OperatorSetIdProtoSchema, { domain: '', version: 17n }));
}

/** @returns what is wrong, or null */
function nameColumns({ graph }: OpenModel, names: readonly string[]): string | null {
  const inputs = inputsOf(graph);
  const wide = inputs.find((input) => columnsOf(input) !== 1);
  if (wide === undefined) {
    for (const input of inputs) giveAsFloat(graph, input);
    return null;
  }
  const columns = columnsOf(wide);
  if (inputs.length > 1) return `it has ${inputs.length} inputs, one of them a matrix`;
  if (!isNumeric(wide)) return `${wide.name} is no matrix of numbers`;
  if (columns !== null && columns !== names.length)
    return `${wide.name} has ${columns} columns, and ${names.length} names are given`;
  if (names.length === 0) return `${wide.name} is a matrix, and no names are given for its columns`;
  if (names.includes(wide.name)) return `a column is named as the matrix it is part of`;
  graph.input.splice(
    graph.input.indexOf(wide),
    1,
    ...names.map((name) => infoOf(columnInfo(name, 'float'))),
  );
  const isFloat = elementTypeOf(wide) === ELEMENT_TYPE.float;
  const joined = isFloat ? wide.name : `${wide.name}.float32`;
  if (!isFloat) graph.node.unshift(castTo(elementTypeOf(wide), joined, wide.name));
  const attribute = [intAttribute('axis', 1)];
  graph.node.unshift(nodeOf({ opType: 'Concat', input: [...names], output: [joined], attribute }));
  return null;
}

const castTo = (type: number, from: string, to: string) =>
  nodeOf({ opType: 'Cast', input: [from], output: [to], attribute: [intAttribute('to', type)] });

/** The input keeps its name and becomes float32; what read it reads the cast. Text and float32 are left alone. */
function giveAsFloat(graph: OpenModel['graph'], input: ValueInfoProto): void {
  const type = elementTypeOf(input);
  if (type === ELEMENT_TYPE.float || !isNumeric(input)) return;
  const cast = `${input.name}.cast`;
  for (const node of graph.node)
    node.input = node.input.map((name) => (name === input.name ? cast : name));
  graph.input[graph.input.indexOf(input)] = infoOf(columnInfo(input.name, 'float'));
  graph.node.unshift(castTo(type, input.name, cast));
}

function nameOutputs(opened: OpenModel, options: AdoptOptions): string | null {
  const { isBinary, isTurned } = options;
  const { output } = opened.graph;
  const numbers = output.filter((info) => elementTypeOf(info) === ELEMENT_TYPE.float);
  const labels = output.filter(({ name }) => !numbers.some((info) => info.name === name));
  if (numbers.length !== 1 || labels.length > 1)
    return `it has ${numbers.length} outputs of numbers and ${labels.length} of labels`;
  const isClasses = labels.length > 0 || isBinary === true;
  const columns = columnsOf(numbers[0]);
  if (!isClasses && columns !== 1 && columns !== null)
    return `${numbers[0].name} has ${columns} columns`;
  if (labels.length > 0) renameLabel(opened, labels[0]);
  const isAlone = isBinary && (columns === 1 || options.isAlone);
  const wanted = isClasses ? 'probabilities' : 'variable';
  const classes = isBinary ? 2 : (columns ?? 1);
  const made = isAlone ? (isTurned ? completedTurned : completed) : isTurned ? turned : undefined;
  rename(opened, numbers[0], { to: infoOf(tensorInfo(wanted, 'float', classes)), made });
  return null;
}

/** Nodes that make one tensor of another. */
type Made = (opened: OpenModel, from: string, to: string) => ReturnType<typeof nodeOf>[];

/** 1 - p and p side by side: of a list as of a matrix of one column. */
const sideBySide =
  (isTurned: boolean): Made =>
  ({ graph }, from, to) => {
    const [one, rest, shape, column] = ['one', 'rest', 'shape', 'column'].map(
      (name) => `${from}.${name}`,
    );
    graph.initializer.push(
      create(TensorProtoSchema, constantOf(one, [1], Float32Array.of(1))),
      create(TensorProtoSchema, constantOf(shape, [2], BigInt64Array.of(-1n, 1n))),
    );
    const attribute = [intAttribute('axis', 1)];
    const input = isTurned ? [column, rest] : [rest, column];
    return [
      nodeOf({ opType: 'Reshape', input: [from, shape], output: [column] }),
      nodeOf({ opType: 'Sub', input: [one, column], output: [rest] }),
      nodeOf({ opType: 'Concat', input, output: [to], attribute }),
    ];
  };
const completed = sideBySide(false);
const completedTurned = sideBySide(true);

/** The second column before the first. */
const turned: Made = ({ graph }, from, to) => {
  const order = `${from}.order`;
  graph.initializer.push(
    create(TensorProtoSchema, constantOf(order, [2], BigInt64Array.of(1n, 0n))),
  );
  const attribute = [intAttribute('axis', 1)];
  return [nodeOf({ opType: 'Gather', input: [from, order], output: [to], attribute })];
};

function renameLabel(opened: OpenModel, label: ValueInfoProto): void {
  const to = infoOf(tensorInfo('label', 'string', null));
  const isText = elementTypeOf(label) === ELEMENT_TYPE.string;
  const cast: Made = (_, from, name) => [castTo(ELEMENT_TYPE.string, from, name)];
  rename(opened, label, isText ? { to } : { to, made: cast });
}

const same: Made = (_, from, to) => [nodeOf({ opType: 'Identity', input: [from], output: [to] })];

function rename(
  opened: OpenModel,
  from: ValueInfoProto,
  { to, made = same }: { to: ValueInfoProto; made?: Made },
): void {
  const { graph } = opened;
  if (made === same && from.name === to.name) return;
  graph.output[graph.output.indexOf(from)] = to;
  const inner = from.name === to.name ? `${from.name}.before` : from.name;
  if (inner !== from.name)
    for (const node of graph.node) {
      node.input = node.input.map((name) => (name === from.name ? inner : name));
      node.output = node.output.map((name) => (name === from.name ? inner : name));
    }
  graph.node.push(...made(opened, inner, to.name));
}
