import type { CategoryProfile, ColumnProfile } from '../../contracts/profile.ts';
import { chiSquareSurvival } from '../distributions/chi-square.ts';
import { normalDensity, normalQuantile, normalSurvival } from '../distributions/normal.ts';
import { countOf } from '../profile/column-profile.ts';
import { proportionsZ } from '../tests/counts.ts';
import { poolNeighbours, twoSampleChiSquare } from '../tests/two-sample-chi-square.ts';
import { cellsOf } from './profile-cells.ts';
import { unseenCategories } from './unseen-categories.ts';

export type ProfileComparison = {
  /** Two-sample chi-square over the cells. */
  statistic: number;
  pValue: number;
  /** What the smallest weighted p saw: where the change is. */
  kind: 'location' | 'scale' | 'shape' | 'missing' | 'categories' | 'unseen';
};

/** How the error is shared among the questions; the weights of those asked are scaled to sum to 1. */
const WEIGHTS = {
  ...{ location: 0.55, scale: 0.25, shape: 0.2, missing: 0.15 },
  ...{ categories: 0.8, unseen: 0.2 },
};
/** Of so many values that are all in one cell it can be told that nothing moved. */
const FEWEST_CONSTANT = 10;

/**
 * Has a column changed between two profiles in the same bins? The error of BOTH samples is counted.
 *
 * Numbers are asked four independent questions: has the location moved (normal scores of the bins, van der
 * Waerden), the scale (squared normal scores, Klotz), anything else (what is left of the two-sample chi-square),
 * the share of missing values. The answers become one p by weighted minimum (Sidak), so a shift is found almost as
 * soon as by a test made for shifts, which a chi-square over twenty bins does not. Bins are pooled with their
 * neighbours until 5 are expected in each. Categories: two-sample chi-square, missing a cell of its own; where some are
 * so rare that the chi-square pools them, also whether there are more rows of categories that the reference does not
 * have than rare ones explain (`unseenCategories`).
 * @returns null when a profile is empty, or too small to have more than one cell; p 1 where 10 values and more of each
 * are all in one cell
 * Cost: O(bins log bins). Sources: van der Waerden (1952), Klotz (1962); Neyman's smooth test (1937).
 */
export function compareProfiles(
  reference: ColumnProfile,
  current: ColumnProfile,
): ProfileComparison | null {
  const n = countOf(reference) + reference.missing;
  const m = countOf(current) + current.missing;
  if (n === 0 || m === 0) return null;
  const fewest = Math.min(countOf(reference), countOf(current));
  if (fewest >= FEWEST_CONSTANT && usedCells(cellsOf(reference), cellsOf(current)) === 1)
    return {
      statistic: 0,
      pValue: 1,
      kind: reference.type === 'number' ? 'location' : 'categories',
    };
  if (reference.type === 'category' && current.type === 'category')
    return compareCategories(reference, current);
  const questions = shapeQuestions(reference, current);
  let statistic = questions.statistic;
  if (reference.missing + current.missing > 0) {
    const test = proportionsZ({ events: reference.missing, n }, { events: current.missing, n: m });
    if (test) {
      questions.asked.push({ kind: 'missing', pValue: test.pValue });
      statistic += test.statistic ** 2;
    }
  }
  return questions.asked.length === 0 ? null : { statistic, ...combine(questions.asked) };
}

const usedCells = (before: readonly number[], now: readonly number[]): number =>
  before.filter((count, i) => count + now[i] > 0).length;

function compareCategories(
  reference: CategoryProfile,
  current: CategoryProfile,
): ProfileComparison | null {
  const [before, now] = [cellsOf(reference), cellsOf(current)];
  const test = twoSampleChiSquare(before, now);
  if (!test) return null;
  const asked: Question[] = [{ kind: 'categories', pValue: test.pValue }];
  const unseen = test.cells < usedCells(before, now) ? unseenCategories(reference, current) : null;
  if (unseen) asked.push({ kind: 'unseen', pValue: unseen.pValue });
  return { statistic: test.statistic, ...combine(asked) };
}

