import { expect, test } from 'vitest';
import type { SearchSpace } from './space.ts';
import { spaceProblems } from './space-problems.ts';
import { createStudy } from './study.ts';

test('every problem of a space is named with its parameter and numbers', () => {
  const space: SearchSpace = {
    a: { type: 'categorical', choices: [] },
    b: { type: 'float', low: 2, high: 1 },
    c: { type: 'float', low: 0, high: 1, log: true },
    d: { type: 'int', low: 1, high: 9, step: 0 },
    e: { type: 'int', low: 1.5, high: 9 },
    f: { type: 'float', low: 0, high: Number.POSITIVE_INFINITY },
    g: { type: 'categorical', choices: ['x', 'x'] },
    h: { type: 'int', low: 1, high: 2, when: { parameter: 'z', in: [1] } },
    i: { type: 'int', low: 1, high: 2, when: { parameter: 'j', in: [1] } },
    j: { type: 'int', low: 1, high: 2, when: { parameter: 'i', in: [1] } },
  };
  expect(spaceProblems(space)).toEqual([
    { reason: 'no_choices', parameter: 'a' },
    { reason: 'empty_interval', parameter: 'b', low: 2, high: 1 },
    { reason: 'log_of_zero', parameter: 'c', low: 0 },
    { reason: 'bad_step', parameter: 'd', step: 0 },
    { reason: 'not_whole', parameter: 'e', value: 1.5 },
    { reason: 'not_finite', parameter: 'f', low: 0, high: Number.POSITIVE_INFINITY },
    { reason: 'repeated_choice', parameter: 'g' },
    { reason: 'unknown_parent', parameter: 'h', parent: 'z' },
    { reason: 'own_ancestor', parameter: 'i', parent: 'i' },
    { reason: 'own_ancestor', parameter: 'j', parent: 'j' },
  ]);
  expect(spaceProblems({})).toEqual([{ reason: 'no_parameters' }]);
});

test('a study refuses a space with problems', () => {
  const space: SearchSpace = { b: { type: 'float', low: 2, high: 1 } };
  const options = { directions: ['minimize'], sampler: { type: 'random' }, seed: 0 } as const;
  expect(() => createStudy({ ...options, space })).toThrow('empty_interval');
});
