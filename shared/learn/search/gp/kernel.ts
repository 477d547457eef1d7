import { exp } from '../../../core/portable-math.ts';

/** Inputs of a process: numbers in [0, 1], or codes of categories, of which only equality counts. */
export type Inputs = { rows: readonly Float64Array[]; isCategory: readonly boolean[] };

/** Inverse squared length scales by input, variance of the function, variance of the noise. */
export type KernelParameters = { precisions: Float64Array; scale: number; noise: number };

const ROOT_5 = Math.sqrt(5);

export const squaredGap = (a: number, b: number, isCategory: boolean): number =>
  isCategory ? (a === b ? 0 : 1) : (a - b) * (a - b);

/** Matern 5/2 correlation at a squared distance. */
export const matern = (squared: number): number => {
  const r = ROOT_5 * Math.sqrt(squared);
  return (1 + r + (r * r) / 3) * exp(-r);
};

/** Derivative of `matern` by the squared distance. */
export const maternSlope = (squared: number): number => {
  const r = ROOT_5 * Math.sqrt(squared);
  return (-5 / 6) * (1 + r) * exp(-r);
};

/** Covariance of the function between two points. */
export const kernelOf =
  ({ precisions, scale }: KernelParameters, isCategory: readonly boolean[]) =>
  (a: Float64Array, b: Float64Array): number => {
    let squared = 0;
    for (let j = 0; j < a.length; j++)
      squared += precisions[j] * squaredGap(a[j], b[j], isCategory[j]);
    return scale * matern(squared);
  };
