import { expect, test } from 'vitest';
import type { Gate } from '../../shared/contracts/declaration.ts';
import type { Profile } from '../../shared/contracts/profile.ts';
import { createRng, type Rng } from '../../shared/core/rng.ts';
import { judgeGates } from '../../shared/decide/gates.ts';
import { addOutcome, createProfile } from '../../shared/stats/profile/traffic-profile.ts';

const RUNS = 300;
const FOLDS = 60;
const EVENTS_PER_FOLD = 50;
const minSamples = 50;

/** A probability that is told, and how often what it is of happens. */
type World = { told: (rng: Rng) => number; happens: (p: number) => number };

function addAnswer(profile: Profile, { told, happens }: World, rng: Rng): void {
  const predicted = told(rng);
  const value = rng() < happens(predicted) ? 1 : 0;
  addOutcome(profile, { value, predicted, source: 'model' });
}

/** How often a gate ever fails, looked at after every fold, and after how many outcomes at the median. */
function everFails(
  gate: Gate,
  challenger: World,
  champion: World = challenger,
): { share: number; median: number } {
  const ends: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const rng = createRng(run * 7919 + 13);
    const step = {
      challenger: createProfile(null, 'binary'),
      champion: createProfile(null, 'binary'),
    };
    for (let fold = 1; fold <= FOLDS; fold++) {
      for (let i = 0; i < EVENTS_PER_FOLD; i++) {
        addAnswer(step.challenger, challenger, rng);
        addAnswer(step.champion, champion, rng);
      }
      if (judgeGates([gate], [step])[0].verdict !== 'fail') continue;
      ends.push(fold * EVENTS_PER_FOLD);
      break;
    }
  }
  ends.sort((a, b) => a - b);
  return { share: ends.length / RUNS, median: ends[Math.floor(ends.length / 2)] ?? Infinity };
}

const even = (rng: Rng): number => 0.05 + 0.9 * rng();
const rare = (rng: Rng): number => 0.001 + 0.1 * rng() ** 3;
const honest: World = { told: even, happens: (p) => p };
const rareHonest: World = { told: rare, happens: (p) => p };

/** Bounds that hold exactly: the hardest case for false alarms. Expectations over the world above, by integration. */
const evenBrier = integral((p) => p * (1 - p));
const evenLogLoss = integral((p) => -p * Math.log(p) - (1 - p) * Math.log(1 - p));
const evenAccuracy = integral((p) => Math.max(p, 1 - p));

function integral(of: (p: number) => number): number {
  const points = 10_000;
  let sum = 0;
  for (let i = 0; i < points; i++) sum += of(0.05 + (0.9 * (i + 0.5)) / points) / points;
  return sum;
}

const precision = integral((p) => (p >= 0.5 ? p : 0)) / integral((p) => (p >= 0.5 ? 1 : 0));
const recall = integral((p) => (p >= 0.5 ? p : 0)) / integral((p) => p);

const onTheBoundary: [string, Gate, World][] = [
  ['Brier score', { metric: 'brier', max: evenBrier, minSamples }, honest],
  ['Brier score of the champion', { metric: 'brier', maxRatioToChampion: 1, minSamples }, honest],
  ['log loss', { metric: 'log_loss', max: evenLogLoss, minSamples }, honest],
  [
    'log loss of the champion',
    { metric: 'log_loss', maxRatioToChampion: 1, minSamples },
    rareHonest,
  ],
  ['accuracy', { metric: 'accuracy', min: evenAccuracy, minSamples }, honest],
  ['precision', { metric: 'precision', min: precision, minSamples }, honest],
  ['recall', { metric: 'recall', min: recall, minSamples }, honest],
  [
    'calibration error, told too low throughout',
    { metric: 'calibration_error', max: 0.04, minSamples },
    { told: even, happens: (p) => p + 0.04 },
  ],
  [
    'calibration error, told too bold',
    { metric: 'calibration_error', max: integral((p) => 0.3 * Math.abs(p - 0.5)), minSamples },
    { told: even, happens: (p) => p - 0.3 * (p - 0.5) },
  ],
  [
    'calibration error of what is rare',
    { metric: 'calibration_error', max: 0.02, minSamples },
    { told: rare, happens: (p) => p + 0.02 },
  ],
  [
    'calibration error of a single probability that is too high',
    { metric: 'calibration_error', max: 0.02, minSamples },
    { told: () => 0.05, happens: () => 0.03 },
  ],
  [
    'calibration error of honest probabilities',
    { metric: 'calibration_error', max: 0.001, minSamples },
    honest,
  ],
];

test.each(onTheBoundary)(
  'at its bound exactly, %s fails a challenger at most 5 times in 100, watched throughout',
  (_, gate, world) => {
    expect(everFails(gate, world).share).toBeLessThanOrEqual(0.05);
  },
);

const tooHigh: World = { told: even, happens: (p) => Math.max(0, p - 0.15) };
const noIdea: World = { told: even, happens: () => 0.5 };

const broken: [string, Gate, World, number][] = [
  ['Brier score', { metric: 'brier', max: 1.1 * evenBrier, minSamples }, noIdea, 200],
  [
    'Brier score of the champion',
    { metric: 'brier', maxRatioToChampion: 1.1, minSamples },
    noIdea,
    300,
  ],
  ['log loss', { metric: 'log_loss', max: 1.1 * evenLogLoss, minSamples }, noIdea, 250],
  ['accuracy', { metric: 'accuracy', min: 0.7, minSamples }, noIdea, 200],
  ['precision', { metric: 'precision', min: 0.65, minSamples }, noIdea, 500],
  ['recall', { metric: 'recall', min: 0.7, minSamples }, noIdea, 400],
  ['calibration error', { metric: 'calibration_error', max: 0.05, minSamples }, tooHigh, 700],
  [
    'calibration error of noise',
    { metric: 'calibration_error', max: 0.05, minSamples },
    noIdea,
    250,
  ],
];

test.each(broken)(
  'a broken %s is found, within so many outcomes at the median',
  (_, gate, world, within) => {
    const { share, median } = everFails(gate, world, honest);
    expect(share).toBeGreaterThan(0.95);
    expect(median).toBeLessThanOrEqual(within);
  },
);
