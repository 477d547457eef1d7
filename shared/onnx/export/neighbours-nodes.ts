import type {
  NeighboursAnswer,
  NeighboursEstimator,
} from '../../learn/neighbours/neighbours-estimator.ts';
import { intAttribute } from '../graph.ts';
import {
  addAxis,
  combine,
  reduceAxis,
  reduceRows,
  rowDoubles,
  toDouble,
  toFloat,
  transform,
} from './column-nodes.ts';
import { squaredDistanceNodes } from './distance-nodes.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';
import { type NearestNodes, votingNodes } from './vote-nodes.ts';

/**
 * Answers from the nearest training rows, which the graph holds all, as `scoreNeighbours`: all are
 * compared (a graph has no tree), those found once more exactly, so that a distance of 0 is 0.
 */
export function neighboursNodes(
  writer: GraphWriter,
  estimator: NeighboursEstimator,
  { tensor }: Columns,
): Columns {
  const nearest = nearestNodes(writer, estimator, toDouble(writer, tensor));
  const { answer } = estimator;
  const { values, width } = answerNodes(writer, answer, nearest);
  return { tensor: toFloat(writer, values), width };
}

function nearestNodes(
  writer: GraphWriter,
  { tree, nNeighbors: k }: NeighboursEstimator,
  x: string,
): NearestNodes {
  const { columns, count, given } = tree;
  const rows = new Float32Array(tree.rows.length);
  given.forEach((row, i) => {
    rows.set(tree.rows.subarray(i * columns, (i + 1) * columns), row * columns);
  });
  const places = writer.add({
    opType: 'TopK',
    inputs: [
      squaredDistanceNodes(writer, x, { rows, columns }),
      writer.constant(BigInt64Array.of(BigInt(k)), [1]),
    ],
    attributes: [intAttribute('axis', 1), intAttribute('largest', 0)],
    unreadBefore: 1,
  });
  const take = (constant: string) => writer.add({ opType: 'Gather', inputs: [constant, places] });
  const points = toDouble(writer, take(writer.constant(rows, [count, columns])));
  const differences = combine(writer, 'Sub', points, addAxis(writer, x, 1));
  const tensor = combine(writer, 'Mul', differences, differences);
  return {
    ...{ k, places },
    squares: reduceAxis(writer, 'ReduceSum', { tensor, axis: 2, isKept: false }),
    gather(values) {
      const ordered = new Float64Array(count);
      given.forEach((row, i) => {
        ordered[row] = values[i];
      });
      return take(writer.constant(ordered, [count]));
    },
  };
}

function answerNodes(
  writer: GraphWriter,
  answer: NeighboursAnswer,
  nearest: NearestNodes,
): { values: string; width: number } {
  switch (answer.type) {
    case 'mean':
    case 'shares':
      return votingNodes(writer, answer, nearest);
    case 'distance':
      return { values: distanceNodes(writer, answer.of, nearest), width: 1 };
    case 'outlier-factor':
      return { values: outlierNodes(writer, answer, nearest), width: 1 };
  }
}

const meanNodes = (writer: GraphWriter, tensor: string, count: number): string =>
  combine(writer, 'Div', reduceRows(writer, 'ReduceSum', tensor), rowDoubles(writer, [count]));

function distanceNodes(
  writer: GraphWriter,
  of: 'mean' | 'largest' | 'median',
  { squares, k }: NearestNodes,
): string {
  const distances = transform(writer, 'Sqrt', squares);
  if (of === 'mean') return meanNodes(writer, distances, k);
  if (of === 'largest') return reduceRows(writer, 'ReduceMax', distances);
  const middles = writer.constant(BigInt64Array.of(BigInt((k - 1) >> 1), BigInt(k >> 1)), [2]);
  const both = writer.add({
    ...{ opType: 'Gather', inputs: [distances, middles] },
    attributes: [intAttribute('axis', 1)],
  });
  return meanNodes(writer, both, 2);
}

/** As in shared/learn/neighbours: keeps a density finite where neighbours coincide. */
const TINY = 1e-10;

function outlierNodes(
  writer: GraphWriter,
  { reach, density }: Extract<NeighboursAnswer, { type: 'outlier-factor' }>,
  { squares, k, gather }: NearestNodes,
): string {
  const distances = transform(writer, 'Sqrt', squares);
  const reached = combine(writer, 'Max', distances, gather(reach));
  const spread = combine(writer, 'Add', meanNodes(writer, reached, k), rowDoubles(writer, [TINY]));
  return combine(writer, 'Mul', meanNodes(writer, gather(density), k), spread);
}
