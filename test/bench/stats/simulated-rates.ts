import { createRng, normal } from '../../../shared/core/rng.ts';
import { compareProfiles } from '../../../shared/stats/drift/compare-profiles.ts';
import { compareSamples, type DriftMethod } from '../../../shared/stats/drift/compare-samples.ts';
import type { Sample } from '../../../shared/stats/drift/sample.ts';
import { unitsNeeded } from '../../../shared/stats/experiment/power.ts';
import { addNumber, createColumnProfile } from '../../../shared/stats/profile/column-profile.ts';
import { profileOfNumbers } from '../../../shared/stats/profile/reference-profile.ts';
import { andersonDarling } from '../../../shared/stats/tests/anderson-darling.ts';
import { kolmogorovSmirnov } from '../../../shared/stats/tests/kolmogorov-smirnov.ts';
import { mannWhitney } from '../../../shared/stats/tests/mann-whitney.ts';
import { tTest } from '../../../shared/stats/tests/t-test.ts';
import { type Source, simulateDrift, TEN_INPUTS } from '../../simulation/drift-simulation.ts';
import { simulateRollout } from '../../simulation/rollout-simulation.ts';
import type { Bench } from '../row.ts';

const RUNS = 2000;
const policy = { minSamples: 30, alpha: 0.05, minPsi: 0 };

type Setting = { inputs: Record<string, Source>; referenceRows: number; currentRows: number };

function alarmRate({ inputs, referenceRows, currentRows }: Setting): number {
  let alarms = 0;
  for (let seed = 0; seed < RUNS; seed++) {
    const rng = createRng(seed * 104_729 + 11);
    const sizes = { referenceRows, currentRows };
    const results = simulateDrift({ reference: inputs, current: inputs, ...sizes, policy, rng });
    if (results.some(({ verdict }) => verdict === 'drift')) alarms++;
  }
  return alarms / RUNS;
}

const even = (k: number): Record<string, Source> => ({
  only: { type: 'category', shares: new Array<number>(k).fill(1 / k) },
});
const one: Record<string, Source> = { only: { type: 'number', draw: normal } };

const SETTINGS: Record<string, Setting> = {
  'ten inputs, 2000 against 500': { inputs: TEN_INPUTS, referenceRows: 2000, currentRows: 500 },
  'ten inputs, 800 against 200': { inputs: TEN_INPUTS, referenceRows: 800, currentRows: 200 },
  '3 categories, 800 against 800': { inputs: even(3), referenceRows: 800, currentRows: 800 },
  '3 categories, 1000 against 200': { inputs: even(3), referenceRows: 1000, currentRows: 200 },
  '3 categories, 500 against 2000': { inputs: even(3), referenceRows: 500, currentRows: 2000 },
  '10 categories, 1000 against 1000': { inputs: even(10), referenceRows: 1000, currentRows: 1000 },
  '20 categories, 2000 against 50': { inputs: even(20), referenceRows: 2000, currentRows: 50 },
  '20 categories, 2000 against 500': { inputs: even(20), referenceRows: 2000, currentRows: 500 },
  'normal, 2000 against 50': { inputs: one, referenceRows: 2000, currentRows: 50 },
  'normal, 2000 against 500': { inputs: one, referenceRows: 2000, currentRows: 500 },
};

/** How often the default drift policy alarms when nothing changed. */
export const falseAlarms: Bench = {
  name: 'false-alarms',
  run: async () => {
    const detail = Object.fromEntries(
      Object.entries(SETTINGS).map(([name, setting]) => [name, alarmRate(setting)]),
    );
    const value = Math.max(...Object.values(detail));
    return {
      name: 'false-alarms',
      question: `How often does the default drift policy alarm on unchanged data, worst of ${Object.keys(SETTINGS).length} settings, ${RUNS} runs each?`,
      value,
      unit: 'share',
      bar: '<= 0.06 (nominal 0.05)',
      holds: value <= 0.06,
      detail,
    };
  },
};

type Change = { reference: (rng: () => number) => number; current: (rng: () => number) => number };

const normalChange = (shift: number, scale: number): Change => ({
  reference: normal,
  current: (rng) => shift + scale * normal(rng),
});

const FAMILIES: Record<string, Change[]> = {
  'normal shifted by 0.1-0.5 SD': [0.1, 0.2, 0.3, 0.4, 0.5].map((shift) => normalChange(shift, 1)),
  'normal spread by 1.1-1.5': [1.1, 1.2, 1.3, 1.4, 1.5].map((scale) => normalChange(0, scale)),
  'log-normal scaled by 1.05-1.5': [1.05, 1.1, 1.2, 1.3, 1.5].map((scale) => ({
    reference: (rng) => Math.exp(normal(rng)),
    current: (rng) => scale * Math.exp(normal(rng)),
  })),
};

type Pair = (a: Float64Array, b: Float64Array) => { pValue: number } | null;
const SINGLE_TESTS: Record<string, Pair> = {
  ks: kolmogorovSmirnov,
  anderson: andersonDarling,
  t_test: tTest,
  mannw: mannWhitney,
};

