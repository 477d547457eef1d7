import type { NeighboursAnswer } from '../../learn/neighbours/neighbours-estimator.ts';
import {
  addAxis,
  combine,
  reduceAxis,
  reduceRows,
  rowDoubles,
  toDouble,
  transform,
} from './column-nodes.ts';
import type { GraphWriter } from './graph-writer.ts';

/** The nearest training rows of each row: tensors [N, k], nearest first. */
export type NearestNodes = {
  k: number;
  /** Numbers of the rows, in the order of training. */
  places: string;
  /** Squared distances, in float64. */
  squares: string;
  /** Values by row of the tree, as a tensor [N, k] of the nearest rows'. */
  gather(values: Float64Array): string;
};

type Voting = Extract<NeighboursAnswer, { type: 'mean' | 'shares' }>;

/** The weighted mean of the neighbours' targets, or the weighted shares of their classes. */
export function votingNodes(
  writer: GraphWriter,
  answer: Voting,
  nearest: NearestNodes,
): { values: string; width: number } {
  const votes = votesOf(writer, answer, nearest);
  const total = reduceRows(writer, 'ReduceSum', votes);
  if (answer.type === 'mean') {
    const sum = combine(writer, 'Mul', votes, nearest.gather(answer.target));
    const values = combine(writer, 'Div', reduceRows(writer, 'ReduceSum', sum), total);
    return { values, width: 1 };
  }
  const { classes } = answer;
  const codes = addAxis(writer, nearest.gather(Float64Array.from(answer.codes)), 2);
  const every = Float64Array.from({ length: classes }, (_, k) => k);
  const isClass = combine(writer, 'Equal', codes, writer.constant(every, [1, 1, classes]));
  const cast = combine(writer, 'Mul', toDouble(writer, isClass), addAxis(writer, votes, 2));
  const sums = reduceAxis(writer, 'ReduceSum', { tensor: cast, axis: 1, isKept: false });
  return { values: combine(writer, 'Div', sums, total), width: classes };
}

/** Inverse distances; where rows are at distance 0, those alone. */
function votesOf(
  writer: GraphWriter,
  { weights, rowWeights }: Voting,
  { squares, gather }: NearestNodes,
): string {
  const votes = weights === 'distance' ? inverseNodes(writer, squares) : evenNodes(writer, squares);
  return rowWeights === null ? votes : combine(writer, 'Mul', votes, gather(rowWeights));
}

const evenNodes = (writer: GraphWriter, squares: string): string => {
  const zeros = combine(writer, 'Mul', squares, rowDoubles(writer, [0]));
  return combine(writer, 'Add', zeros, rowDoubles(writer, [1]));
};

/** No branch: where one is at distance 0, others count 0 times their inverse distance. */
function inverseNodes(writer: GraphWriter, squares: string): string {
  const isEqual = toDouble(writer, combine(writer, 'Equal', squares, rowDoubles(writer, [0])));
  const hasEqual = reduceRows(writer, 'ReduceMax', isEqual);
  const distances = combine(writer, 'Add', transform(writer, 'Sqrt', squares), isEqual);
  const without = combine(writer, 'Sub', rowDoubles(writer, [1]), hasEqual);
  const inverse = combine(writer, 'Div', without, distances);
  return combine(writer, 'Add', inverse, combine(writer, 'Mul', isEqual, hasEqual));
}
