import { quantileOfSorted } from '../moments.ts';
import { type DecomposeOptions, type Decomposition, decompose } from './decompose.ts';

/** How unusual one point of a series is, and of what parts what was expected of it is made. */
export type PointExplanation = {
  index: number;
  value: number;
  /** level + season. */
  expected: number;
  level: number;
  season: number;
  /** Standard deviation of the remainders, from their median size, so that anomalies do not widen it. */
  spread: number;
  /** (value - expected) / spread. */
  score: number;
  sentence: string;
};

/** Makes the median size of normal remainders their standard deviation. */
const NORMAL_SCALE = 1.4826;

/**
 * The points of an evenly spaced series that its level and season do not explain, most unusual first. Robust: an
 * incident moves neither what is expected of other points nor the spread that they are held against. The season is
 * taken as the same throughout unless windows are given: one that follows each point closely leaves remainders too
 * small to hold others against (with windows of 7 seasons it calls 2 % of plain noise unusual).
 * @param values NaN where missing
 * @param options.threshold spreads from which a point is told
 * @returns null where there is too little to tell a season by (`decompose`)
 */
export function explainAnomalies(
  values: ArrayLike<number>,
  { threshold = 5, ...options }: DecomposeOptions & { threshold?: number },
): PointExplanation[] | null {
  const stiff = { seasonalWindow: 10 * values.length + 1, seasonalDegree: 0 as const };
  const parts = decompose(values, { isRobust: true, ...stiff, ...options });
  if (!parts) return null;
  const spread = spreadOf(parts);
  const found: PointExplanation[] = [];
  for (let index = 0; index < values.length; index++) {
    if (!Number.isFinite(parts.remainder[index])) continue;
    const point = explain(parts, { index, value: values[index], spread });
    if (Math.abs(point.score) >= threshold) found.push(point);
  }
  return found.sort((a, b) => Math.abs(b.score) - Math.abs(a.score) || a.index - b.index);
}

function explain(
  { trend, seasonal, remainder, period }: Decomposition,
  { index, value, spread }: { index: number; value: number; spread: number },
): PointExplanation {
  const [level, season] = [trend[index], seasonal[index]];
  const expected = level + season;
  // Rounding is no remainder.
  const isNothing = Math.abs(remainder[index]) <= 1e-9 * (Math.abs(level) + Math.abs(season));
  const score = isNothing ? 0 : scoreOf(remainder[index], spread);
  const far = Math.abs(score) >= 1e6 ? 'far' : `${show(Math.abs(score))} spreads`;
  const side = remainder[index] < 0 ? 'below' : 'above';
  const made = `level ${show(level)}, ${season < 0 ? '-' : '+'} ${show(Math.abs(season))} for point ${(index % period) + 1} of ${period} in its season`;
  const sentence = `${show(value)} is ${far} ${side} the ${show(expected)} expected (${made}).`;
  return { index, value, expected, level, season, spread, score, sentence };
}

const scoreOf = (remainder: number, spread: number): number =>
  spread > 0 ? remainder / spread : Math.sign(remainder) * Number.MAX_VALUE;

/** 0 where there is only rounding. */
function spreadOf({ remainder, trend, seasonal }: Decomposition): number {
  const sizes = remainder.filter(Number.isFinite).map(Math.abs).sort();
  const spread = NORMAL_SCALE * quantileOfSorted(sizes, 0.5);
  const levels = trend.map((level, i) => Math.abs(level) + Math.abs(seasonal[i])).sort();
  return spread > 1e-9 * quantileOfSorted(levels, 0.5) ? spread : 0;
}

const show = (value: number): string => String(Number(value.toPrecision(3)));
