import { mirrorLower } from './column-block.ts';
import { descendOnce } from './coordinate-descent.ts';
import { dot, maxAbsolute } from './l-bfgs.ts';

/** Value and derivatives of a smooth convex function; the Hessian's lower triangle where asked for. */
export type Smooth = (
  x: Float64Array,
  withHessian: boolean,
) => { value: number; gradient: Float64Array; hessian: Float64Array };

export type ProximalOptions = {
  /** By unknown: strength of its L1 penalty. */
  l1: Float64Array;
  maxIter: number;
  /** Stops once no unknown moves by more than this share of 1 + the largest. */
  tol: number;
  isTimeUp?: () => boolean;
};

/** Above so many unknowns a Hessian costs more than the iterations that it saves. */
const MAX_NEWTON_UNKNOWNS = 400;
const MAX_HALVINGS = 40;

/**
 * Minimises smooth(x) + sum l1_j |x_j|: proximal Newton with coordinate descent inside (Lee, Sun and
 * Saunders 2014; liblinear's newGLMNET, Yuan et al. 2012), or for many unknowns accelerated proximal
 * gradients (Beck and Teboulle 2009) with restarts.
 */
export function minimiseProximal(
  smooth: Smooth,
  start: Float64Array,
  options: ProximalOptions,
): Float64Array {
  return start.length > MAX_NEWTON_UNKNOWNS
    ? accelerated(smooth, start, options)
    : proximalNewton(smooth, start, options);
}

function proximalNewton(
  smooth: Smooth,
  start: Float64Array,
  { l1, maxIter, tol, isTimeUp }: ProximalOptions,
): Float64Array {
  let x = start;
  for (let i = 0; i < maxIter && !isTimeUp?.(); i++) {
    const at = smooth(x, true);
    const direction = quadraticStep(at, x, l1);
    const bend =
      penalty(
        x.map((value, j) => value + direction[j]),
        l1,
      ) - penalty(x, l1);
    const promised = dot(at.gradient, direction) + bend;
    const before = at.value + penalty(x, l1);
    const isLast = maxAbsolute(direction) <= tol * (1 + maxAbsolute(x));
    let next: Float64Array | null = null;
    for (let halving = 0, length = 1; halving < MAX_HALVINGS && next === null; halving++) {
      const trial = x.map((value, j) => value + length * direction[j]);
      const after = smooth(trial, false).value + penalty(trial, l1);
      if (after <= before + 1e-4 * length * promised) next = trial;
      length /= 2;
      if (isLast) break;
    }
    if (next === null) return x;
    x = next;
    if (isLast) return x;
  }
  return x;
}

/** The step to the minimum of the quadratic model plus the penalty. */
function quadraticStep(
  { gradient, hessian }: { gradient: Float64Array; hessian: Float64Array },
  x: Float64Array,
  l1: Float64Array,
): Float64Array {
  const n = x.length;
  mirrorLower(hessian, n);
  const ax = new Float64Array(n);
  for (let i = 0; i < n; i++) ax[i] = dot(hessian.subarray(i * n, (i + 1) * n), x);
  const b = ax.map((value, i) => value - gradient[i]);
  const found = x.slice();
  for (let pass = 0; pass < 1000; pass++) {
    const change = descendOnce({ a: hessian, b, l1 }, found, ax);
    if (change <= 1e-10 * (1 + maxAbsolute(found))) break;
  }
  return found.map((value, i) => value - x[i]);
}

function accelerated(
  smooth: Smooth,
  start: Float64Array,
  { l1, maxIter, tol, isTimeUp }: ProximalOptions,
): Float64Array {
  let x = start;
  let ahead = start;
  let momentum = 1;
  let curvature = 1;
  for (let i = 0; i < 20 * maxIter && !isTimeUp?.(); i++) {
    const at = smooth(ahead, false);
    let next = shrunk(ahead, at.gradient, { curvature, l1 });
    while (smooth(next, false).value > bound(at, ahead, next, curvature)) {
      curvature *= 2;
      next = shrunk(ahead, at.gradient, { curvature, l1 });
    }
    const step = next.map((value, j) => value - x[j]);
    if (maxAbsolute(step) <= tol * 1e-2 * (1 + maxAbsolute(x))) return next;
    const isUphill =
      dot(
        ahead.map((value, j) => value - next[j]),
        step,
      ) > 0;
    const following = isUphill ? 1 : (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
    const share = isUphill ? 0 : (momentum - 1) / following;
    ahead = next.map((value, j) => value + share * step[j]);
    momentum = following;
    x = next;
    curvature *= 0.98;
  }
  return x;
}

function bound(
  at: { value: number; gradient: Float64Array },
  from: Float64Array,
  to: Float64Array,
  curvature: number,
): number {
  const step = to.map((value, j) => value - from[j]);
  const slack = 1e-12 * Math.abs(at.value);
  return at.value + dot(at.gradient, step) + (curvature / 2) * dot(step, step) + slack;
}

function shrunk(
  from: Float64Array,
  gradient: Float64Array,
  { curvature, l1 }: { curvature: number; l1: Float64Array },
): Float64Array {
  return from.map((value, j) => {
    const moved = value - gradient[j] / curvature;
    return Math.sign(moved) * Math.max(Math.abs(moved) - l1[j] / curvature, 0);
  });
}

const penalty = (x: Float64Array, l1: Float64Array): number =>
  x.reduce((sum, value, j) => sum + l1[j] * Math.abs(value), 0);
