import { expect, test } from 'vitest';
import { stopReason } from './stop.ts';
import { createStudy } from './study.ts';

function studyOf(values: (number | null)[]) {
  const space = { x: { type: 'float', low: 0, high: 1 } } as const;
  const study = createStudy({
    space,
    directions: ['maximize'],
    sampler: { type: 'random' },
    seed: 0,
  });
  for (const value of values) {
    const { number } = study.ask();
    study.tell(number, value === null ? { state: 'failed' } : { values: [value] });
  }
  return study.state.trials;
}

const now = { direction: 'maximize', elapsedMs: 500 } as const;

test('a search stops by trials, by time, at its target, or after trials without improvement', () => {
  const trials = studyOf([0.5, 0.7, 0.6, null, 0.7]);
  expect(stopReason(trials, now, {})).toBe(null);
  expect(stopReason(trials, now, { trials: 5 })).toBe('trials');
  expect(stopReason(trials, now, { trials: 6 })).toBe(null);
  expect(stopReason(trials, now, { budgetMs: 500 })).toBe('time');
  expect(stopReason(trials, now, { budgetMs: 501 })).toBe(null);
  expect(stopReason(trials, now, { target: 0.7 })).toBe('target');
  expect(stopReason(trials, now, { target: 0.71 })).toBe(null);
  expect(stopReason(trials, now, { trialsWithoutImprovement: 2 })).toBe('no_improvement');
  expect(stopReason(trials, now, { trialsWithoutImprovement: 3 })).toBe(null);
  expect(stopReason(studyOf([null, null]), now, { trialsWithoutImprovement: 1 })).toBe(null);
});
