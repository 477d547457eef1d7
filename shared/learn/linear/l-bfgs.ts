/** A smooth function: writes its gradient at `x` into `gradient` and returns its value. */
export type SmoothFunction = (x: Float64Array, gradient: Float64Array) => number;

export type LbfgsOptions = {
  maxIter: number;
  /** Stops once no entry of the gradient is above it. */
  tol: number;
  isTimeUp?: () => boolean;
};

/** Pairs of steps that the inverse Hessian is approximated from, as SciPy's default. */
const MEMORY = 10;
const SUFFICIENT_DECREASE = 1e-4;
const CURVATURE = 0.9;

type Memory = { steps: Float64Array[]; changes: Float64Array[] };
type Point = { x: Float64Array; gradient: Float64Array; value: number };

/**
 * Minimises a smooth function by L-BFGS (Nocedal and Wright 2006, algorithms 7.4 and 7.5) with a
 * bisection line search for the weak Wolfe conditions (Lewis and Overton 2013), which also keeps
 * its footing where the gradient jumps.
 * @returns the best point found; `start` is left as it is
 * Cost: an evaluation and 20 products of length n per iteration.
 */
export function minimiseLbfgs(
  smooth: SmoothFunction,
  start: Float64Array,
  { maxIter, tol, isTimeUp }: LbfgsOptions,
): Float64Array {
  const memory: Memory = { steps: [], changes: [] };
  let point = evaluate(smooth, start.slice());
  for (let i = 0; i < maxIter && !(maxAbsolute(point.gradient) <= tol); i++) {
    if (isTimeUp?.()) break;
    const direction = directionOf(memory, point.gradient);
    const first = i === 0 ? Math.min(1, 1 / norm1(point.gradient)) : 1;
    const next = searchLine(smooth, point, { direction, first });
    if (next === null) {
      if (memory.steps.length === 0) break;
      memory.steps.length = 0;
      memory.changes.length = 0;
      continue;
    }
    remember(memory, point, next);
    point = next;
  }
  return point.x;
}

function evaluate(smooth: SmoothFunction, x: Float64Array): Point {
  const gradient = new Float64Array(x.length);
  return { x, gradient, value: smooth(x, gradient) };
}

/** The two loops of algorithm 7.4: minus the approximate inverse Hessian times the gradient. */
function directionOf({ steps, changes }: Memory, gradient: Float64Array): Float64Array {
  const direction = gradient.map((slope) => -slope);
  const shares: number[] = [];
  for (let k = steps.length - 1; k >= 0; k--) {
    shares[k] = dot(steps[k], direction) / dot(steps[k], changes[k]);
    addScaled(direction, changes[k], -shares[k]);
  }
  const last = steps.length - 1;
  if (last >= 0) {
    const scale = dot(steps[last], changes[last]) / dot(changes[last], changes[last]);
    for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  }
  for (let k = 0; k < steps.length; k++) {
    const share = dot(changes[k], direction) / dot(steps[k], changes[k]);
    addScaled(direction, steps[k], shares[k] - share);
  }
  return direction;
}

/** A point that meets the weak Wolfe conditions, or the lowest met; null when none is lower. */
function searchLine(
  smooth: SmoothFunction,
  from: Point,
  { direction, first }: { direction: Float64Array; first: number },
): Point | null {
  const slope = dot(from.gradient, direction);
  if (!(slope < 0)) return null;
  let low = 0;
  let high = Infinity;
  let length = first;
  let best: Point | null = null;
  for (let trial = 0; trial < 40; trial++) {
    const at = from.x.slice();
    addScaled(at, direction, length);
    const point = evaluate(smooth, at);
    const isLower = point.value <= from.value + SUFFICIENT_DECREASE * length * slope;
    if (point.value < (best ?? from).value) best = point;
    if (!isLower) high = length;
    else if (dot(point.gradient, direction) < CURVATURE * slope) low = length;
    else return point;
    length = high === Infinity ? 2 * low : (low + high) / 2;
  }
  return best;
}

function remember({ steps, changes }: Memory, from: Point, to: Point): void {
  const step = to.x.map((value, i) => value - from.x[i]);
  const change = to.gradient.map((value, i) => value - from.gradient[i]);
  if (!(dot(step, change) > 1e-10 * dot(change, change) * 1e-6)) return;
  steps.push(step);
  changes.push(change);
  if (steps.length > MEMORY) {
    steps.shift();
    changes.shift();
  }
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addScaled(into: Float64Array, from: Float64Array, factor: number): void {
  for (let i = 0; i < into.length; i++) into[i] += factor * from[i];
}

export function maxAbsolute(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    // Not Math.max: a NaN has to be seen.
    if (!(size <= most)) most = size;
  }
  return most;
}

function norm1(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.abs(values[i]);
  return sum;
}
