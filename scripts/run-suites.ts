import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkTasks, vitestTask } from './check-tasks.ts';
import { runTasks, type Task, type TaskResult } from './run-tasks.ts';
import { addCounts, countTests, readReport, type TestCounts } from './test-counts.ts';

export const ROOT = join(import.meta.dirname, '..');

/** Two at a time: the machine has two cores, and vitest and the compiler use one each. */
const CONCURRENCY = 2;

/**
 * Types, lint and the unit tests.
 * @returns counts of the unit tests; every other check that fails counts as one failure
 */
export function runChecks(): Promise<TestCounts> {
  return withReports(async (report) => {
    const unit = vitestTask('unit', report('unit'));
    const results = await run([unit, ...checkTasks(ROOT)], CONCURRENCY);
    return addCounts(
      results.map((result) =>
        result.task === unit
          ? countTests(readReport(report('unit')), result.exitCode)
          : { passed: 0, failed: result.exitCode === 0 ? 0 : 1 },
      ),
    );
  });
}

/** Vitest projects, at most `concurrency` at a time: those that start servers take one each. */
export function runSuites(projects: readonly string[], concurrency: 1 | 2): Promise<TestCounts> {
  return withReports(async (report) => {
    const results = await run(
      projects.map((project) => vitestTask(project, report(project))),
      concurrency,
    );
    return addCounts(
      results.map((result, i) => countTests(readReport(report(projects[i])), result.exitCode)),
    );
  });
}

const run = (tasks: readonly Task[], concurrency: number): Promise<TaskResult[]> =>
  runTasks(tasks, { concurrency, cwd: ROOT, onDone: printResult });

function printResult({ task, exitCode, output, durationMs }: TaskResult): void {
  const seconds = (durationMs / 1000).toFixed(1);
  console.log(`${exitCode === 0 ? 'ok    ' : 'FAILED'}  ${task.name} (${seconds} s)`);
  if (exitCode !== 0) console.log(indent(output.trimEnd()));
}

const indent = (text: string): string => text.replaceAll(/^/gm, '        ');

async function withReports(
  work: (report: (name: string) => string) => Promise<TestCounts>,
): Promise<TestCounts> {
  const folder = mkdtempSync(join(tmpdir(), 'edgewise-reports-'));
  try {
    return await work((name) => join(folder, `${name}.json`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
