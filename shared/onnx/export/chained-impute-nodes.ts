import type { ChainedImputeStep } from '../../prepare/steps/chained-impute.ts';
import { ELEMENT_TYPE } from '../graph.ts';
import { cast, combine, rowConstant, toFloat, transform } from './column-nodes.ts';
import { imputeNodes } from './encoding-nodes.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';
import { linearNodes } from './linear-nodes.ts';

/** Rounds of linear predictions that fill the gaps of one column after the other. */
export function chainedImputeNodes(
  writer: GraphWriter,
  step: ChainedImputeStep,
  columns: Columns,
): Columns {
  const { columns: filledColumns, coefficients, intercepts, rounds } = step;
  const { width } = columns;
  const gaps = toFloat(writer, transform(writer, 'IsNaN', columns.tensor));
  let filled = imputeNodes(writer, columns, step.start);
  for (let round = 0; round < rounds; round++)
    for (let i = 0; i < filledColumns.length; i++) {
      const isColumn = Float32Array.from({ length: width }, (_, j) =>
        j === filledColumns[i] ? 1 : 0,
      );
      const own = combine(writer, 'Mul', gaps, rowConstant(writer, isColumn));
      const model = {
        outputs: 1,
        coefficients: coefficients.subarray(i * width, (i + 1) * width),
        intercepts: [intercepts[i]],
      };
      const predicted = linearNodes(writer, model, filled).tensor;
      const inputs = [cast(writer, own, ELEMENT_TYPE.bool), predicted, filled.tensor];
      filled = { tensor: writer.add({ opType: 'Where', inputs }), width };
    }
  return filled;
}
