import { log } from '../../../core/portable-math.ts';

/** The strategy's constants, by dimension and population. Source: Hansen (2023), table 1. */
export type Rates = {
  weights: Float64Array;
  /** How many of the weights are positive. */
  parents: number;
  effective: number;
  stepPath: number;
  damping: number;
  covariancePath: number;
  rankOne: number;
  rankMu: number;
  /** Expected length of a standard normal vector. */
  expectedLength: number;
};

export function ratesOf(n: number, populationSize: number): Rates {
  const parents = Math.floor(populationSize / 2);
  const raw = Float64Array.from(
    { length: populationSize },
    (_, i) => log((populationSize + 1) / 2) - log(i + 1),
  );
  const effectiveOf = (values: Float64Array): number =>
    square(values.reduce((a, b) => a + b, 0)) / values.reduce((a, b) => a + b * b, 0);
  const effective = effectiveOf(raw.subarray(0, parents));
  const effectiveBad = effectiveOf(raw.subarray(parents));
  const rankOne = 2 / (square(n + 1.3) + effective);
  const rankMu = Math.min(
    1 - rankOne,
    (2 * (0.25 + effective - 2 + 1 / effective)) / (square(n + 2) + effective),
  );
  const stepPath = (effective + 2) / (n + effective + 5);
  const negative = Math.min(
    1 + rankOne / rankMu,
    1 + (2 * effectiveBad) / (effective + 2),
    (1 - rankOne - rankMu) / (n * rankMu),
  );
  const good = raw.reduce((sum, value) => sum + Math.max(0, value), 0);
  const bad = raw.reduce((sum, value) => sum + Math.max(0, -value), 0);
  return {
    ...{ parents, effective, stepPath, rankOne, rankMu },
    weights: raw.map((value) => (value >= 0 ? value / good : (negative * value) / bad)),
    damping: 1 + 2 * Math.max(0, Math.sqrt((effective - 1) / (n + 1)) - 1) + stepPath,
    covariancePath: (4 + effective / n) / (n + 4 + (2 * effective) / n),
    expectedLength: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

const square = (x: number): number => x * x;
