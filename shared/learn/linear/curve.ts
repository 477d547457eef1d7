import { exp, log1p } from '../../core/portable-math.ts';
/** Rows of a block, by row: linear predictors and targets in, derivatives out. */
export type CurveRows = {
  rows: number;
  eta: Float64Array;
  target: Float64Array;
  /** Derivative of the loss by eta. */
  slope: Float64Array;
  /** Second derivative, not negative. */
  curvature: Float64Array;
  loss: Float64Array;
};

/** A convex loss of a target and a linear predictor eta: writes loss, slope and curvature by row. */
export type Curve = (rows: CurveRows) => void;

/** log(1 + e^eta) - y eta, y 0 or 1 (or a share between): logistic regression. */
export const logisticCurve: Curve = ({ rows, eta, target, slope, curvature, loss }) => {
  for (let r = 0; r < rows; r++) {
    const x = eta[r];
    const small = exp(x > 0 ? -x : x);
    const share = x > 0 ? 1 / (1 + small) : small / (1 + small);
    loss[r] = (x > 0 ? x : 0) + log1p(small) - target[r] * x;
    slope[r] = share - target[r];
    curvature[r] = small / ((1 + small) * (1 + small));
  }
};

/** e^eta - y eta, y >= 0: half the Poisson deviance, up to a constant. */
export const poissonCurve: Curve = ({ rows, eta, target, slope, curvature, loss }) => {
  for (let r = 0; r < rows; r++) {
    const mean = exp(eta[r]);
    loss[r] = mean - target[r] * eta[r];
    slope[r] = mean - target[r];
    curvature[r] = mean;
  }
};

/** eta + y e^-eta, y > 0: half the gamma deviance, up to a constant. */
export const gammaCurve: Curve = ({ rows, eta, target, slope, curvature, loss }) => {
  for (let r = 0; r < rows; r++) {
    const ratio = target[r] * exp(-eta[r]);
    loss[r] = eta[r] + ratio;
    slope[r] = 1 - ratio;
    curvature[r] = ratio;
  }
};

/**
 * Half the Tweedie deviance of that power with a log link, up to a constant.
 * @param power above 1 and below 2: compound Poisson and gamma, targets >= 0
 */
export function tweedieCurve(power: number): Curve {
  const [toTwo, toOne] = [2 - power, 1 - power];
  return ({ rows, eta, target, slope, curvature, loss }) => {
    for (let r = 0; r < rows; r++) {
      const mean = exp(toTwo * eta[r]);
      const part = target[r] * exp(toOne * eta[r]);
      loss[r] = mean / toTwo - part / toOne;
      slope[r] = mean - part;
      curvature[r] = toTwo * mean - toOne * part;
    }
  };
}
