import { normalDensity, normalSurvival } from '../distributions/normal.ts';

/** `count` events that are independent of each other, each of which has this chance and then adds `size`. */
export type EventGroup = { size: number; count: number; chance: number };

/** Sums of so many steps are added up, larger ones approximated. */
const EXACT_STEPS = 5_000_000;
/** Above this mean the chance of no event at all is too small to begin from. */
const EXACT_MEAN = 600;

/**
 * Chance that the events together add at least `least`.
 *
 * Exact where that takes few steps (sums over what each group may add); else by Lugannani and Rice's saddlepoint with
 * Daniels' second continuity correction, right to some per cent of itself in the far tail too.
 * @param groups sizes whole and above 0, chances in (0, 1)
 * Cost: at most 5 million steps, or groups x 100.
 * Source: Daniels, Tail probability approximations, International Statistical Review 55 (1987).
 */
export function eventSumTail(least: number, groups: readonly EventGroup[]): number {
  if (least <= 0) return 1;
  const mean = groups.reduce((sum, { size, count, chance }) => sum + size * count * chance, 0);
  const most = groups.reduce((sum, { size, count }) => sum + size * count, 0);
  if (least > most) return 0;
  const steps = groups.reduce(
    (sum, { size, count }) => sum + least * Math.min(count, Math.ceil(least / size)),
    0,
  );
  return steps <= EXACT_STEPS && mean <= EXACT_MEAN
    ? exactTail(least, groups)
    : saddlepointTail(least, groups);
}

function exactTail(least: number, groups: readonly EventGroup[]): number {
  let below = new Float64Array(least);
  below[0] = 1;
  let reached = 0;
  for (const group of groups) {
    const { chances, atLeast } = binomialOf(group, least);
    const next = new Float64Array(least);
    for (let sum = 0; sum < least; sum++) {
      if (below[sum] === 0) continue;
      const needed = Math.ceil((least - sum) / group.size);
      for (let events = 0; events < Math.min(needed, chances.length); events++)
        next[sum + events * group.size] += below[sum] * chances[events];
      if (needed < atLeast.length) reached += below[sum] * atLeast[needed];
    }
    below = next;
  }
  return Math.min(1, reached);
}

/** Chances of so many events, and of at least so many, up to the number that matters. */
function binomialOf({ size, count, chance }: EventGroup, least: number) {
  const needed = Math.ceil(least / size);
  const spread = Math.sqrt(count * chance * (1 - chance));
  const last = Math.min(count, Math.ceil(Math.max(needed, count * chance) + 40 + 10 * spread));
  const chances = new Float64Array(last + 1);
  const logOdds = Math.log(chance) - Math.log1p(-chance);
  let logChance = count * Math.log1p(-chance);
  for (let events = 0; events <= last; events++) {
    chances[events] = Math.exp(logChance);
    logChance += Math.log((count - events) / (events + 1)) + logOdds;
  }
  const atLeast = new Float64Array(last + 1);
  let sum = 0;
  for (let events = last; events >= 0; events--) {
    sum += chances[events];
    atLeast[events] = sum;
  }
  return { chances, atLeast };
}

function saddlepointTail(least: number, groups: readonly EventGroup[]): number {
  const span = groups.reduce((divisor, { size }) => greatestDivisor(divisor, size), 0);
  const at = least - span / 2;
  const tilt = tiltOf(at, groups);
  const { log, spread } = tilted(groups, tilt);
  const exponent = Math.max(0, tilt * at - log);
  const w = Math.sign(tilt) * Math.sqrt(2 * exponent);
  const u = (2 * Math.sinh((tilt * span) / 2) * Math.sqrt(spread)) / span;
  if (Math.abs(w) < 1e-4) return 0.5;
  const tail = normalSurvival(w) + normalDensity(w) * (1 / u - 1 / w);
  return Math.min(1, tail > 0 ? tail : Math.exp(-exponent));
}

const greatestDivisor = (a: number, b: number): number => (a === 0 ? b : greatestDivisor(b % a, a));

/** Beyond it every event happens, or none, to double precision. */
const MOST_TILT = 1e6;

/** The tilt under which the mean is `at`, by bisection. */
function tiltOf(at: number, groups: readonly EventGroup[]): number {
  let reach = 1;
  while (reach < MOST_TILT && tilted(groups, reach).mean < at) reach *= 2;
  let low = -1;
  while (low > -MOST_TILT && tilted(groups, low).mean > at) low *= 2;
  let high = reach;
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (tilted(groups, middle).mean < at) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The sum's cumulant generating function at a tilt, and mean and variance there. */
function tilted(groups: readonly EventGroup[], tilt: number) {
  let [log, mean, spread] = [0, 0, 0];
  for (const { size, count, chance } of groups) {
    const power = size * tilt;
    const weight = 1 / (1 + ((1 - chance) / chance) * Math.exp(-power));
    log +=
      count *
      (power > 0
        ? power + Math.log(chance + (1 - chance) * Math.exp(-power))
        : Math.log1p(chance * Math.expm1(power)));
    mean += count * size * weight;
    spread += count * size * size * weight * (1 - weight);
  }
  return { log, mean, spread };
}
