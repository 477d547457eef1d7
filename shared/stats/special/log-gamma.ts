import { stirlingError } from './stirling-error.ts';

/** (zeta(k) - 1) / k for k = 2..32 (Abramowitz and Stegun 6.1.33). */
const ZETA_TERMS = [
  0.3224670334241132, 0.0673523010531981, 0.020580808427784546, 0.007385551028673986,
  0.0028905103307415234, 0.001192753911703261, 0.0005096695247430425, 0.00022315475845357939,
  9.945751278180853e-5, 4.492623673813314e-5, 2.050721277567069e-5, 9.439488275268397e-6,
  4.374866789907488e-6, 2.039215753801366e-6, 9.55141213040742e-7, 4.492469198764566e-7,
  2.1207184805554665e-7, 1.0043224823968099e-7, 4.7698101693639804e-8, 2.2711094608943164e-8,
  1.0838659214896955e-8, 5.183475041970047e-9, 2.4836745438024785e-9, 1.1921401405860912e-9,
  5.731367241678862e-10, 2.7595228851242334e-10, 1.330476437424449e-10, 6.4229645638381e-11,
  3.1044247747322276e-11, 1.5021384080754142e-11, 7.275974480239079e-12,
];
const ONE_LESS_EULER = 0.42278433509846713;
const HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * Logarithm of the gamma function for x > 0; relative error about 1e-14, at its zeros 1 and 2 too.
 * Near them by the zeta series (Abramowitz and Stegun 6.1.33), elsewhere Stirling's. Infinity at 0 and at
 * Infinity, NaN below 0.
 */
export function logGamma(x: number): number {
  if (!(x >= 0)) return Number.NaN;
  if (x === 0 || x === Infinity) return Infinity;
  if (x < 0.5) return logGamma1p(x) - Math.log(x);
  if (x < 1.5) return logGamma1p(x - 1);
  if (x < 2.5) return Math.log1p(x - 2) + logGamma1p(x - 2);
  return (x - 0.5) * Math.log(x) - x + HALF_LOG_2_PI + stirlingError(x);
}

/** log Gamma(1 + z) for |z| <= 0.5, relative error 1e-15 near z = 0. */
export function logGamma1p(z: number): number {
  let sum = 0;
  for (let k = ZETA_TERMS.length - 1; k >= 0; k--) sum = ZETA_TERMS[k] - z * sum;
  return z * (z * sum + ONE_LESS_EULER) - Math.log1p(z);
}

/** log B(a, b) = log Gamma(a) + log Gamma(b) - log Gamma(a + b), for a, b > 0, without the cancellation of large arguments. */
export function logBeta(a: number, b: number): number {
  const n = a + b;
  if (Math.min(a, b) < 3) {
    if (n < 20) return logGamma(a) + logGamma(b) - logGamma(n);
    return logGamma(Math.min(a, b)) + logRatio(Math.max(a, b), Math.min(a, b));
  }
  return (
    HALF_LOG_2_PI +
    stirlingError(a) +
    stirlingError(b) -
    stirlingError(n) -
    a * Math.log1p(b / a) -
    b * Math.log1p(a / b) +
    0.5 * (Math.log1p(b / a) - Math.log(b))
  );
}

/** log Gamma(large) - log Gamma(large + small). */
function logRatio(large: number, small: number): number {
  const n = large + small;
  return (
    stirlingError(large) -
    stirlingError(n) -
    (large - 0.5) * Math.log1p(small / large) -
    small * Math.log(n) +
    small
  );
}
