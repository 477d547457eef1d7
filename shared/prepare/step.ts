import type { Matrix } from './matrix.ts';
import { applyChainedImpute, type ChainedImputeStep } from './steps/chained-impute.ts';
import { applyClip, type ClipStep } from './steps/clip.ts';
import { applyFlag, type FlagStep } from './steps/flag.ts';
import { applyImpute, type ImputeStep } from './steps/impute.ts';
import { applyIndicators, type IndicatorStep } from './steps/indicators.ts';
import { applyNearestImpute, type NearestImputeStep } from './steps/nearest-impute.ts';
import { applyPower, type PowerStep } from './steps/power.ts';
import { applyProducts, type ProductsStep } from './steps/products.ts';
import { applyProject, type ProjectStep } from './steps/project.ts';
import { applyQuantile, type QuantileStep } from './steps/quantile.ts';
import { applyScale, type ScaleStep } from './steps/scale.ts';
import { applySelect, type SelectStep } from './steps/select.ts';

/**
 * A fitted step from matrix to matrix, as data. Many ways of fitting end in few kinds of step: the
 * standard, min-max and robust scalers are all a `scale`, every way to choose features is a `select`.
 */
export type Step =
  | IndicatorStep
  | ImputeStep
  | NearestImputeStep
  | ChainedImputeStep
  | ClipStep
  | FlagStep
  | PowerStep
  | QuantileStep
  | ScaleStep
  | ProductsStep
  | SelectStep
  | ProjectStep;

/** Applies the steps in order; the given matrix is not changed. */
export function applySteps(steps: readonly Step[], matrix: Matrix): Matrix {
  return steps.reduce((current, step) => applyStep(step, current), matrix);
}

export function applyStep(step: Step, matrix: Matrix): Matrix {
  switch (step.type) {
    case 'indicators':
      return applyIndicators(step, matrix);
    case 'impute':
      return applyImpute(step, matrix);
    case 'nearest-impute':
      return applyNearestImpute(step, matrix);
    case 'chained-impute':
      return applyChainedImpute(step, matrix);
    case 'clip':
      return applyClip(step, matrix);
    case 'flag':
      return applyFlag(step, matrix);
    case 'power':
      return applyPower(step, matrix);
    case 'quantile':
      return applyQuantile(step, matrix);
    case 'scale':
      return applyScale(step, matrix);
    case 'products':
      return applyProducts(step, matrix);
    case 'select':
      return applySelect(step, matrix);
    case 'project':
      return applyProject(step, matrix);
  }
}
