import { exp, log1p } from '../../core/portable-math.ts';

export const REGRESSION_LOSSES = [
  ...['squared-error', 'huber', 'epsilon-insensitive', 'squared-epsilon-insensitive'],
] as const;
export const CLASSIFICATION_LOSSES = [
  ...['hinge', 'log-loss', 'modified-huber', 'squared-hinge', 'perceptron'],
] as const;

/**
 * A loss of score p and target y (a number, or -1 and +1), as scikit-learn 1.2.1's SGD names them:
 * squared-error (p - y)^2 / 2; huber, linear beyond epsilon; epsilon-insensitive max(0, |y - p| - epsilon)
 * and its square; hinge max(0, 1 - p y) and its square; perceptron max(0, -p y); log-loss
 * log(1 + e^-py); modified-huber, the squared hinge made linear below -1.
 */
export type MarginLoss = { name: string; epsilon: number };

export function lossOf({ name, epsilon }: MarginLoss, p: number, y: number): number {
  const margin = p * y;
  const error = Math.abs(y - p);
  switch (name) {
    case 'squared-error':
      return 0.5 * error * error;
    case 'huber':
      return error <= epsilon ? 0.5 * error * error : epsilon * error - 0.5 * epsilon * epsilon;
    case 'epsilon-insensitive':
      return Math.max(0, error - epsilon);
    case 'squared-epsilon-insensitive':
      return Math.max(0, error - epsilon) ** 2;
    case 'hinge':
      return Math.max(0, 1 - margin);
    case 'squared-hinge':
      return Math.max(0, 1 - margin) ** 2;
    case 'perceptron':
      return Math.max(0, -margin);
    case 'modified-huber':
      return margin >= 1 ? 0 : margin >= -1 ? (1 - margin) ** 2 : -4 * margin;
    default:
      return margin > 18 ? exp(-margin) : margin < -18 ? -margin : log1p(exp(-margin));
  }
}

/** Derivative of the loss by p. */
export function slopeOf({ name, epsilon }: MarginLoss, p: number, y: number): number {
  const margin = p * y;
  const error = p - y;
  const excess = Math.abs(error) - epsilon;
  switch (name) {
    case 'squared-error':
      return error;
    case 'huber':
      return excess <= 0 ? error : epsilon * Math.sign(error);
    case 'epsilon-insensitive':
      return excess > 0 ? Math.sign(error) : 0;
    case 'squared-epsilon-insensitive':
      return excess > 0 ? 2 * excess * Math.sign(error) : 0;
    case 'hinge':
      return margin <= 1 ? -y : 0;
    case 'squared-hinge':
      return margin < 1 ? -2 * y * (1 - margin) : 0;
    case 'perceptron':
      return margin <= 0 ? -y : 0;
    case 'modified-huber':
      return margin >= 1 ? 0 : margin >= -1 ? -2 * y * (1 - margin) : -4 * y;
    default:
      return margin > 18 ? -y * exp(-margin) : margin < -18 ? -y : -y / (exp(margin) + 1);
  }
}

/** Whether its slope grows with the error without bound, so that a long step can run away. */
export const isSquared = ({ name }: MarginLoss): boolean => name.startsWith('squared');
