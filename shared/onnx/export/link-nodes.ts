import { GREATEST_LOGARITHM, type Link } from '../../learn/link.ts';
import { ELEMENT_TYPE, intAttribute } from '../graph.ts';
import {
  cast,
  combine,
  concatColumns,
  reduceRows,
  rowConstant,
  transform,
} from './column-nodes.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';

/** From raw scores to predictions, as `applyLink`. */
export function linkNodes(writer: GraphWriter, link: Link, scores: Columns): Columns {
  const { tensor, width } = scores;
  switch (link) {
    case 'identity':
      return scores;
    case 'exp':
      return { tensor: transform(writer, 'Exp', bounded(writer, tensor)), width };
    case 'exp2':
      return { tensor: combine(writer, 'Pow', rowConstant(writer, [2]), tensor), width };
    case 'logistic':
      return pairNodes(writer, transform(writer, 'Sigmoid', tensor));
    case 'pair':
      return pairNodes(writer, tensor);
    case 'softmax':
      return { tensor: softmaxNodes(writer, tensor), width };
    case 'max':
      return { tensor: reduceRows(writer, 'ReduceMax', tensor), width: 1 };
    case 'normalise':
      return { tensor: normaliseNodes(writer, scores), width };
  }
}

const bounded = (writer: GraphWriter, logarithm: string): string =>
  combine(writer, 'Min', logarithm, rowConstant(writer, [GREATEST_LOGARITHM]));

/** [1 - p, p] */
export function pairNodes(writer: GraphWriter, ones: string): Columns {
  const zeros = combine(writer, 'Sub', rowConstant(writer, [1]), ones);
  return concatColumns(writer, [
    { tensor: zeros, width: 1 },
    { tensor: ones, width: 1 },
  ]);
}

export const softmaxNodes = (writer: GraphWriter, tensor: string): string =>
  writer.add({ opType: 'Softmax', inputs: [tensor], attributes: [intAttribute('axis', 1)] });

/** Shares of the row's sum; where that is 0, equal shares. */
export function normaliseNodes(writer: GraphWriter, { tensor, width }: Columns): string {
  const sum = reduceRows(writer, 'ReduceSum', tensor);
  const isZero = cast(
    writer,
    combine(writer, 'LessOrEqual', sum, rowConstant(writer, [0])),
    ELEMENT_TYPE.float,
  );
  // (votes + isZero) / (sum + width isZero): no branch, and no division by zero.
  const votes = combine(writer, 'Add', tensor, isZero);
  const empty = combine(writer, 'Mul', isZero, rowConstant(writer, [width]));
  return combine(writer, 'Div', votes, combine(writer, 'Add', sum, empty));
}
