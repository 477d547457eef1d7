import type { Competence } from '../../learn/ensemble/local-weights.ts';
import { ELEMENT_TYPE, intAttribute } from '../graph.ts';
import { cast, combine, reduceRows, rowDoubles, toDouble, toFloat } from './column-nodes.ts';
import { squaredDistanceNodes } from './distance-nodes.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';

/** As in shared/learn/ensemble/local-weights.ts. */
const LEAST_ERROR = 1e-6;

/** Weights [N, members] by the members' errors on the reference rows near each row, as `localWeights`. */
export function localWeightNodes(
  writer: GraphWriter,
  { reference, errors, neighbours }: Omit<Competence, 'preparation'>,
  { tensor, width: columns }: Columns,
): Columns {
  const count = reference.length / columns;
  const width = errors.length / count;
  const x = toDouble(writer, tensor);
  const distances = squaredDistanceNodes(writer, x, { rows: reference, columns });
  const nearest = writer.add({
    opType: 'TopK',
    inputs: [
      distances,
      writer.constant(BigInt64Array.of(BigInt(Math.min(neighbours, count))), [1]),
    ],
    attributes: [intAttribute('axis', 1), intAttribute('largest', 0)],
    unreadAfter: 1,
  });
  const limit = reduceRows(writer, 'ReduceMax', nearest);
  const isNear = cast(
    writer,
    combine(writer, 'LessOrEqual', distances, limit),
    ELEMENT_TYPE.double,
  );
  const sums = combine(
    writer,
    'MatMul',
    isNear,
    toDouble(writer, writer.constant(errors, [count, width])),
  );
  const means = combine(writer, 'Div', sums, reduceRows(writer, 'ReduceSum', isNear));
  const spread = combine(writer, 'Add', means, rowDoubles(writer, [LEAST_ERROR]));
  const inverse = combine(writer, 'Div', rowDoubles(writer, [1]), spread);
  const shares = combine(writer, 'Div', inverse, reduceRows(writer, 'ReduceSum', inverse));
  return { tensor: toFloat(writer, shares), width };
}
