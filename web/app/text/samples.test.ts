import { expect, test } from 'vitest';
import { putById } from './put-by-id.ts';
import { appendSample, MOST_SAMPLES, type Sample } from './samples.ts';

const NOW = Date.parse('2026-11-21T10:00:00Z');

test('the rate of a fresh summary is drawn as it is', () => {
  const summary = { foldedAt: '2026-11-21T09:59:58Z', predictionsPerMinute: 42 };
  expect(appendSample([], summary, NOW)).toEqual([{ atMs: NOW, predictionsPerMinute: 42 }]);
});

test('after a minute of silence the rate is zero', () => {
  const summary = { foldedAt: '2026-11-21T09:58:00Z', predictionsPerMinute: 42 };
  expect(appendSample([], summary, NOW)[0].predictionsPerMinute).toBe(0);
});

test('old points make room for new ones', () => {
  const summary = { foldedAt: '2026-11-21T10:00:00Z', predictionsPerMinute: 1 };
  let samples: Sample[] = [];
  for (let i = 0; i < MOST_SAMPLES + 5; i++) samples = appendSample(samples, summary, NOW + i);
  expect(samples.length).toBe(MOST_SAMPLES);
  expect(samples[0].atMs).toBe(NOW + 5);
});

test('what changed takes its own place, what is new comes first', () => {
  const list = [
    { id: 'a', n: 1 },
    { id: 'b', n: 1 },
  ];
  expect(putById(list, { id: 'b', n: 2 })).toEqual([
    { id: 'a', n: 1 },
    { id: 'b', n: 2 },
  ]);
  expect(putById(list, { id: 'c', n: 1 })[0].id).toBe('c');
});
