import { type Example, type OnlineScore, onlineScore, squaredNorm } from './example.ts';
import { lossOf, type MarginLoss } from './margin-loss.ts';

export type PassiveAggressiveOptions = {
  /** `hinge` with targets of -1 and +1, or `epsilon-insensitive`. */
  loss: MarginLoss;
  /** How far one row may move the weights. */
  C: number;
  /** `pa1`: steps of at most C; `pa2`: shorter ones, loss / (|x|^2 + 1 / (2 C)). */
  variant: 'pa1' | 'pa2';
};

/**
 * Moves the weights, in place, as little as makes the row's loss 0, within C: Crammer et al. 2006,
 * scikit-learn 1.2.1 (which leaves the intercept's 1 out of |x|^2, and so does this).
 * @returns the row's loss before it was learnt
 */
export function updatePassiveAggressive(
  state: OnlineScore,
  example: Example,
  { loss, C, variant }: PassiveAggressiveOptions,
): number {
  const { weights } = state;
  const score = onlineScore(state, example);
  const lost = lossOf(loss, score, example.target);
  const norm = squaredNorm(weights.length, example) - 1;
  if (lost === 0 || norm === 0) return lost;
  const length = variant === 'pa1' ? Math.min(C, lost / norm) : lost / (norm + 0.5 / C);
  const sign = loss.name === 'hinge' ? example.target : Math.sign(example.target - score);
  const change = length * sign * example.weight;
  for (let j = 0; j < weights.length; j++) weights[j] += change * example.data[example.at + j];
  state.intercept += change;
  return lost;
}
