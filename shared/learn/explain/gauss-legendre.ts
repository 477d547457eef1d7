/** Points and weights of a quadrature rule on [0, 1]. */
export type Quadrature = { points: Float64Array; weights: Float64Array };

const NEWTON_STEPS = 100;

/**
 * The Gauss-Legendre rule with `size` points on [0, 1]: exact for polynomials of degree
 * 2 size - 1. Roots of the Legendre polynomial by Newton's method from Tricomi's first guess
 * (Abramowitz and Stegun 25.4.29, shifted).
 * @param size at least 1
 */
export function gaussLegendre(size: number): Quadrature {
  const points = new Float64Array(size);
  const weights = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (size + 0.5));
    let slope = legendre(size, x).slope;
    for (let step = 0; step < NEWTON_STEPS; step++) {
      const at = legendre(size, x);
      const next = x - at.value / at.slope;
      const isThere = Math.abs(next - x) < 1e-15;
      x = next;
      slope = legendre(size, x).slope;
      if (isThere) break;
    }
    points[i] = (1 - x) / 2;
    weights[i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { points, weights };
}

/** Value and derivative of the Legendre polynomial of a degree, by Bonnet's recursion. */
function legendre(degree: number, x: number): { value: number; slope: number } {
  let before = 1;
  let value = x;
  for (let n = 2; n <= degree; n++) {
    const next = ((2 * n - 1) * x * value - (n - 1) * before) / n;
    before = value;
    value = next;
  }
  return { value, slope: (degree * (x * value - before)) / (x * x - 1) };
}
