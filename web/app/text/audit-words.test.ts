import { expect, test } from 'vitest';
import { actionWords, detailWords } from './audit-words.ts';

test('what was done is said in words, and what is not known yet by its code', () => {
  expect(actionWords('rollout.all')).toBe('Rolled out to everyone');
  expect(actionWords('rollout.sideways')).toBe('rollout.sideways');
});

test('settings are told by what they do; anything else stays as it was written', () => {
  const said = (detail: string) => detailWords({ action: 'model.settings', detail });
  expect(said('{"mlEnabled":false}')).toBe('model switched off');
  expect(said('{"trafficPercentage":60,"fallbackOnError":true}')).toBe(
    '60% of traffic may get a model, built-in estimate on errors on',
  );
  expect([said('{"colour":1}'), said('not JSON')]).toEqual(['{"colour":1}', 'not JSON']);
  const steps = 'steps shadow 1, serve 0.05, serve 1';
  expect(detailWords({ action: 'rollout.canary', detail: steps })).toBe(
    'steps 100% shadow, 5%, 100%',
  );
  expect(detailWords({ action: 'run.start', detail: '{"a":1}' })).toBe('{"a":1}');
});
