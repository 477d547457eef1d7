import type { CategoryEncoding, Encoding } from '../../prepare/encoding.ts';
import {
  type Attribute,
  floatAttribute,
  floatsAttribute,
  intAttribute,
  intsAttribute,
  stringsAttribute,
} from '../graph.ts';
import { concatColumns } from './column-nodes.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';

/** Raw inputs [N, 1] to the encoded matrix. */
export function encodingNodes(writer: GraphWriter, encoding: Encoding): Columns {
  const columns = encoding.numbers.map((tensor): Columns => ({ tensor, width: 1 }));
  const blocks = encoding.categories.map((category) => categoryNodes(writer, category));
  return concatColumns(writer, [...columns, ...blocks]);
}

/** NaN in column j becomes values[j]. */
export function imputeNodes(
  writer: GraphWriter,
  { tensor, width }: Columns,
  values: ArrayLike<number>,
): Columns {
  const attributes = [
    floatsAttribute('imputed_value_floats', values),
    floatAttribute('replaced_value_float', Number.NaN),
  ];
  return {
    tensor: writer.add({ opType: 'Imputer', inputs: [tensor], attributes, isMl: true }),
    width,
  };
}

/** (x - offset) * scale, column by column. */
export function scaleNodes(
  writer: GraphWriter,
  { tensor, width }: Columns,
  { offset, scale }: { offset: ArrayLike<number>; scale: ArrayLike<number> },
): Columns {
  const attributes = [floatsAttribute('offset', offset), floatsAttribute('scale', scale)];
  return {
    tensor: writer.add({ opType: 'Scaler', inputs: [tensor], attributes, isMl: true }),
    width,
  };
}

function categoryNodes(writer: GraphWriter, category: CategoryEncoding): Columns {
  const { name, levels, lookup } = category;
  if (lookup === undefined)
    return { tensor: oneHotNodes(writer, name, levels), width: levels.length };
  const { columns, values } = lookup;
  if (columns > 1) return { tensor: lookupNodes(writer, category, lookup), width: columns };
  const tensor = labelNodes(writer, category, [
    floatsAttribute('values_floats', values.subarray(0, levels.length)),
    floatAttribute('default_float', values[levels.length]),
  ]);
  return { tensor, width: 1 };
}

/** [N, 1] strings to [N, levels] zeros and ones; the encoder itself answers [N, 1, levels]. */
function oneHotNodes(writer: GraphWriter, name: string, levels: readonly string[]): string {
  const attributes = [stringsAttribute('cats_strings', levels), intAttribute('zeros', 1)];
  return flattened(
    writer,
    writer.add({ opType: 'OneHotEncoder', inputs: [name], attributes, isMl: true }),
  );
}

/** [N, 1] strings to the row of `values` for their level: the table has a last row for what is none. */
function lookupNodes(
  writer: GraphWriter,
  category: CategoryEncoding,
  { columns, values }: { columns: number; values: Float32Array },
): string {
  const rows = values.length / columns;
  const level = labelNodes(writer, category, [
    intsAttribute('values_int64s', [...category.levels.keys()]),
    intAttribute('default_int64', rows - 1),
  ]);
  const table = writer.constant(values, [rows, columns]);
  const attributes = [intAttribute('axis', 0)];
  return flattened(writer, writer.add({ opType: 'Gather', inputs: [table, level], attributes }));
}

const labelNodes = (
  writer: GraphWriter,
  { name, levels }: CategoryEncoding,
  values: Attribute[],
): string =>
  writer.add({
    opType: 'LabelEncoder',
    inputs: [name],
    attributes: [stringsAttribute('keys_strings', levels), ...values],
    isMl: true,
  });

const flattened = (writer: GraphWriter, tensor: string): string =>
  writer.add({ opType: 'Flatten', inputs: [tensor], attributes: [intAttribute('axis', 1)] });
