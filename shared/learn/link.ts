import { exp } from '../core/portable-math.ts';

/** Its exponential is finite in float32. */
export const GREATEST_LOGARITHM = 88;

/**
 * From raw scores to predictions. `logistic` makes two probabilities of one score, that of class 0
 * first; `pair` does so of one that is the probability of class 1; `softmax` needs one score per
 * class; `normalise` divides votes by their sum; `exp` is the inverse of a log link, of scores above 88 as of
 * 88; `exp2` is an isolation forest's 2^score; `max` keeps the greatest of a row's scores.
 */
export type Link =
  | 'identity'
  | 'logistic'
  | 'pair'
  | 'softmax'
  | 'normalise'
  | 'exp'
  | 'exp2'
  | 'max';

/**
 * @param scores row-major float32 [rows, outputs]
 * @returns row-major float32: [rows, 2] for `logistic` and `pair`, [rows] for `max`, else [rows,
 *   outputs]
 */
export function applyLink(link: Link, scores: Float32Array, outputs: number): Float32Array {
  switch (link) {
    case 'identity':
      return scores;
    case 'exp':
      return scores.map((score) => exp(Math.min(GREATEST_LOGARITHM, score)));
    case 'exp2':
      return scores.map((score) => 2 ** score);
    case 'logistic':
      return pairs(scores.map((score) => 1 / (1 + exp(-score))));
    case 'pair':
      return pairs(scores);
    case 'softmax':
      return softmax(scores, outputs);
    case 'normalise':
      return normalise(scores, outputs);
    case 'max':
      return greatest(scores, outputs);
  }
}

function pairs(ones: Float32Array): Float32Array {
  const probabilities = new Float32Array(ones.length * 2);
  for (let i = 0; i < ones.length; i++) {
    probabilities[2 * i] = 1 - ones[i];
    probabilities[2 * i + 1] = ones[i];
  }
  return probabilities;
}

function softmax(scores: Float32Array, outputs: number): Float32Array {
  const probabilities = new Float32Array(scores.length);
  for (let at = 0; at < scores.length; at += outputs) {
    let highest = -Infinity;
    for (let k = 0; k < outputs; k++) highest = Math.max(highest, scores[at + k]);
    let sum = 0;
    for (let k = 0; k < outputs; k++) sum += exp(scores[at + k] - highest);
    for (let k = 0; k < outputs; k++) probabilities[at + k] = exp(scores[at + k] - highest) / sum;
  }
  return probabilities;
}

/** A row of nothing but zeros becomes equal shares. */
function normalise(votes: Float32Array, outputs: number): Float32Array {
  const shares = new Float32Array(votes.length);
  for (let at = 0; at < votes.length; at += outputs) {
    let sum = 0;
    for (let k = 0; k < outputs; k++) sum += votes[at + k];
    for (let k = 0; k < outputs; k++) shares[at + k] = sum > 0 ? votes[at + k] / sum : 1 / outputs;
  }
  return shares;
}

function greatest(scores: Float32Array, outputs: number): Float32Array {
  const most = new Float32Array(scores.length / outputs);
  for (let row = 0; row < most.length; row++) {
    most[row] = scores[row * outputs];
    for (let k = 1; k < outputs; k++) most[row] = Math.max(most[row], scores[row * outputs + k]);
  }
  return most;
}
