import { ELEMENT_TYPE, intAttribute, intsAttribute } from '../graph.ts';
import { ExportProblem } from './export-problem.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';

/** Matrices side by side. @throws ExportProblem when there is none */
export function concatColumns(writer: GraphWriter, blocks: readonly Columns[]): Columns {
  if (blocks.length === 0) throw new ExportProblem('a matrix without columns');
  if (blocks.length === 1) return blocks[0];
  const tensor = writer.add({
    opType: 'Concat',
    inputs: blocks.map((block) => block.tensor),
    attributes: [intAttribute('axis', 1)],
  });
  return { tensor, width: blocks.reduce((sum, { width }) => sum + width, 0) };
}

/** The columns of those numbers, in that order. */
export function gatherColumns(
  writer: GraphWriter,
  { tensor }: Columns,
  columns: ArrayLike<number>,
): Columns {
  const indices = writer.constant(BigInt64Array.from(Array.from(columns), BigInt), [
    columns.length,
  ]);
  return {
    tensor: writer.add({
      opType: 'Gather',
      inputs: [tensor, indices],
      attributes: [intAttribute('axis', 1)],
    }),
    width: columns.length,
  };
}

/** A constant that is added to, multiplied with ... each row: [1, values]. */
export const rowConstant = (writer: GraphWriter, values: ArrayLike<number>): string =>
  writer.constant(Float32Array.from(values), [1, values.length]);

/** An elementwise operator of two tensors. */
export const combine = (writer: GraphWriter, opType: string, a: string, b: string): string =>
  writer.add({ opType, inputs: [a, b] });

/** An elementwise operator of one tensor. */
export const transform = (writer: GraphWriter, opType: string, tensor: string): string =>
  writer.add({ opType, inputs: [tensor] });

export const cast = (writer: GraphWriter, tensor: string, elementType: number): string =>
  writer.add({ opType: 'Cast', inputs: [tensor], attributes: [intAttribute('to', elementType)] });

export const toDouble = (writer: GraphWriter, tensor: string): string =>
  cast(writer, tensor, ELEMENT_TYPE.double);

export const toFloat = (writer: GraphWriter, tensor: string): string =>
  cast(writer, tensor, ELEMENT_TYPE.float);

/** A constant in float64 for each row: [1, values]. */
export const rowDoubles = (writer: GraphWriter, values: ArrayLike<number>): string =>
  writer.constant(Float64Array.from(values), [1, values.length]);

/** One value of each row's columns: [N, 1]. */
export const reduceRows = (
  writer: GraphWriter,
  opType: 'ReduceSum' | 'ReduceMax' | 'ReduceMin',
  tensor: string,
): string => reduceAxis(writer, opType, { tensor, axis: 1, isKept: true });

/** One value of the values along an axis, which is kept with size 1 or goes. */
export function reduceAxis(
  writer: GraphWriter,
  opType: 'ReduceSum' | 'ReduceMax' | 'ReduceMin',
  { tensor, axis, isKept }: { tensor: string; axis: number; isKept: boolean },
): string {
  const keepdims = intAttribute('keepdims', isKept ? 1 : 0);
  // At this opset the sum takes its axes as an input, the others as an attribute.
  if (opType !== 'ReduceSum') {
    const attributes = [intsAttribute('axes', [axis]), keepdims];
    return writer.add({ opType, inputs: [tensor], attributes });
  }
  const axes = writer.constant(BigInt64Array.of(BigInt(axis)), [1]);
  return writer.add({ opType, inputs: [tensor, axes], attributes: [keepdims] });
}

/** The squares of each row's columns, added up: [N, 1]. */
export const rowSquares = (writer: GraphWriter, tensor: string): string =>
  reduceRows(writer, 'ReduceSum', combine(writer, 'Mul', tensor, tensor));

/** Row-major [rows, columns] turned to [columns, rows]. */
export function turned(values: Float32Array, columns: number): Float32Array {
  const rows = values.length / columns;
  return Float32Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
}

/** The tensor with an axis of size 1 put in. */
export function addAxis(writer: GraphWriter, tensor: string, axis: number): string {
  const axes = writer.constant(BigInt64Array.of(BigInt(axis)), [1]);
  return writer.add({ opType: 'Unsqueeze', inputs: [tensor, axes] });
}
