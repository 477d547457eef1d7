import { fitSplitInterval } from '../../shared/learn/calibration/regression-interval.ts';
import type { PipelineData } from '../../shared/learn/pipeline-data.ts';
import type { FitInterval } from './fit-call.ts';

const INTERVAL_LEVEL = 0.9;

/**
 * Half the width of what holds nine in ten new outcomes, from the errors of a model that had not seen the
 * rows; null unless a regression, and for too few rows.
 */
export function intervalOf(
  { task, table }: PipelineData,
  prediction: Float32Array,
): FitInterval | null {
  if (task !== 'regression') return null;
  const fitted = fitSplitInterval({ truth: table.target, prediction }, INTERVAL_LEVEL);
  if (!fitted.ok || fitted.value.type !== 'split') return null;
  return { level: INTERVAL_LEVEL, radius: fitted.value.radius };
}

export const describeInterval = ({ level, radius }: FitInterval): string =>
  `${100 * level} % of outcomes lie within ${radius.toPrecision(3)} of their prediction.`;
