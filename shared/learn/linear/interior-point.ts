import type { RowDesign } from './row-design.ts';
import { solveDamped } from './solve-symmetric.ts';

/**
 * The dual of weighted, penalised quantile regression: maximise y^T d subject to A^T d = 0 and d in a
 * box. Rows of A are rows of the matrix with a 1 behind, then one unit row per coefficient: its
 * penalty is the absolute residual of a row that wants it to be 0. All [rows + columns], but `box`
 * and `start` are shifted so that the lower bound is 0.
 */
export type Program = {
  /** Products with A and its transpose, and A^T diag(q) A. */
  design: RowDesign;
  cost: Float64Array;
  /** Upper bounds. */
  box: Float64Array;
};

/** Variables of the interior-point method (Portnoy and Koenker 1997's names are x, s, z, w, y). */
type Interior = {
  dual: Float64Array;
  slack: Float64Array;
  lowerPrice: Float64Array;
  upperPrice: Float64Array;
  coefficients: Float64Array;
};

const GAP = 1e-10;
const STEP_BACK = 0.9995;

/**
 * Follows the central path (Mehrotra's predictor and corrector) from a dual point inside the box.
 * @returns minus the coefficients
 */
export function followPath(
  program: Program,
  dual: Float64Array,
  { maxIter, isTimeUp }: { maxIter: number; isTimeUp?: () => boolean },
): Float64Array {
  const at = startOf(program, dual);
  const scale = program.cost.reduce((sum, value) => sum + Math.abs(value), 1e-300);
  for (let i = 0; i < maxIter && !isTimeUp?.(); i++) {
    const gap = complementarity(at);
    if (!(gap > GAP * scale)) break;
    if (!takeStep(program, at)) break;
  }
  return at.coefficients;
}

function startOf({ design, cost, box }: Program, dual: Float64Array): Interior {
  const ones = new Float64Array(box.length).fill(1);
  const coefficients = solveDamped(design.gram(ones), design.transposed(cost));
  const fitted = design.times(coefficients);
  const size = cost.reduce((sum, value) => sum + Math.abs(value), 0) / cost.length;
  const floor = 1e-3 * size || 1e-3;
  const residual = cost.map((value, i) => value - fitted[i]);
  return {
    dual,
    slack: box.map((value, i) => value - dual[i]),
    lowerPrice: residual.map((value) => Math.max(value, 0) + floor),
    upperPrice: residual.map((value) => Math.max(-value, 0) + floor),
    coefficients,
  };
}

const complementarity = ({ dual, slack, lowerPrice, upperPrice }: Interior): number =>
  dual.reduce((sum, value, i) => sum + value * lowerPrice[i] + slack[i] * upperPrice[i], 0);

type Direction = {
  dual: Float64Array;
  lowerPrice: Float64Array;
  upperPrice: Float64Array;
  coefficients: Float64Array;
};

/** Mehrotra's predictor and corrector. @returns false once no step is possible */
function takeStep({ design }: Program, at: Interior): boolean {
  const n = at.dual.length;
  const q = at.dual.map(
    (value, i) => 1 / (at.lowerPrice[i] / value + at.upperPrice[i] / at.slack[i]),
  );
  const system = design.gram(q);
  const zero = new Float64Array(n);
  const plain = directionOf(design, at, { q, system, target: 0, cross: zero, crossSlack: zero });
  const reach = reachOf(at, plain);
  const mu = complementarity(at);
  let direction = plain;
  let steps = reach;
  if (Math.min(reach.primal, reach.dual) < 1) {
    const after = complementarity(moved(at, plain, reach));
    const target = (mu * (after / mu) ** 3) / (2 * n);
    direction = directionOf(design, at, {
      ...{ q, system, target },
      cross: plain.dual.map((value, i) => value * plain.lowerPrice[i]),
      crossSlack: plain.dual.map((value, i) => -value * plain.upperPrice[i]),
    });
    steps = reachOf(at, direction);
  }
  if (!direction.coefficients.every(Number.isFinite)) return false;
  Object.assign(at, moved(at, direction, steps));
  return true;
}

type NewtonSystem = {
  q: Float64Array;
  system: Float64Array;
  /** What each product of a variable and its price is to become. */
  target: number;
  cross: Float64Array;
  crossSlack: Float64Array;
};

function directionOf(
  design: RowDesign,
  { dual, slack, lowerPrice, upperPrice }: Interior,
  { q, system, target, cross, crossSlack }: NewtonSystem,
): Direction {
  const push = dual.map(
    (value, i) =>
      lowerPrice[i] -
      upperPrice[i] -
      (target - cross[i]) / value +
      (target - crossSlack[i]) / slack[i],
  );
  const coefficients = solveDamped(system, design.transposed(push.map((value, i) => value * q[i])));
  const fitted = design.times(coefficients);
  const step = q.map((value, i) => value * (fitted[i] - push[i]));
  return {
    coefficients,
    dual: step,
    lowerPrice: step.map(
      (value, i) => (target - cross[i] - lowerPrice[i] * value) / dual[i] - lowerPrice[i],
    ),
    upperPrice: step.map(
      (value, i) => (target - crossSlack[i] + upperPrice[i] * value) / slack[i] - upperPrice[i],
    ),
  };
}

/** How far one can go before a variable or a price is no longer above 0. */
function reachOf(at: Interior, direction: Direction): { primal: number; dual: number } {
  let primal = Infinity;
  let dual = Infinity;
  for (let i = 0; i < at.dual.length; i++) {
    const step = direction.dual[i];
    if (step < 0) primal = Math.min(primal, -at.dual[i] / step);
    if (step > 0) primal = Math.min(primal, at.slack[i] / step);
    const [lower, upper] = [direction.lowerPrice[i], direction.upperPrice[i]];
    if (lower < 0) dual = Math.min(dual, -at.lowerPrice[i] / lower);
    if (upper < 0) dual = Math.min(dual, -at.upperPrice[i] / upper);
  }
  return { primal: Math.min(1, STEP_BACK * primal), dual: Math.min(1, STEP_BACK * dual) };
}

const moved = (
  at: Interior,
  direction: Direction,
  { primal, dual }: { primal: number; dual: number },
): Interior => ({
  dual: at.dual.map((value, i) => value + primal * direction.dual[i]),
  slack: at.slack.map((value, i) => value - primal * direction.dual[i]),
  lowerPrice: at.lowerPrice.map((value, i) => value + dual * direction.lowerPrice[i]),
  upperPrice: at.upperPrice.map((value, i) => value + dual * direction.upperPrice[i]),
  coefficients: at.coefficients.map((value, j) => value + dual * direction.coefficients[j]),
});
