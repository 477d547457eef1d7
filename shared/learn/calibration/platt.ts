import { exp, log, log1p } from '../../core/portable-math.ts';
/** The chance of a positive is 1 / (1 + exp(slope * score + offset)); a rising one has slope < 0. */
export type PlattMap = { slope: number; offset: number };

const MOST_STEPS = 100;
const LEAST_STEP = 1e-10;
/** Keeps the Hessian invertible where scores are constant. */
const RIDGE = 1e-12;
const GRADIENT_END = 1e-10;

/**
 * Meaning: turns any score into a chance by the logistic curve that makes what happened likeliest.
 * Definition: maximum likelihood with the targets (n+ + 1) / (n+ + 2) and 1 / (n- + 2) in place of 1
 * and 0, which keeps it finite where scores separate the classes; Newton steps, halved until the
 * loss falls. Weighted rows count by their weight, n+ and n- are sums of weights. Shapes: scores,
 * labels (0 or 1) and weights (absent: all 1) of one length, both classes present. Constant scores:
 * the mean target. Cost: rows per step, some ten steps.
 * Source: Platt 2000; Lin, Lin, Weng 2007, algorithm 1. Reference: scikit-learn 1.2
 * _sigmoid_calibration (its a, b are slope and offset).
 */
export function fitPlatt(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights: ArrayLike<number> = new Float64Array(labels.length).fill(1),
): PlattMap {
  const { positives, negatives, high, low } = targetsOf(labels, weights);
  const sample = { scores, labels, weights, high, low };
  let slope = 0;
  let offset = log((negatives + 1) / (positives + 1));
  let loss = lossAt({ slope, offset }, sample);
  for (let step = 0; step < MOST_STEPS; step++) {
    const direction = newtonDirection({ slope, offset }, sample);
    if (direction === null) break;
    let size = 1;
    for (; size >= LEAST_STEP; size /= 2) {
      const next = {
        slope: slope + size * direction.slope,
        offset: offset + size * direction.offset,
      };
      const nextLoss = lossAt(next, sample);
      if (nextLoss >= loss + 1e-4 * size * direction.fall) continue;
      slope = next.slope;
      offset = next.offset;
      loss = nextLoss;
      break;
    }
    if (size < LEAST_STEP) break;
  }
  return { slope, offset };
}

/** The chance of a positive. */
export function applyPlatt({ slope, offset }: PlattMap, score: number): number {
  const at = slope * score + offset;
  return at >= 0 ? exp(-at) / (1 + exp(-at)) : 1 / (1 + exp(at));
}

type Sample = {
  scores: ArrayLike<number>;
  labels: ArrayLike<number>;
  weights: ArrayLike<number>;
  /** Targets of positives and of negatives. */
  high: number;
  low: number;
};

function targetsOf(labels: ArrayLike<number>, weights: ArrayLike<number>) {
  let positives = 0;
  let negatives = 0;
  for (let row = 0; row < labels.length; row++)
    if (labels[row] === 1) positives += weights[row];
    else negatives += weights[row];
  return {
    positives,
    negatives,
    high: (positives + 1) / (positives + 2),
    low: 1 / (negatives + 2),
  };
}

function lossAt(
  { slope, offset }: PlattMap,
  { scores, labels, weights, high, low }: Sample,
): number {
  let loss = 0;
  for (let row = 0; row < labels.length; row++) {
    const at = slope * scores[row] + offset;
    const target = labels[row] === 1 ? high : low;
    const own = at >= 0 ? target * at + log1p(exp(-at)) : (target - 1) * at + log1p(exp(at));
    loss += weights[row] * own;
  }
  return loss;
}

/** @returns null where the gradient has vanished; `fall` is the slope of the loss that way */
function newtonDirection(
  map: PlattMap,
  { scores, labels, weights, high, low }: Sample,
): { slope: number; offset: number; fall: number } | null {
  let h11 = RIDGE;
  let h22 = RIDGE;
  let h21 = 0;
  let g1 = 0;
  let g2 = 0;
  for (let row = 0; row < labels.length; row++) {
    const chance = applyPlatt(map, scores[row]);
    const curvature = weights[row] * chance * (1 - chance);
    const excess = weights[row] * ((labels[row] === 1 ? high : low) - chance);
    h11 += scores[row] * scores[row] * curvature;
    h22 += curvature;
    h21 += scores[row] * curvature;
    g1 += scores[row] * excess;
    g2 += excess;
  }
  if (Math.abs(g1) < GRADIENT_END && Math.abs(g2) < GRADIENT_END) return null;
  const determinant = h11 * h22 - h21 * h21;
  const slope = -(h22 * g1 - h21 * g2) / determinant;
  const offset = -(-h21 * g1 + h11 * g2) / determinant;
  return { slope, offset, fall: g1 * slope + g2 * offset };
}