function combined(a: Float64Array, b: Float64Array): { pValue: number } | null {
  const reference = profileOfNumbers(a);
  const current = createColumnProfile({ type: 'number', edges: reference.edges });
  for (const value of b) addNumber(current, value);
  return compareProfiles(reference, current);
}

const POWER_RUNS = 300;

function powerOf(test: Pair, change: Change): number {
  let found = 0;
  for (let seed = 0; seed < POWER_RUNS; seed++) {
    const rng = createRng(seed * 7919 + 3);
    const a = Float64Array.from({ length: 2000 }, () => change.reference(rng));
    const b = Float64Array.from({ length: 400 }, () => change.current(rng));
    if ((test(a, b)?.pValue ?? 1) <= 0.05) found++;
  }
  return found / POWER_RUNS;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Category swings of 5 to 9 points in one of three and of ten categories. */
function categoryPower(method: DriftMethod): number {
  const swings = [0.05, 0.07, 0.09].flatMap((swing) => [3, 10].map((k) => ({ swing, k })));
  return mean(
    swings.map(({ swing, k }) => {
      let found = 0;
      for (let seed = 0; seed < POWER_RUNS; seed++) {
        const rng = createRng(seed * 7919 + 5);
        const draw = (n: number, by: number): Sample => {
          const first = 1 / k + by;
          const values = Array.from({ length: n }, () =>
            rng() < first ? 'c0' : `c${1 + Math.floor(rng() * (k - 1))}`,
          );
          return { type: 'category', values };
        };
        const pair = { reference: draw(2000, 0), current: draw(400, swing) };
        const [result] = compareSamples(pair, { methods: [method], permutations: 99, rng });
        if ((result.pValue ?? 1) <= 0.05) found++;
      }
      return found / POWER_RUNS;
    }),
  );
}

/** Mean power over the sizes of each kind of change, against the best single test of that kind, all at 5 %. */
export const driftPower: Bench = {
  name: 'drift-power',
  run: async () => {
    const detail: Record<string, Record<string, number>> = {};
    for (const [family, changes] of Object.entries(FAMILIES)) {
      const tests = { default: combined, ...SINGLE_TESTS };
      detail[family] = Object.fromEntries(
        Object.entries(tests).map(([name, test]) => [
          name,
          mean(changes.map((change) => powerOf(test, change))),
        ]),
      );
    }
    detail['category swings of 5-9 points'] = {
      default: categoryPower('auto'),
      g_test: categoryPower('g_test'),
    };
    const misses = Object.values(detail).map(
      ({ default: own, ...single }) => Math.max(...Object.values(single)) - own,
    );
    const value = Math.max(...misses);
    return {
      name: 'drift-power',
      question:
        'By how much is the default less powerful than the best single test of each kind of change, averaged over its sizes, at 5 % false alarms, 2000 against 400 rows?',
      value,
      unit: 'share',
      bar: '<= 0.05',
      holds: value <= 0.05,
      detail,
    };
  },
};

const ROLLOUTS = 10_000;

/** One-sided test of mean absolute errors of the simulated shape, the champion's side known. */
function fixedHorizon(champion: number, challenger: number): number {
  const shape = { mean: Math.sqrt(2 / Math.PI) * 1.1, square: 0.95 + 0.05 * 9 };
  return unitsNeeded({
    variance: challenger ** 2 * (shape.square - shape.mean ** 2),
    effect: (challenger - champion) * shape.mean,
    alpha: 0.05,
    alternative: 'greater',
    ratio: Infinity,
    power: 0.8,
  });
}

/** How often continuous peeking rolls back a challenger that equals the champion, and how soon a bad one goes. */
export const sequentialAlpha: Bench = {
  name: 'sequential-alpha',
  run: async () => {
    const gates = [
      { metric: 'mae' as const, maxRatioToChampion: 1, minSamples: 50 },
      { metric: 'error_rate' as const, max: 0.02, minSamples: 50 },
    ];
    const champion = { errorScale: 7, failureRate: 0.02, latencyMs: 5 };
    const simulation = { gates, champion, maxFolds: 60, eventsPerFold: 100 };
    let rolledBack = 0;
    const events: number[] = [];
    for (let seed = 0; seed < ROLLOUTS; seed++) {
      const same = simulateRollout({ ...simulation, challenger: champion, rng: createRng(seed) });
      if (same.kind === 'roll_back') rolledBack++;
      if (seed % 20 > 0) continue;
      const challenger = { ...champion, errorScale: 11 };
      const bad = simulateRollout({ ...simulation, challenger, rng: createRng(seed) });
      if (bad.kind === 'roll_back') events.push(bad.challengerEvents);
    }
    const value = rolledBack / ROLLOUTS;
    const sorted = events.sort((a, b) => a - b);
    return {
      name: 'sequential-alpha',
      question: `How often is an equal challenger rolled back when its gates are looked at after every fold, over ${ROLLOUTS} rollouts?`,
      value,
      unit: 'share',
      bar: '<= 0.05',
      holds: value <= 0.05,
      detail: {
        'errors 57 % larger: rolled back': sorted.length / (ROLLOUTS / 20),
        'median challenger events to its roll-back': sorted[sorted.length >> 1],
        'challenger events a fixed-horizon test of power 0.8 needs': fixedHorizon(7, 11),
      },
    };
  },
};
