import { exp } from '../../core/portable-math.ts';
import { gaussLegendre, type Quadrature } from './gauss-legendre.ts';

/** A game whose worth is link(base + the sum of the moves of those who take part). */
export type AdditiveGame = { base: number; moves: Float64Array };

/** Beyond this distance from 0 of a margin the series has more terms than drawn orders would take. */
export const FARTHEST_MARGIN = 40;

/** What a logistic curve still lacks of 0 or 1 so far out is left out: e^-12. */
const TAIL = 12;
/** Terms beyond are less than e^-13. */
const LAST_EXPONENT = 13;
/** Points of the rule over t; exact up to twice as many players, and smooth beyond. */
const MOST_POINTS = 10;

/** The farthest from 0 that any coalition's margin lies. */
export function reachOf({ base, moves }: AdditiveGame): number {
  let low = base;
  let high = base;
  for (const move of moves) {
    if (move < 0) low += move;
    else high += move;
  }
  return Math.max(-low, high);
}

/**
 * Meaning: Shapley values of a chance whose log odds are a sum, one term per player.
 * Definition: worth of a coalition S: 1 / (1 + exp(-(base + sum of the moves in S))).
 * Method: player j gets the integral over t in [0, 1] of the mean of s(m + move_j) - s(m), where m is
 * base plus each other player's move with chance t (Owen 1972). The logistic curve less a half is a
 * smoothed square wave of half period P, up to e^(reach - P): the sum over odd k of
 * 2 pi / P / sinh(pi w) sin(w x), w = pi k / P. The mean of a sine of independent moves is a product
 * over them, so no coalition is listed. Cost: terms (some P) x points x players.
 * Accuracy: 1e-5; what is missing of the difference between all and none is spread by size.
 */
export function logisticShares(game: AdditiveGame): Float64Array {
  const { moves } = game;
  const period = reachOf(game) + TAIL;
  const shares = new Float64Array(moves.length);
  const rule = gaussLegendre(Math.min(MOST_POINTS, Math.max(1, Math.ceil(moves.length / 2))));
  const waves = createWaves(moves.length);
  for (let k = 1; (Math.PI * Math.PI * k) / period < LAST_EXPONENT; k += 2) {
    const frequency = (Math.PI * k) / period;
    const size = Math.PI * frequency;
    const amplitude = (4 * Math.PI) / period / (exp(size) - exp(-size));
    addTerm(game, { frequency, amplitude, rule }, { waves, shares });
  }
  return spreadRest(game, shares);
}

type Waves = {
  cos: Float64Array;
  sin: Float64Array;
  /** Product of the players before each one: real and imaginary part. */
  beforeRe: Float64Array;
  beforeIm: Float64Array;
};

const createWaves = (players: number): Waves => ({
  cos: new Float64Array(players),
  sin: new Float64Array(players),
  beforeRe: new Float64Array(players),
  beforeIm: new Float64Array(players),
});

type Term = { frequency: number; amplitude: number; rule: Quadrature };

function addTerm(
  { base, moves }: AdditiveGame,
  { frequency, amplitude, rule }: Term,
  { waves, shares }: { waves: Waves; shares: Float64Array },
): void {
  const { cos, sin } = waves;
  for (let j = 0; j < moves.length; j++) {
    cos[j] = Math.cos(frequency * moves[j]);
    sin[j] = Math.sin(frequency * moves[j]);
  }
  const start = { re: Math.cos(frequency * base), im: Math.sin(frequency * base) };
  for (let q = 0; q < rule.points.length; q++)
    addPoint({ t: rule.points[q], weight: amplitude * rule.weights[q], start }, waves, shares);
}

/** Each player's part, the product of the others from both sides: none is divided out. */
function addPoint(
  { t, weight, start }: { t: number; weight: number; start: { re: number; im: number } },
  { cos, sin, beforeRe, beforeIm }: Waves,
  shares: Float64Array,
): void {
  let { re, im } = start;
  for (let j = 0; j < shares.length; j++) {
    beforeRe[j] = re;
    beforeIm[j] = im;
    const [a, b] = [1 - t + t * cos[j], t * sin[j]];
    const turned = re * a - im * b;
    im = re * b + im * a;
    re = turned;
  }
  re = 1;
  im = 0;
  for (let j = shares.length - 1; j >= 0; j--) {
    const othersRe = re * beforeRe[j] - im * beforeIm[j];
    const othersIm = re * beforeIm[j] + im * beforeRe[j];
    shares[j] += weight * (othersRe * sin[j] + othersIm * (cos[j] - 1));
    const [a, b] = [1 - t + t * cos[j], t * sin[j]];
    const turned = re * a - im * b;
    im = re * b + im * a;
    re = turned;
  }
}

export const logistic = (margin: number): number => 1 / (1 + exp(-margin));

function spreadRest({ base, moves }: AdditiveGame, shares: Float64Array): Float64Array {
  let full = base;
  let given = 0;
  let size = 0;
  for (let j = 0; j < moves.length; j++) {
    full += moves[j];
    given += shares[j];
    size += Math.abs(shares[j]);
  }
  const rest = logistic(full) - logistic(base) - given;
  return size > 0 ? shares.map((share) => share + (rest * Math.abs(share)) / size) : shares;
}
