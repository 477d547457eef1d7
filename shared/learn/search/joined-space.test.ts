import { expect, test } from 'vitest';
import { isInSpace } from './domain.ts';
import { joinParameters, joinSpaces, splitJoined } from './joined-space.ts';
import type { SearchSpace } from './space.ts';
import { createStudy } from './study.ts';

const ridge: SearchSpace = { alpha: { type: 'float', low: 1e-3, high: 1e3, log: true } };
const trees: SearchSpace = {
  kind: { type: 'categorical', choices: ['dart', 'plain'] },
  depth: { type: 'int', low: 1, high: 9 },
  dropRate: { type: 'float', low: 0, high: 1, when: { parameter: 'kind', in: ['dart'] } },
};

test('a trial of joined spaces has the parameters of one of them, with its conditions', () => {
  const space = joinSpaces({ ridge, trees });
  const study = createStudy({
    space,
    directions: ['minimize'],
    sampler: { type: 'random' },
    seed: 3,
  });
  const seen = new Set<string>();
  for (let count = 0; count < 30; count++) {
    const trial = study.ask();
    const { choice, parameters } = splitJoined(trial.parameters);
    seen.add(`${choice} ${Object.keys(parameters).join(' ')}`);
    expect(isInSpace(choice === 'ridge' ? ridge : trees, parameters)).toBe(true);
    expect(joinParameters(choice, parameters)).toEqual(trial.parameters);
  }
  expect(seen).toEqual(new Set(['ridge alpha', 'trees kind depth', 'trees kind depth dropRate']));
});
