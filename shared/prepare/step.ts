import type { Matrix } from './matrix.ts';
import { applyImpute, type ImputeStep } from './steps/impute.ts';
import { applyIndicators, type IndicatorStep } from './steps/indicators.ts';
import { applyScale, type ScaleStep } from './steps/scale.ts';

/**
 * A fitted step from matrix to matrix, as data. Many ways of fitting end in few kinds of step: the
 * standard, min-max and robust scalers are all a `scale`.
 */
export type Step = IndicatorStep | ImputeStep | ScaleStep;

/** Applies the steps in order; the given matrix is not changed. */
export function applySteps(steps: readonly Step[], matrix: Matrix): Matrix {
  return steps.reduce((current, step) => applyStep(step, current), matrix);
}

function applyStep(step: Step, matrix: Matrix): Matrix {
  switch (step.type) {
    case 'indicators':
      return applyIndicators(step, matrix);
    case 'impute':
      return applyImpute(step, matrix);
    case 'scale':
      return applyScale(step, matrix);
  }
}
