import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isInSpace } from './domain.ts';
import type { SamplerOptions } from './samplers.ts';
import type { Parameters, SearchSpace } from './space.ts';
import { createStudy, resumeStudy, type Study } from './study.ts';

const SPACE: SearchSpace = {
  model: { type: 'categorical', choices: ['trees', 'ridge', 'none'] },
  rate: {
    type: 'float',
    low: 1e-4,
    high: 1,
    log: true,
    when: { parameter: 'model', in: ['trees'] },
  },
  depth: { type: 'int', low: 1, high: 12, when: { parameter: 'model', in: ['trees'] } },
  sampled: {
    type: 'categorical',
    choices: [true, false],
    when: { parameter: 'model', in: ['trees'] },
  },
  share: {
    type: 'float',
    low: 0.1,
    high: 0.9,
    step: 0.1,
    when: { parameter: 'sampled', in: [true] },
  },
  alpha: {
    type: 'float',
    low: 1e-3,
    high: 1e3,
    log: true,
    when: { parameter: 'model', in: ['ridge'] },
  },
  width: { type: 'int', low: 1, high: 1000, log: true },
  fixed: { type: 'int', low: 3, high: 3 },
};

const SAMPLERS: SamplerOptions[] = [
  { type: 'tpe', startupTrials: 6 },
  { type: 'tpe', startupTrials: 6, isMultivariate: false },
  { type: 'cma-es' },
  { type: 'gp', startupTrials: 6 },
  { type: 'nsga-ii', populationSize: 4 },
  { type: 'sobol' },
  { type: 'grid', pointsPerParameter: 3 },
  { type: 'random' },
];

function loss({ model, rate, depth, alpha, width }: Parameters): number {
  if (model === 'trees') return (Math.log10(Number(rate)) + 2) ** 2 + (Number(depth) - 5) ** 2 / 10;
  if (model === 'ridge') return 1 + Math.abs(Math.log10(Number(alpha)));
  return 3 + Number(width) / 1000;
}

/** Three trials at once, the newest or the oldest of which ends first; every sixth fails. */
function drive(study: Study, trials: number): void {
  while (study.state.trials.length < trials) {
    const { number } = study.ask();
    const running = study.state.trials.filter(({ state }) => state === 'running');
    if (running.length < 3) continue;
    const done = running[number % 2 === 0 ? 0 : 2];
    const outcome = { values: [loss(done.parameters)] };
    study.tell(done.number, done.number % 6 === 5 ? { state: 'failed' } : outcome);
  }
}

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe.each(SAMPLERS)('a study by $type', (sampler) => {
  test('suggests parameters of the space only, with their conditions', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const study = createStudy({ space: SPACE, directions: ['minimize'], sampler, seed });
        drive(study, 14);
        for (const { parameters } of study.state.trials)
          expect(isInSpace(SPACE, parameters), JSON.stringify(parameters)).toBe(true);
      }),
      { numRuns: 3 },
    );
  });

  test('goes on from JSON as if it had not stopped', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 19 }), (seed, cut) => {
        const whole = createStudy({ space: SPACE, directions: ['minimize'], sampler, seed });
        const first = createStudy({ space: SPACE, directions: ['minimize'], sampler, seed });
        drive(whole, 20);
        drive(first, cut);
        const second = resumeStudy(JSON.parse(JSON.stringify(first.state)));
        drive(second, 20);
        expect(second.state).toEqual(whole.state);
      }),
      { numRuns: 3 },
    );
  });
});

test('a trial that is taken back leaves no trace: the next one asked is the same', () => {
  const space = { x: { type: 'float', low: 0, high: 1 } } as const;
  const study = createStudy({ space, directions: ['minimize'], sampler: { type: 'tpe' }, seed: 3 });
  const asked = structuredClone(study.ask());
  study.withdraw();
  expect(study.state.trials).toEqual([]);
  expect(study.ask()).toEqual(asked);
});

test('trials that run at once are not tried twice by TPE', () => {
  const space: SearchSpace = { x: { type: 'float', low: -5, high: 5 } };
  const study = createStudy({ space, directions: ['minimize'], sampler: { type: 'tpe' }, seed: 1 });
  for (let trial = 0; trial < 30; trial++) {
    const { number, parameters } = study.ask();
    study.tell(number, { values: [Number(parameters.x) ** 2] });
  }
  const together = Array.from({ length: 8 }, () => Number(study.ask().parameters.x));
  const gaps = [...together].sort((a, b) => a - b).map((x, i, all) => (i > 0 ? x - all[i - 1] : 1));
  expect(Math.min(...gaps)).toBeGreaterThan(1e-4);
});

