import type { LearningData } from '../algorithm.ts';
import type { Parameters } from '../search/space.ts';
import type { LinearSolution } from './least-squares.ts';

/** y = mean + deviation z. */
export type TargetScale = { mean: number; deviation: number };

/**
 * For losses with a width or a step of their own: parameters that are lengths of the target (epsilon,
 * C) then count in its standard deviations, whatever its unit. scikit-learn leaves that to its user.
 */
export const SCALE_TARGET_DEFAULT = { scaleTarget: true } as const;

/** Weighted mean and population standard deviation; a constant target has a deviation of 1. */
export function targetScaleOf(target: Float64Array, weights: Float64Array | null): TargetScale {
  let weight = 0;
  let mean = 0;
  let squares = 0;
  for (let row = 0; row < target.length; row++) {
    const w = weights === null ? 1 : weights[row];
    if (w === 0) continue;
    weight += w;
    const delta = target[row] - mean;
    mean += (w / weight) * delta;
    squares += w * delta * (target[row] - mean);
  }
  const deviation = Math.sqrt(squares / weight);
  return { mean, deviation: deviation > 0 ? deviation : 1 };
}

/** The data in units of the scale, where the parameters ask for it. */
export function withScaledTarget(
  data: LearningData,
  { scaleTarget }: Parameters,
): { scaled: LearningData; scale: TargetScale } {
  if (scaleTarget !== true) return { scaled: data, scale: { mean: 0, deviation: 1 } };
  const scale = targetScaleOf(data.target, data.weights);
  const target = data.target.map((value) => (value - scale.mean) / scale.deviation);
  return { scaled: { ...data, target }, scale };
}

/** The solution in target units. */
export const inTargetUnits = (
  { coefficients, intercepts }: LinearSolution,
  { mean, deviation }: TargetScale,
): LinearSolution => ({
  coefficients: coefficients.map((values) => values.map((value) => value * deviation)),
  intercepts: intercepts.map((value) => mean + value * deviation),
});
