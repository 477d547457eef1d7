import { exp, log } from '../../core/portable-math.ts';
import type { Link } from '../link.ts';
import { runLoop } from './run-loop.ts';
import { type ScoredRows, weightedMean } from './scored-rows.ts';
import { quantileOf } from './weighted-quantile.ts';

/** First and second derivatives of the loss by the raw score, by table row. */
export type Derivatives = { gradients: Float32Array; hessians: Float32Array | null };

/** What boosting makes small. All but `meanLoss` is done for the rows of `rows` alone. */
export type Loss = {
  link: Link;
  /** The hessian of a row is its weight. */
  isHessianConstant: boolean;
  /** The constant raw scores of least loss, one per output. */
  base(rows: ScoredRows): number[];
  /** Called once a round, before its derivatives. */
  beforeRound?(rows: ScoredRows): void;
  /** Derivatives by raw score `output`; hessians are left as they are where they are constant. */
  fill(rows: ScoredRows, output: number, into: Derivatives): void;
  /** The level of the residuals' quantile that a leaf's value is; absent: a Newton step. */
  leafQuantile?: number;
  /** Weighted mean over the rows; a constant may be missing. */
  meanLoss(rows: ScoredRows): number;
};

type Into = Derivatives & { hessians: Float32Array };

/** Half the squared error. */
export const squaredLoss: Loss = {
  link: 'identity',
  isHessianConstant: true,
  base: (rows) => [weightedMean(rows, ({ target }, row) => target[row])],
  fill: (rows, _, into) => runLoop(fillSquared, rows, into),
  meanLoss: (rows) => weightedMean(rows, (given, row) => residual(given, row) ** 2 / 2),
};

/** Residual y - F of the first output. */
const residual = ({ target, base, scores }: ScoredRows, row: number): number =>
  target[row] - base[0] - scores[0][row];

function fillSquared({ rows, target, weights, base, scores }: ScoredRows, into: Derivatives): void {
  const { gradients } = into;
  const [own] = scores;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const weight = weights === null ? 1 : weights[row];
    gradients[row] = weight * (base[0] + own[row] - target[row]);
  }
}

/**
 * The pinball loss of a quantile level: level x (y - F) above F, (1 - level) x (F - y) below. Half
 * the absolute error at level 1/2. Leaves answer the quantile of their residuals.
 */
export const pinballLoss = (level: number): Loss => ({
  link: 'identity',
  isHessianConstant: true,
  leafQuantile: level,
  base: ({ rows, target, weights }) => [
    quantileOf(rows, { value: (row) => target[row], weights, level }),
  ],
  fill: (rows, _, into) => runLoop(fillPinball, { ...rows, level }, into),
  meanLoss: (rows) =>
    weightedMean(rows, (given, row) => {
      const error = residual(given, row);
      return error > 0 ? level * error : (level - 1) * error;
    }),
});

function fillPinball(
  { rows, target, weights, base, scores, level }: ScoredRows & { level: number },
  into: Derivatives,
): void {
  const { gradients } = into;
  const [own] = scores;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const weight = weights === null ? 1 : weights[row];
    gradients[row] = weight * (base[0] + own[row] <= target[row] ? -level : 1 - level);
  }
}

/** Half the Poisson deviance with a log link; targets are not negative. */
export const poissonLoss: Loss = {
  link: 'exp',
  isHessianConstant: false,
  base: (rows) => [
    log(
      Math.max(
        EPSILON,
        weightedMean(rows, ({ target }, row) => target[row]),
      ),
    ),
  ],
  fill: (rows, _, into) => runLoop(fillPoisson, rows, into as Into),
  meanLoss: (rows) =>
    weightedMean(rows, ({ target, base, scores }, row) => {
      const raw = base[0] + scores[0][row];
      return exp(raw) - target[row] * raw;
    }),
};

const EPSILON = 1e-15;

function fillPoisson({ rows, target, weights, base, scores }: ScoredRows, into: Into): void {
  const { gradients, hessians } = into;
  const [own] = scores;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const weight = weights === null ? 1 : weights[row];
    const mean = exp(base[0] + own[row]);
    gradients[row] = weight * (mean - target[row]);
    hessians[row] = weight * mean;
  }
}
