import type { Curve } from '../linear/curve.ts';

/** max(0, 1 - y eta)^2, y +1 or -1. */
export const squaredHingeCurve: Curve = ({ rows, eta, target, slope, curvature, loss }) => {
  for (let r = 0; r < rows; r++) {
    const lack = 1 - target[r] * eta[r];
    const isInside = lack > 0;
    loss[r] = isInside ? lack * lack : 0;
    slope[r] = isInside ? -2 * target[r] * lack : 0;
    curvature[r] = isInside ? 2 : 0;
  }
};

/** max(0, |y - eta| - epsilon)^2. */
export function squaredTubeCurve(epsilon: number): Curve {
  return ({ rows, eta, target, slope, curvature, loss }) => {
    for (let r = 0; r < rows; r++) {
      const error = eta[r] - target[r];
      const excess = Math.abs(error) - epsilon;
      const isOutside = excess > 0;
      loss[r] = isOutside ? excess * excess : 0;
      slope[r] = isOutside ? 2 * Math.sign(error) * excess : 0;
      curvature[r] = isOutside ? 2 : 0;
    }
  };
}
