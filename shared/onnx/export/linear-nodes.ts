import { floatsAttribute, intAttribute } from '../graph.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';

type Scores = {
  outputs: number;
  /** Row-major [outputs, columns]. */
  coefficients: ArrayLike<number>;
  intercepts: ArrayLike<number>;
};

/** intercepts + coefficients . row: [N, outputs] */
export function linearNodes(
  writer: GraphWriter,
  { outputs, coefficients, intercepts }: Scores,
  { tensor }: Columns,
): Columns {
  const attributes = [
    floatsAttribute('coefficients', coefficients),
    floatsAttribute('intercepts', intercepts),
    intAttribute('targets', outputs),
  ];
  return {
    tensor: writer.add({ opType: 'LinearRegressor', inputs: [tensor], attributes, isMl: true }),
    width: outputs,
  };
}
