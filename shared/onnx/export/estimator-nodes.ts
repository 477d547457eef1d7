import type { FittedEstimator } from '../../learn/fitted-estimator.ts';
import { centresNodes } from './centres-nodes.ts';
import { ExportProblem } from './export-problem.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';
import { kernelNodes } from './kernel-nodes.ts';
import { linearNodes } from './linear-nodes.ts';
import { linkNodes } from './link-nodes.ts';
import { medianNodes } from './median-nodes.ts';
import { neighboursNodes } from './neighbours-nodes.ts';
import { networkNodes } from './network-nodes.ts';
import { quadraticNodes } from './quadratic-nodes.ts';
import { treeNodes } from './tree-nodes.ts';

/** Predictions [N, outputs] of the prepared matrix, as `scoreRows`. @throws ExportProblem */
export function estimatorNodes(
  writer: GraphWriter,
  estimator: FittedEstimator,
  columns: Columns,
): Columns {
  switch (estimator.type) {
    case 'linear':
      return linkNodes(writer, estimator.link, linearNodes(writer, estimator, columns));
    case 'trees':
      return linkNodes(writer, estimator.link, treeNodes(writer, estimator, columns));
    case 'median':
      return medianNodes(writer, estimator, columns);
    case 'quadratic':
      return quadraticNodes(writer, estimator, columns);
    case 'kernel':
      return kernelNodes(writer, estimator, columns);
    case 'centres':
      return centresNodes(writer, estimator, columns);
    case 'network':
      return networkNodes(writer, estimator, columns);
    case 'neighbours':
      return neighboursNodes(writer, estimator, columns);
    default:
      throw new ExportProblem(`the estimator ${(estimator as { type: string }).type}`);
  }
}
