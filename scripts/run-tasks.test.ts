import { expect, test } from 'vitest';
import { runTasks, type Task } from './run-tasks.ts';

const script = (name: string, code: string): Task => ({
  name,
  command: process.execPath,
  args: ['-e', code],
});
const options = { concurrency: 2, cwd: process.cwd(), onDone: () => undefined };

test('results keep the order of the tasks, with exit code and both outputs', async () => {
  const results = await runTasks(
    [
      script('slow', 'setTimeout(() => { console.log("out"); console.error("err") }, 150)'),
      script('failing', 'process.exit(3)'),
    ],
    options,
  );
  expect(results.map((result) => [result.task.name, result.exitCode])).toEqual([
    ['slow', 0],
    ['failing', 3],
  ]);
  expect(results[0].output).toContain('out');
  expect(results[0].output).toContain('err');
});

test('a program that does not exist is a failure with its name in the output', async () => {
  const [result] = await runTasks(
    [{ name: 'none', command: 'no-such-program', args: [] }],
    options,
  );
  expect(result.exitCode).toBe(1);
  expect(result.output).toContain('no-such-program');
});

test('no more than two run at once', async () => {
  const doneAtMs: number[] = [];
  const startedMs = performance.now();
  await runTasks(
    ['a', 'b', 'c'].map((name) => script(name, 'setTimeout(() => undefined, 400)')),
    { ...options, onDone: () => doneAtMs.push(performance.now() - startedMs) },
  );
  expect(doneAtMs[2]).toBeGreaterThan(800);
});
