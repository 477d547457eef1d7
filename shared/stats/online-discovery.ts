/**
 * State of an endless series of tests (a model's drift checks, day after day) under one false-discovery rate.
 * Plain JSON.
 */
export type OnlineDiscovery = {
  alpha: number;
  /** Tests so far. */
  tests: number;
  /** Test numbers, from 1, at which something was discovered. */
  discoveries: number[];
};

export const createOnlineDiscovery = (alpha: number): OnlineDiscovery => ({
  alpha,
  tests: 0,
  discoveries: [],
});

/**
 * Tests one more hypothesis, in place: is its p small enough? The level it is held to comes from what earlier tests
 * left, so over the whole series the share of false discoveries is at most alpha (independent p values).
 * Source: Ramdas et al., Online control of the false discovery rate with decaying memory (2017), LORD++;
 * gamma(j) proportional to log(max(j, 2)) / (j e^sqrt(log j)) as in Javanmard and Montanari (2018).
 */
export function testOnline(
  state: OnlineDiscovery,
  pValue: number,
): { level: number; isDiscovery: boolean } {
  const level = levelOf(state);
  state.tests++;
  const isDiscovery = pValue <= level;
  if (isDiscovery) state.discoveries.push(state.tests);
  return { level, isDiscovery };
}

function levelOf({ alpha, tests, discoveries }: OnlineDiscovery): number {
  const now = tests + 1;
  const initial = alpha / 2;
  let level = initial * gamma(now);
  discoveries.forEach((at, i) => {
    level += (i === 0 ? alpha - initial : alpha) * gamma(now - at);
  });
  return Math.min(alpha, level);
}

/** The constant that makes gamma sum to 1 (the sum to 4 million and the integral beyond, rounded down). */
const GAMMA_SCALE = 0.07908;

const gamma = (j: number): number =>
  (GAMMA_SCALE * Math.log(Math.max(j, 2))) / (j * Math.exp(Math.sqrt(Math.log(j))));
