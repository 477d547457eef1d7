import { exp, log, log1p } from '../../core/portable-math.ts';
import type { Derivatives, Loss } from './loss.ts';
import { runLoop } from './run-loop.ts';
import { type ScoredRows, weightedMean } from './scored-rows.ts';

type Into = Derivatives & { hessians: Float32Array };

const EPSILON = 1e-15;

/** Log loss of two classes, the raw score being the log odds of class 1. */
export const logisticLoss: Loss = {
  link: 'logistic',
  isHessianConstant: false,
  base: (rows) => {
    const share = clipped(weightedMean(rows, ({ target }, row) => target[row]));
    return [log(share / (1 - share))];
  },
  fill: (rows, _, into) => runLoop(fillLogistic, rows, into as Into),
  meanLoss: (rows) =>
    weightedMean(rows, ({ target, base, scores }, row) => {
      const raw = base[0] + scores[0][row];
      const towards = target[row] === 1 ? raw : -raw;
      return towards > 0 ? log1p(exp(-towards)) : log1p(exp(towards)) - towards;
    }),
};

const clipped = (share: number): number => Math.min(Math.max(share, EPSILON), 1 - EPSILON);

function fillLogistic({ rows, target, weights, base, scores }: ScoredRows, into: Into): void {
  const { gradients, hessians } = into;
  const [own] = scores;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const weight = weights === null ? 1 : weights[row];
    const share = 1 / (1 + exp(-base[0] - own[row]));
    gradients[row] = weight * (share - target[row]);
    hessians[row] = weight * share * (1 - share);
  }
}

/** Log loss of several classes, one raw score each. The hessian is the diagonal p (1 - p). */
export function softmaxLoss(classes: number): Loss {
  let shares: Float32Array[] = [];
  return {
    link: 'softmax',
    isHessianConstant: false,
    base: (rows) => logShares(rows, classes),
    beforeRound: (rows) => {
      if (shares.length === 0) shares = rows.scores.map(({ length }) => new Float32Array(length));
      runLoop(fillShares, rows, shares);
    },
    fill: (rows, output, into) =>
      runLoop(fillSoftmax, { ...rows, output, shares: shares[output] }, into as Into),
    meanLoss: (rows) =>
      weightedMean(rows, ({ target, base, scores }, row) => {
        const raw = scores.map((own, k) => base[k] + own[row]);
        const highest = Math.max(...raw);
        const sum = raw.reduce((total, score) => total + exp(score - highest), 0);
        return log(sum) + highest - raw[target[row]];
      }),
  };
}

/** Logarithms of the classes' shares, less their mean. */
function logShares(rows: ScoredRows, classes: number): number[] {
  const logs = Array.from({ length: classes }, (_, k) =>
    log(clipped(weightedMean(rows, ({ target }, row) => (target[row] === k ? 1 : 0)))),
  );
  const mean = logs.reduce((sum, each) => sum + each, 0) / classes;
  return logs.map((each) => each - mean);
}

function fillShares({ rows, base, scores }: ScoredRows, into: Float32Array[]): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    let highest = -Infinity;
    for (let k = 0; k < into.length; k++) highest = Math.max(highest, base[k] + scores[k][row]);
    let sum = 0;
    for (let k = 0; k < into.length; k++) {
      const share = exp(base[k] + scores[k][row] - highest);
      into[k][row] = share;
      sum += share;
    }
    for (let k = 0; k < into.length; k++) into[k][row] /= sum;
  }
}

function fillSoftmax(
  { rows, target, weights, output, shares }: ScoredRows & { output: number; shares: Float32Array },
  into: Into,
): void {
  const { gradients, hessians } = into;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const weight = weights === null ? 1 : weights[row];
    const share = shares[row];
    gradients[row] = weight * (share - (target[row] === output ? 1 : 0));
    hessians[row] = weight * share * (1 - share);
  }
}