type Question = { kind: keyof typeof WEIGHTS; pValue: number };

function shapeQuestions(
  reference: ColumnProfile,
  current: ColumnProfile,
): { statistic: number; asked: Question[] } {
  const cells = poolNeighbours(reference.counts, current.counts);
  if (cells.length < 2) return { statistic: 0, asked: [] };
  const n = cells.reduce((sum, cell) => sum + cell.a, 0);
  const m = cells.reduce((sum, cell) => sum + cell.b, 0);
  const shares = cells.map(({ a, b }) => (a + b) / (n + m));
  const gaps = cells.map(({ a, b }) => b / m - a / n);
  const smaller = Math.min(n, m);
  const perUnit = (n * m) / (n + m);
  const statistic = perUnit * gaps.reduce((sum, gap, i) => sum + (gap * gap) / shares[i], 0);
  const [location, scale] = normalScores(shares);
  const square = (scores: readonly number[]): number => {
    const norm = dot(scores, scores, shares);
    const shift = gaps.reduce((sum, gap, i) => sum + gap * scores[i], 0);
    return (perUnit * shift * shift) / norm;
  };
  const moved = square(location);
  const asked: Question[] = [{ kind: 'location', pValue: twoSided(moved, smaller) }];
  if (cells.length === 2) return { statistic, asked };
  const spread = square(scale);
  asked.push({ kind: 'scale', pValue: twoSided(spread, smaller) });
  const df = cells.length - 3;
  const rest = Math.max(0, statistic - moved - spread);
  if (df > 0) asked.push({ kind: 'shape', pValue: chiSquareSurvival(rest, df) });
  return { statistic, asked };
}

/**
 * p of a squared standardised sum: of a t variable with the smaller sample's degrees of freedom (Wallace 1959),
 * which keeps the level where that sample is only some dozens.
 */
function twoSided(square: number, smaller: number): number {
  const df = Math.max(1, smaller - 1);
  const z = (Math.sqrt(df * Math.log1p(square / df)) * (8 * df + 1)) / (8 * df + 3);
  return Math.min(1, 2 * normalSurvival(z));
}

/** Mean of x and of x^2 - 1 of a standard normal in each cell, the second made orthogonal to the first. */
function normalScores(shares: readonly number[]): [number[], number[]] {
  const location: number[] = [];
  const scale: number[] = [];
  let below = 0;
  let densityLow = 0;
  let momentLow = 0;
  shares.forEach((share, i) => {
    below += share;
    const x = i === shares.length - 1 ? Infinity : normalQuantile(Math.min(1, below));
    const density = Number.isFinite(x) ? normalDensity(x) : 0;
    const moment = Number.isFinite(x) ? x * density : 0;
    location.push((densityLow - density) / share);
    scale.push((momentLow - moment) / share);
    densityLow = density;
    momentLow = moment;
  });
  const overlap = dot(location, scale, shares) / dot(location, location, shares);
  return [location, scale.map((score, i) => score - overlap * location[i])];
}

const dot = (a: readonly number[], b: readonly number[], weights: readonly number[]): number =>
  weights.reduce((sum, weight, i) => sum + weight * a[i] * b[i], 0);

/** Chance that the smallest p / weight of independent p values is as small as the one seen. */
function combine(asked: readonly Question[]): Pick<ProfileComparison, 'pValue' | 'kind'> {
  const total = asked.reduce((sum, { kind }) => sum + WEIGHTS[kind], 0);
  let smallest = Infinity;
  let kind = asked[0].kind;
  for (const question of asked) {
    const ratio = (question.pValue * total) / WEIGHTS[question.kind];
    if (ratio < smallest) {
      smallest = ratio;
      kind = question.kind;
    }
  }
  const logKept = asked.reduce((sum, question) => {
    const level = Math.min(1, (smallest * WEIGHTS[question.kind]) / total);
    return sum + Math.log1p(-level);
  }, 0);
  return { pValue: Math.min(1, -Math.expm1(logKept)), kind };
}
