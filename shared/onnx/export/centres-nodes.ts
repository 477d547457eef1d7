import type { CentresEstimator } from '../../learn/cluster/centres-estimator.ts';
import { ELEMENT_TYPE, intAttribute } from '../graph.ts';
import {
  cast,
  combine,
  concatColumns,
  reduceRows,
  rowConstant,
  rowDoubles,
  rowSquares,
  toDouble,
  toFloat,
  transform,
  turned,
} from './column-nodes.ts';
import { squaredDistanceNodes } from './distance-nodes.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';

/** Energies of the centres and what is answered of them, in float64, as `scoreCentres`. */
export function centresNodes(
  writer: GraphWriter,
  estimator: CentresEstimator,
  { tensor }: Columns,
): Columns {
  const energies = energyNodes(writer, estimator, toDouble(writer, tensor));
  return { tensor: answerNodes(writer, estimator.answer, energies), width: 1 };
}

/** offset_k + |A_k (x - c_k)|^2: [N, centres] */
function energyNodes(writer: GraphWriter, estimator: CentresEstimator, x: string): string {
  const { centres, transforms, columns, offsets } = estimator;
  const squares =
    transforms === null
      ? squaredDistanceNodes(writer, x, { rows: centres, columns })
      : concatColumns(
          writer,
          Array.from(offsets, (_, k) => ({
            tensor: rowSquares(
              writer,
              projectedNodes(writer, { ...estimator, transforms }, { x, k }),
            ),
            width: 1,
          })),
        ).tensor;
  return combine(writer, 'Add', squares, rowDoubles(writer, offsets));
}

/** A_k (x - c_k) */
function projectedNodes(
  writer: GraphWriter,
  { centres, transforms, directions, columns }: CentresEstimator & { transforms: Float32Array },
  { x, k }: { x: string; k: number },
): string {
  const centre = rowConstant(writer, centres.subarray(k * columns, (k + 1) * columns));
  const difference = combine(writer, 'Sub', x, toDouble(writer, centre));
  const size = directions * columns;
  const matrix = turned(transforms.subarray(k * size, (k + 1) * size), columns);
  const directed = writer.constant(matrix, [columns, directions]);
  return combine(writer, 'MatMul', difference, toDouble(writer, directed));
}

function answerNodes(
  writer: GraphWriter,
  answer: CentresEstimator['answer'],
  energies: string,
): string {
  if (answer === 'nearest') {
    const attributes = [intAttribute('axis', 1), intAttribute('keepdims', 1)];
    const nearest = writer.add({ opType: 'ArgMin', inputs: [energies], attributes });
    return cast(writer, nearest, ELEMENT_TYPE.float);
  }
  const least = reduceRows(writer, 'ReduceMin', energies);
  if (answer === 'least') return toFloat(writer, least);
  const shares = transform(writer, 'Exp', combine(writer, 'Sub', least, energies));
  const logarithm = transform(writer, 'Log', reduceRows(writer, 'ReduceSum', shares));
  return toFloat(writer, combine(writer, 'Sub', least, logarithm));
}
