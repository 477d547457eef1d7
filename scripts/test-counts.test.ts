import { expect, test } from 'vitest';
import { addCounts, countTests, formatCounts } from './test-counts.ts';

const report = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  success: true,
};

test('a green run counts what passed', () => {
  expect(countTests(report, 0)).toEqual({ passed: 3, failed: 0 });
});

test('a run without a report, without tests, or that exits non-zero is a failure', () => {
  expect(countTests(null, 0)).toEqual({ passed: 0, failed: 1 });
  expect(countTests({ ...report, numPassedTests: 0 }, 0)).toEqual({ passed: 0, failed: 1 });
  expect(countTests(report, 1)).toEqual({ passed: 3, failed: 1 });
  expect(countTests({ ...report, success: false }, 0)).toEqual({ passed: 3, failed: 1 });
});

test('a skipped test is a failure', () => {
  expect(countTests({ ...report, numPendingTests: 2 }, 0)).toEqual({ passed: 3, failed: 2 });
});

test('counts add up and read as one line', () => {
  const total = addCounts([
    { passed: 3, failed: 0 },
    { passed: 4, failed: 1 },
  ]);
  expect(formatCounts(total)).toBe('7 passed, 1 failed');
});
