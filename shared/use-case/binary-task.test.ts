import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SCORE_BINS } from '../contracts/profile.ts';
import { confusionAt } from '../stats/performance/score-figures.ts';
import { addScore, createScores } from '../stats/profile/score-counts.ts';
import { type BinaryTask, classAt, outcomeOf } from './binary-task.ts';

const taskOf = (threshold: number): BinaryTask => ({
  type: 'binary',
  classes: [
    { value: 'stays', label: 'Stays' },
    { value: 'leaves', label: 'Leaves' },
  ],
  threshold,
});

test('an answer is the positive class from the threshold on', () => {
  expect(classAt(taskOf(0.3), 0.3).value).toBe('leaves');
  expect(classAt(taskOf(0.3), 0.2999).value).toBe('stays');
  // 100 x 0.29 is a little below 29.
  expect(classAt(taskOf(0.29), 0.29).value).toBe('leaves');
  expect([0, 1].map((p) => classAt(taskOf(0.5), p).value)).toEqual(['stays', 'leaves']);
});

test('the class that is shown is the one that precision and recall count', () => {
  const hundredths = fc.integer({ min: 1, max: SCORE_BINS - 1 });
  fc.assert(
    fc.property(hundredths, fc.float({ min: 0, max: 1, noNaN: true }), (hundredth, probability) => {
      const threshold = hundredth / SCORE_BINS;
      const scores = createScores();
      addScore(scores, probability, true);
      const isPositive = classAt(taskOf(threshold), probability).value === 'leaves';
      expect(confusionAt(scores, threshold).tp).toBe(isPositive ? 1 : 0);
    }),
  );
});

test('an outcome is told as 0 or 1 or by its class, and as nothing else', () => {
  const task = taskOf(0.5);
  expect([0, 1, 'stays', 'leaves'].map((told) => outcomeOf(task, told))).toEqual([0, 1, 0, 1]);
  for (const told of [2, 0.5, -1, Number.NaN, '0', '1', 'Leaves', '', true, null, undefined, {}])
    expect(outcomeOf(task, told)).toBeNull();
  // Where the classes are named 1 and 0, text is a name.
  const classes: BinaryTask['classes'] = [
    { value: '1', label: 'Yes' },
    { value: '0', label: 'No' },
  ];
  expect(outcomeOf({ ...task, classes }, '0')).toBe(1);
});
