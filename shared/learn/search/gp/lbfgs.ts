/** Value and, written into `slope`, the gradient at a point. */
export type Objective = (point: Float64Array, slope: Float64Array) => number;

const MEMORY = 8;
const SUFFICIENT_DECREASE = 1e-4;
const MOST_HALVINGS = 20;

type Step = { move: Float64Array; change: Float64Array; curvature: number };

/**
 * Minimises by limited-memory BFGS with backtracking. Stops at a gradient whose largest entry is
 * below `tolerance`, after `mostSteps`, or where no step improves.
 * Source: Nocedal and Wright (2006), algorithms 7.4 and 3.1.
 */
export function minimise(
  objective: Objective,
  start: Float64Array,
  { mostSteps, tolerance }: { mostSteps: number; tolerance: number },
): Float64Array {
  let point = start.slice();
  let slope = new Float64Array(start.length);
  let value = objective(point, slope);
  const steps: Step[] = [];
  for (let count = 0; count < mostSteps; count++) {
    if (slope.every((entry) => Math.abs(entry) < tolerance)) break;
    const direction = quasiNewton(slope, steps);
    let length = steps.length === 0 ? Math.min(1, 1 / norm(slope)) : 1;
    const descent = dot(direction, slope);
    const nextSlope = new Float64Array(start.length);
    let next = point;
    let nextValue = Number.POSITIVE_INFINITY;
    for (let halving = 0; halving < MOST_HALVINGS; halving++, length /= 2) {
      next = point.map((entry, i) => entry + length * direction[i]);
      nextValue = objective(next, nextSlope);
      if (nextValue <= value + SUFFICIENT_DECREASE * length * descent) break;
    }
    if (!(nextValue < value)) break;
    remember(steps, difference(next, point), difference(nextSlope, slope));
    [point, slope, value] = [next, nextSlope, nextValue];
  }
  return point;
}

/** Two-loop recursion: minus the inverse Hessian's estimate times the gradient. */
function quasiNewton(slope: Float64Array, steps: readonly Step[]): Float64Array {
  const direction = slope.map((entry) => -entry);
  const shares = new Float64Array(steps.length);
  for (let k = steps.length - 1; k >= 0; k--) {
    shares[k] = dot(steps[k].move, direction) / steps[k].curvature;
    add(direction, steps[k].change, -shares[k]);
  }
  const last = steps.at(-1);
  if (last !== undefined) {
    const scale = last.curvature / dot(last.change, last.change);
    for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  }
  steps.forEach((step, k) => {
    add(direction, step.move, shares[k] - dot(step.change, direction) / step.curvature);
  });
  return direction;
}

function remember(steps: Step[], move: Float64Array, change: Float64Array): void {
  const curvature = dot(move, change);
  if (!(curvature > 1e-12 * norm(move) * norm(change))) return;
  steps.push({ move, change, curvature });
  if (steps.length > MEMORY) steps.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

const difference = (a: Float64Array, b: Float64Array): Float64Array =>
  a.map((entry, i) => entry - b[i]);

function add(target: Float64Array, source: Float64Array, share: number): void {
  for (let i = 0; i < target.length; i++) target[i] += share * source[i];
}
