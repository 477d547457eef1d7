import { expect, expectTypeOf, test } from 'vitest';
import type { Declaration } from '../contracts/declaration.ts';
import { DAY_MS, HOUR_MS } from '../core/time.ts';
import { defaultGates, defaultPolicies } from './default-policies.ts';
import { declarationOf, defineUseCase } from './define-use-case.ts';
import { readDeclaration } from './read-declaration.ts';

/** The shortest use case there is: nothing here could be left out. */
const tip = defineUseCase({
  id: 'tip',
  title: 'Tip',
  task: { type: 'regression', unit: '$' },
  inputs: [{ name: 'bill', label: 'Bill', type: 'number', range: [0, 500], missing: 'reject' }],
  target: { name: 'tip', label: 'Tip', range: [0, 100] },
  fallback: ({ bill }) => 0.15 * bill,
});

const stays = { value: 'stays', label: 'Stays' } as const;
const leaves = { value: 'leaves', label: 'Leaves' } as const;
const { inputs } = declarationOf(tip);
const leaving = {
  id: 'leaving',
  title: 'Leaving',
  task: { type: 'binary', classes: [stays, leaves] },
  inputs,
  target: { name: 'left', label: 'Leaves' },
} as const;

test('the shortest use case says what is predicted of what and what always answers, and is whole', () => {
  expect(declarationOf(tip)).toEqual({
    id: 'tip',
    title: 'Tip',
    task: { type: 'regression', unit: '$' },
    inputs: [{ name: 'bill', label: 'Bill', type: 'number', range: [0, 500], missing: 'reject' }],
    target: { name: 'tip', label: 'Tip', unit: '$', range: [0, 100] },
    description: '',
    splitBy: { type: 'random' },
    search: { algorithms: ['ridge', 'hist-gradient-boosting'], folds: 5 },
    objective: 'mae',
    gates: [
      { metric: 'mae', maxRatioToChampion: 1.1, minSamples: 100 },
      { metric: 'fallback_rate', max: 0.05, minSamples: 100 },
      { metric: 'error_rate', max: 0.02, minSamples: 100 },
      { metric: 'latency_p95_ms', max: 100, minSamples: 100 },
    ],
    rollout: { steps: [0.01, 0.05, 0.1, 0.25, 0.5, 1], holdMs: DAY_MS },
    monitors: {
      drift: { minSamples: 200, alpha: 0.01, minPsi: 0.1, windowMs: HOUR_MS },
      fallbackRate: { max: 0.1, minSamples: 100 },
      errorRate: { max: 0.05, minSamples: 100 },
      activity: { alpha: 1e-4 },
    },
    retraining: { cron: '0 3 * * 1', minNewLabels: 500, cooldownMs: DAY_MS },
    businessMetrics: [],
    logging: { features: true },
  });
  expect(tip.fallback({ bill: 20 })).toBe(3);
});

test('a classifier is of probabilities without saying so, and has policies of its own', () => {
  const declared = declarationOf(defineUseCase({ ...leaving, fallback: () => 0.2 }));
  expect(declared).toMatchObject({
    task: { threshold: 0.5 },
    target: { unit: '', range: [0, 1] },
    objective: 'log_loss',
    search: { algorithms: ['logistic-regression', 'hist-gradient-boosting'] },
  });
  expect(declared.gates.slice(0, 2)).toEqual([
    { metric: 'brier', maxRatioToChampion: 1.1, minSamples: 100 },
    { metric: 'calibration_error', max: 0.1, minSamples: 100 },
  ]);
});

test('of a record the parts that are given differ, a list is given whole', () => {
  const { monitors, retraining, rollout, search, gates } = defineUseCase({
    ...leaving,
    search: { trials: 4 },
    gates: [...defaultGates('binary'), { metric: 'recall', min: 0.6, minSamples: 50 }],
    rollout: { steps: [0.5, 1] },
    monitors: { drift: { minSamples: 900 }, brier: { max: 0.2, minSamples: 100 } },
    retraining: { cron: '0 5 * * *' },
    fallback: () => 0.2,
  });
  const usual = defaultPolicies('binary');
  expect(search).toEqual({ ...usual.search, trials: 4 });
  expect(gates.map(({ metric }) => metric)).toEqual([
    ...usual.gates.map(({ metric }) => metric),
    'recall',
  ]);
  expect(rollout).toEqual({ steps: [0.5, 1], holdMs: DAY_MS });
  expect(monitors).toEqual({
    ...usual.monitors,
    drift: { ...usual.monitors.drift, minSamples: 900 },
    brier: { max: 0.2, minSamples: 100 },
  });
  expect(retraining).toEqual({ ...usual.retraining, cron: '0 5 * * *' });
});

test('a declaration that is whole stays as it is', () => {
  const whole = declarationOf(tip);
  const read = readDeclaration({ ...whole, gates: [], logging: { features: false } });
  expect(read).toEqual({ ok: true, value: { ...whole, gates: [], logging: { features: false } } });
});

test('a misspelt policy is refused with its place: its default would go unnoticed', () => {
  const problems = (change: object) => {
    const read = readDeclaration({ ...declarationOf(tip), ...change });
    return read.ok ? [] : read.error.problems;
  };
  expect(problems({ gate: [] })).toEqual(['gate: is no part of a declaration']);
  expect(problems({ monitors: { drift: { minSample: 9 } } })).toEqual([
    'monitors.drift.minSample: is no part of a declaration',
  ]);
  expect(problems({ gates: [{ metric: 'mae', max: 1, minSamples: 1, maxRatio: 2 }] })).toEqual([
    'gates.0.maxRatio: is no part of a declaration',
  ]);
  expect(problems(JSON.parse('{"__proto__": {"gates": []}, "toString": 1}'))).toEqual([
    '__proto__: is no part of a declaration',
    'toString: is no part of a declaration',
  ]);
  expect(problems({ gates: null, sensitive: undefined })[0]).toMatch(/^gates: /);
  expect(problems({ task: 'regression' })[0]).toMatch(/^task: /);
});

test('what may be left out is a matter of writing: what is read has all of it', () => {
  expectTypeOf(tip).toExtend<Declaration>();
  expectTypeOf(tip.gates).toEqualTypeOf<Declaration['gates']>();
  expectTypeOf(tip.search.folds).toBeNumber();
  const { target: _, ...untold } = leaving;
  const number = { ...leaving, task: { type: 'regression', unit: '$' } } as const;
  const drafts = [
    // @ts-expect-error nobody knows the target
    () => defineUseCase({ ...untold, fallback: () => 0.2 }),
    // @ts-expect-error the range of a number is nobody's guess
    () => defineUseCase({ ...number, fallback: () => 1 }),
    // @ts-expect-error a monitor that is not there by default is given whole
    () => defineUseCase({ ...leaving, monitors: { brier: { max: 1 } }, fallback: () => 0.2 }),
  ];
  for (const draft of drafts) expect(draft).toThrow(/is not valid/);
});
