import { exp, log } from '../../core/portable-math.ts';

/** Keeps logarithms of probabilities finite. */
const LEAST_PROBABILITY = 1e-12;
const LEAST_SHARPNESS = 0.01;
const MOST_SHARPNESS = 100;
const HALVINGS = 40;

/**
 * Meaning: the temperature by which the logarithms of probabilities are divided so that what
 * happened becomes likeliest: above 1 where a model is too sure. It never changes which class is
 * the likeliest. Definition: the least mean log loss over 1 / temperature, which is convex there; its
 * derivative's root by bisection in [0.01, 100]. Shapes: probabilities row-major [rows, classes],
 * at least one row. Cost: 40 passes.
 * Source: Guo, Pleiss, Sun, Weinberger 2017.
 * @param truth class codes
 */
export function fitTemperature(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
): number {
  const logs = Float64Array.from(probabilities, logOf);
  let low = LEAST_SHARPNESS;
  let high = MOST_SHARPNESS;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = Math.sqrt(low * high);
    if (lossSlope(middle, { logs, truth, classes }) > 0) high = middle;
    else low = middle;
  }
  return 1 / Math.sqrt(low * high);
}

/** Writes one row's probabilities at that temperature into `into`, from `at` on. */
export function applyTemperature(
  temperature: number,
  {
    probabilities,
    into,
    at,
    classes,
  }: {
    probabilities: ArrayLike<number>;
    into: Float64Array;
    at: number;
    classes: number;
  },
): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < classes; k++) {
    into[at + k] = logOf(probabilities[at + k]) / temperature;
    if (into[at + k] > most) most = into[at + k];
  }
  let total = 0;
  for (let k = 0; k < classes; k++) {
    into[at + k] = exp(into[at + k] - most);
    total += into[at + k];
  }
  for (let k = 0; k < classes; k++) into[at + k] /= total;
}

const logOf = (probability: number): number => log(Math.max(LEAST_PROBABILITY, probability));

/** Derivative of the summed log loss by 1 / temperature: expected less actual logarithm. */
function lossSlope(
  sharpness: number,
  { logs, truth, classes }: { logs: Float64Array; truth: ArrayLike<number>; classes: number },
): number {
  let slope = 0;
  for (let row = 0; row < truth.length; row++) {
    const from = row * classes;
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k++) if (logs[from + k] > most) most = logs[from + k];
    let total = 0;
    let expected = 0;
    for (let k = 0; k < classes; k++) {
      const weight = exp((logs[from + k] - most) * sharpness);
      total += weight;
      expected += weight * logs[from + k];
    }
    slope += expected / total - logs[from + truth[row]];
  }
  return slope;
}
