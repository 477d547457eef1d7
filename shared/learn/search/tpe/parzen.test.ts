import { expect, test } from 'vitest';
import { createRng } from '../../../core/rng.ts';
import { coordinateOf, domainsOf } from '../domain.ts';
import type { Choice, SearchSpace } from '../space.ts';
import { ageWeights, leastKernelWidth } from './options.ts';
import { createParzen, type Parzen } from './parzen.ts';

const SPACE: SearchSpace = {
  x: { type: 'float', low: -5, high: 5 },
  rate: { type: 'float', low: 1e-4, high: 1, log: true },
  depth: { type: 'int', low: 1, high: 20 },
  trees: { type: 'int', low: 10, high: 200, step: 10 },
  width: { type: 'int', low: 1, high: 64, log: true },
  share: { type: 'float', low: 0, high: 1, step: 0.1 },
  kind: { type: 'categorical', choices: ['a', 'b', 'c'] },
};
const OBSERVED: Record<string, Choice[]> = {
  ...{ x: [-4, 0.5, 0.75, 3], rate: [0.001, 0.02, 0.03, 0.5], depth: [1, 7, 8, 20] },
  ...{ trees: [10, 120, 130, 200], width: [1, 3, 20, 64], share: [0, 0.3, 0.4, 1] },
  kind: ['a', 'b', 'b', 'c'],
};
const ASKED: Record<string, Choice[]> = {
  ...{ x: [-5, 0.6, 2], rate: [0.0005, 0.025, 1], depth: [3, 7, 19], trees: [50, 120, 200] },
  ...{ width: [2, 16, 64], share: [0.1, 0.4, 0.9], kind: ['c', 'b', 'a'] },
};

/** log_pdf of Optuna 5.0.0's _ParzenEstimator, prior weight 1, magic clip. */
const OPTUNA: Record<string, number[]> = {
  x: [-2.781001536349777, -2.079221990221577, -2.061270250742044],
  rate: [-2.486158246302078, -2.024324392504915, -2.3370199870759483],
  depth: [-2.7885761517695506, -2.807823182004998, -3.391759568226567],
  trees: [-3.1475743673247356, -2.8816960290811737, -2.9643425541756607],
  width: [-2.2516137001105716, -4.337473920180154, -5.591866321946647],
  share: [-2.17495061629997, -2.2606661586660852, -2.7515234167731255],
  kind: [-1.2321436812926323, -0.8754687373538996, -1.2321436812926323],
};
const OPTUNA_TOGETHER = [-15.12650579865865, -16.6531974553847, -18.158572171815983];

const domainsBy = new Map(domainsOf(SPACE).map((domain) => [domain.name, domain]));

function parzenOf(names: string[]): Parzen {
  const domains = names.map((name) => domainsBy.get(name)!);
  const coordinates = domains.map((domain) =>
    Float64Array.from(OBSERVED[domain.name], (value) => coordinateOf(domain, value)),
  );
  const observations = { coordinates, weights: ageWeights(4) };
  return createParzen(domains, observations, { priorWeight: 1, leastWidth: leastKernelWidth });
}

const asked = (names: string[], at: number): Float64Array =>
  Float64Array.from(names, (name) => coordinateOf(domainsBy.get(name)!, ASKED[name][at]));

test.each(Object.keys(OPTUNA))('the density of %s is Optuna’s', (name) => {
  const parzen = parzenOf([name]);
  OPTUNA[name].forEach((expected, at) => {
    expect(parzen.logDensity(asked([name], at))).toBeCloseTo(expected, 10);
  });
});

test('the joint density of all is Optuna’s', () => {
  const names = Object.keys(SPACE);
  const parzen = parzenOf(names);
  OPTUNA_TOGETHER.forEach((expected, at) => {
    expect(parzen.logDensity(asked(names, at))).toBeCloseTo(expected, 10);
  });
});

test('samples follow the density: their mean ratio to the uniform density is the volume', () => {
  const parzen = parzenOf(['x', 'depth']);
  const rng = createRng(3);
  const point = new Float64Array(2);
  const count = 4000;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    parzen.sample(rng, point);
    sum += Math.exp(-parzen.logDensity(point)) / count;
  }
  expect(sum / (10 * 20)).toBeCloseTo(1, 1);
});

test('old observations count less, the newest 25 in full', () => {
  const weights = [...ageWeights(30)];
  [1 / 30, 0.275, 0.5166666666666667, 0.7583333333333333, 1, 1].forEach((expected, i) => {
    expect(weights[i]).toBeCloseTo(expected, 12);
  });
  expect(weights.slice(5).every((weight) => weight === 1)).toBe(true);
});
