import type { MedianEstimator } from '../../learn/trees/median-estimator.ts';
import { intAttribute } from '../graph.ts';
import { combine, reduceRows, rowConstant } from './column-nodes.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';
import { treeNodes } from './tree-nodes.ts';

/**
 * The weighted median of the trees' answers, as `scoreMedian`: answers ascending, their worths added
 * up (whole numbers: exact in any order), and the least answer of those that have half of it.
 */
export function medianNodes(
  writer: GraphWriter,
  { trees, worths }: MedianEstimator,
  columns: Columns,
): Columns {
  const { length } = worths;
  const answers = treeNodes(
    writer,
    {
      ...{ ...trees, outputs: length, base: new Float32Array(length) },
      treeOutput: Int32Array.from(worths.keys()),
    },
    columns,
  );
  const sort = {
    opType: 'TopK',
    inputs: [answers.tensor, writer.constant(BigInt64Array.of(BigInt(length)), [1])],
    attributes: [intAttribute('axis', 1), intAttribute('largest', 0)],
  };
  const sorted = writer.add({ ...sort, unreadAfter: 1 });
  const places = writer.add({ ...sort, unreadBefore: 1 });
  const ordered = writer.add({
    ...{ opType: 'Gather', inputs: [writer.constant(worths, [length]), places] },
  });
  const upTo = combine(writer, 'MatMul', ordered, upperOnes(writer, length));
  const half = worths.reduce((sum, worth) => sum + worth, 0) / 2;
  const isBelow = combine(writer, 'Less', upTo, rowConstant(writer, [half]));
  const above = writer.add({
    ...{ opType: 'Where', inputs: [isBelow, rowConstant(writer, [Infinity]), sorted] },
  });
  return { tensor: reduceRows(writer, 'ReduceMin', above), width: 1 };
}

/** A product with it adds up each row: [i, j] is 1 where i <= j. */
const upperOnes = (writer: GraphWriter, size: number): string =>
  writer.constant(
    Float32Array.from({ length: size * size }, (_, at) =>
      at % size >= Math.floor(at / size) ? 1 : 0,
    ),
    [size, size],
  );