test('TPE prefers the part of a space that keeps the constraint', () => {
  const space: SearchSpace = { x: { type: 'float', low: 0, high: 1 } };
  const study = createStudy({ space, directions: ['minimize'], sampler: { type: 'tpe' }, seed: 4 });
  for (let trial = 0; trial < 60; trial++) {
    const { number, parameters } = study.ask();
    const x = Number(parameters.x);
    study.tell(number, { values: [x], constraints: [0.5 - x] });
  }
  const late = study.state.trials.slice(40).map(({ parameters }) => Number(parameters.x));
  expect(late.filter((x) => x >= 0.5).length).toBeGreaterThan(10);
  expect(Math.min(...late.filter((x) => x >= 0.5))).toBeLessThan(0.52);
});

test('given parameters are tried as they are, and their children are completed', () => {
  const study = createStudy({
    space: SPACE,
    directions: ['minimize'],
    sampler: { type: 'random' },
    seed: 2,
  });
  for (let trial = 0; trial < 20; trial++) {
    const { parameters } = study.ask({ model: 'trees', depth: 4, sampled: true });
    expect(parameters).toMatchObject({ model: 'trees', depth: 4, sampled: true });
    expect(isInSpace(SPACE, parameters)).toBe(true);
  }
  expect(() => study.ask({ depth: 99, model: 'trees' })).toThrow('depth is 99');
});

test('a trial ends once, with as many values as objectives, and not by NaN', () => {
  const study = createStudy({
    space: SPACE,
    directions: ['minimize'],
    sampler: { type: 'random' },
    seed: 2,
  });
  expect(study.tell(0, { values: [1] })).toEqual({
    ok: false,
    error: { reason: 'unknown_trial', trial: 0 },
  });
  study.ask();
  study.ask();
  expect(study.tell(0, { values: [1, 2] })).toMatchObject({
    error: { reason: 'wrong_number_of_values', values: 2, objectives: 1 },
  });
  expect(study.tell(0, { values: [1] })).toMatchObject({
    ok: true,
    value: { state: 'complete', values: [1] },
  });
  expect(study.tell(0, { values: [1] })).toMatchObject({
    error: { reason: 'already_told', state: 'complete' },
  });
  expect(study.tell(1, { values: [Number.NaN] })).toMatchObject({
    value: { state: 'failed', values: null },
  });
});

test('grid search tries every combination once before any twice', () => {
  const space: SearchSpace = {
    kind: { type: 'categorical', choices: ['a', 'b'] },
    depth: { type: 'int', low: 1, high: 3, when: { parameter: 'kind', in: ['a'] } },
    share: { type: 'float', low: 0, high: 1 },
  };
  const sampler: SamplerOptions = { type: 'grid', pointsPerParameter: 3 };
  const study = createStudy({ space, directions: ['minimize'], sampler, seed: 0 });
  const tried = Array.from({ length: 24 }, () => JSON.stringify(study.ask().parameters));
  expect(new Set(tried.slice(0, 12)).size).toBe(12);
  expect(tried.slice(12)).toEqual(tried.slice(0, 12));
});

test('MOTPE and NSGA-II spread over the front of two objectives', () => {
  const space: SearchSpace = {
    x: { type: 'float', low: 0, high: 2 },
    y: { type: 'float', low: 0, high: 2 },
  };
  for (const sampler of [{ type: 'tpe' }, { type: 'nsga-ii', populationSize: 16 }] as const) {
    const study = createStudy({ space, directions: ['minimize', 'maximize'], sampler, seed: 8 });
    for (let trial = 0; trial < 80; trial++) {
      const { number, parameters } = study.ask();
      const [x, y] = [Number(parameters.x), Number(parameters.y)];
      study.tell(number, { values: [x * x + y * y, -((x - 1) ** 2) - y * y] });
    }
    const late = study.state.trials.slice(60).map(({ parameters }) => Number(parameters.y));
    expect(late.reduce((sum, y) => sum + y, 0) / late.length, sampler.type).toBeLessThan(0.7);
  }
});
