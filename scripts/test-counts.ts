import { existsSync, readFileSync } from 'node:fs';

export type TestCounts = { passed: number; failed: number };

type VitestReport = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  success: boolean;
};

/**
 * True counts of one vitest run. What the report cannot show as a failed test counts as one: a
 * missing report, a file that did not load, an unhandled error, a run of no tests. A skipped test
 * is a failure: nothing here is skipped silently.
 */
export function countTests(report: VitestReport | null, exitCode: number): TestCounts {
  if (!report) return { passed: 0, failed: 1 };
  const skipped = report.numPendingTests + report.numTodoTests;
  const failed = report.numFailedTests + skipped;
  const isEmpty = report.numPassedTests + failed === 0;
  const isHiddenFailure = failed === 0 && (exitCode !== 0 || !report.success || isEmpty);
  return { passed: report.numPassedTests, failed: failed + (isHiddenFailure ? 1 : 0) };
}

/** The JSON that vitest's reporter left at `path`, or null when the run died before. */
export function readReport(path: string): VitestReport | null {
  if (!existsSync(path)) return null;
  return JSON.parse(readFileSync(path, 'utf8')) as VitestReport;
}

export function addCounts(all: readonly TestCounts[]): TestCounts {
  const total = { passed: 0, failed: 0 };
  for (const counts of all) {
    total.passed += counts.passed;
    total.failed += counts.failed;
  }
  return total;
}

export const formatCounts = ({ passed, failed }: TestCounts): string =>
  `${passed} passed, ${failed} failed`;
